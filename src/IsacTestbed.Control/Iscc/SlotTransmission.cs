using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Modem;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Control.Iscc;

/// <summary>What one user sends in one slot: a sensing stream, and a packet or none, each with its beam.</summary>
/// <param name="User">The user.</param>
/// <param name="Slot">The slot.</param>
/// <param name="StartTick">Tick at which its waveforms begin.</param>
/// <param name="Advance">How it makes up for its delay.</param>
/// <param name="Sensing">The sensing waveform, with its beam.</param>
/// <param name="Data">The packet, with its beam; null for none.</param>
/// <param name="Packet">Number of the packet; -1 for none.</param>
/// <param name="DataSymbols">Symbols of the packet; those of the sensing stream where there is none.</param>
internal sealed record SlotTransmission(
    int User, int Slot, long StartTick, TimingAdvance Advance, BeamLayer Sensing, BeamLayer? Data, int Packet, int DataSymbols)
{
    /// <summary>The layers that are sent.</summary>
    public IReadOnlyList<BeamLayer> Layers => Data is null ? [Sensing] : [Data, Sensing];

    /// <summary>
    /// Energy that leaves the antennas, in joules: sum over antennas and samples of |sum over the layers of b x|^2 / (mean power x rate), since a
    /// layer of this mean power radiates |b|^2 watts. Everything counts that is on the air: preamble, pilots, the tails of the pulse, and the
    /// power that this slot's symbols happen to have.
    /// </summary>
    /// <param name="sampleRateHz">Samples per second.</param>
    public double RadiatedJoules(double sampleRateHz)
    {
        double energy = 0;
        foreach (BeamLayer one in Layers)
        {
            foreach (BeamLayer other in Layers)
            {
                int common = Math.Min(one.Waveform.Length, other.Waveform.Length);
                (double re, double im) = SplitComplex.InnerProduct(
                    one.Waveform.Real[..common],
                    one.Waveform.Imaginary[..common],
                    other.Waveform.Real[..common],
                    other.Waveform.Imaginary[..common]);
                Complex beams = one.Beam.Zip(other.Beam, (a, b) => Complex.Conjugate(a) * b).Aggregate(Complex.Zero, (sum, t) => sum + t);
                energy += (beams * new Complex(re, im)).Real / Math.Sqrt(one.MeanPower * other.MeanPower);
            }
        }

        return energy / sampleRateHz;
    }
}

/// <summary>One user's slot.</summary>
/// <param name="User">The user.</param>
/// <param name="Round">The round, which with the slot keys its sensing symbols.</param>
/// <param name="Slot">The slot.</param>
/// <param name="Tick">Tick at which the slot arrives at the access point.</param>
/// <param name="DelaySamples">The user's delay to the access point, as sounded.</param>
internal readonly record struct SlotOrder(int User, int Round, int Slot, long Tick, double DelaySamples);

/// <summary>Makes what users send in slots. Not thread safe.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="pulse">Pulse of the sensing streams, which is the modem's.</param>
internal sealed class SlotComposer(IsccScenario scenario, SymbolPulse pulse)
{
    /// <summary>Samples before a slot's nominal tick at which windows begin, and behind which nothing of it arrives.</summary>
    public int LeadSamples => scenario.Run.Sounding.MaxDelaySamples;

    /// <summary>Longest packet in samples of the radios.</summary>
    public int PacketSamples => scenario.Offload.SlotSamples - (2 * TimingAdvance.Margin) - (2 * LeadSamples);

    /// <summary>Composes one user's slot.</summary>
    /// <param name="order">Whose slot, and when.</param>
    /// <param name="plan">The beams.</param>
    /// <param name="band">The user's band.</param>
    /// <param name="message">What the user offloads; null for nothing.</param>
    /// <param name="packet">Which packet; -1 for none.</param>
    public SlotTransmission Compose(SlotOrder order, IsccPlan plan, UserBand band, OffloadMessage? message, int packet)
    {
        (int user, int slot) = (order.User, order.Slot);
        var advance = TimingAdvance.For(order.DelaySamples);
        int symbols = Symbols(band.AtModem(PacketSamples));
        (float[] re, float[] im) = band.ToRadio(Sense(user, order.Round, slot, symbols));
        var sensing = new BeamLayer(advance.Apply($"sensing-{slot}", re, im), PacketModulator.MeanPower, plan.SensingBeams[user]);
        BeamLayer? data = null;
        if (message is not null && packet >= 0)
        {
            (float[] Re, float[] Im) modulated = message.Modulate(packet);
            symbols = Symbols(modulated.Re.Length);
            (re, im) = band.ToRadio(modulated);
            data = new BeamLayer(advance.Apply($"data-{slot}", re, im), PacketModulator.MeanPower, plan.DataBeams[user]);
        }

        return new SlotTransmission(user, slot, order.Tick - advance.Ticks, advance, sensing, data, data is null ? -1 : packet, symbols);
    }

    // Symbols whose pulses fit into samples of the modem.
    private int Symbols(int samples) => ((samples - (2 * pulse.HalfSpanSamples) - 1) / pulse.SamplesPerSymbol) + 1;

    // Complex Gaussian symbols, as the paper has them.
    private (float[] Re, float[] Im) Sense(int user, int round, int slot, int symbols)
    {
        var random = new CounterRandom(scenario.Run.Seed, RandomPurpose.SensingSymbols, (uint)user, (uint)round);
        float[] symbolRe = new float[symbols], symbolIm = new float[symbols];
        double scale = Math.Sqrt(PacketModulator.MeanPower / 2);
        for (int n = 0; n < symbols; n++)
        {
            (double re, double im) = random.NormalPairAt(((ulong)slot << 32) + (ulong)n);
            (symbolRe[n], symbolIm[n]) = ((float)(scale * re), (float)(scale * im));
        }

        float[] sampleRe = new float[pulse.LengthInSamples(symbols)], sampleIm = new float[sampleRe.Length];
        pulse.Shape(symbolRe, symbolIm, 0, sampleRe, sampleIm);
        return (sampleRe, sampleIm);
    }
}
