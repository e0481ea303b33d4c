using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Chains;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Control.Iscc;

/// <summary>What one window of one slot measured, until it is judged.</summary>
/// <param name="Receiver">The radio.</param>
/// <param name="Slot">The slot.</param>
/// <param name="Flags">Degradations of the window.</param>
/// <param name="HasGap">Whether samples are missing.</param>
/// <param name="Streams">At the access point: per user the meter of its data, null for none. At a user: one meter, of its own sensing stream.</param>
/// <param name="Separators">At a user: per user's echo combiner, what each stream is behind it. Empty at the access point.</param>
internal sealed record SlotReading(
    string Receiver, int Slot, CaptureFlags Flags, bool HasGap, IReadOnlyList<StreamMeter?> Streams, IReadOnlyList<StreamSeparator> Separators);

/// <summary>Reads the SINRs of slots from the windows of the access point and of the users. Not thread safe.</summary>
/// <param name="plan">The plan that is executed.</param>
/// <param name="delays">Delay from user (first index) to user (second), as sounded.</param>
/// <param name="pulse">Pulse of all streams.</param>
internal sealed class SlotMeters(IsccPlan plan, double[,] delays, SymbolPulse pulse)
{
    private readonly ArrayCombiner _combiner = new();

    /// <summary>The data streams of a slot behind the access point's combiners. All arrive at one tick.</summary>
    /// <param name="receiver">The access point.</param>
    /// <param name="window">Its window.</param>
    /// <param name="windowTick">Tick of its first sample.</param>
    /// <param name="slotTick">Tick at which the slot arrives.</param>
    /// <param name="sent">What the users sent.</param>
    public SlotReading AtAccessPoint(string receiver, CapturedWindow window, long windowTick, long slotTick, IReadOnlyList<SlotTransmission> sent)
    {
        int symbols = sent.Min(t => t.DataSymbols);
        var meters = new StreamMeter?[plan.Offloading.Count];
        foreach (SlotTransmission own in sent.Where(t => t.Data is not null))
        {
            _combiner.Combine(window, plan.ApCombiners[own.User]);
            (float[] re, float[] im) = Observe(slotTick - windowTick + FirstInstant(0), symbols);
            (float[] knownRe, float[] knownIm) = own.Data!.SymbolsAt(pulse, FirstInstant(own.Advance.Fraction), symbols);
            meters[own.User] = new StreamMeter();
            meters[own.User]!.Add(Payload(re), Payload(im), Payload(knownRe), Payload(knownIm));
        }

        return new SlotReading(receiver, sent[0].Slot, window.Flags, window.HasGap, meters, []);
    }

    /// <summary>The echoes of a slot at one user: its own sensing stream, and every stream behind every user's echo combiner.</summary>
    /// <param name="receiver">The user's radio.</param>
    /// <param name="user">The user.</param>
    /// <param name="window">Its window.</param>
    /// <param name="windowTick">Tick of its first sample.</param>
    /// <param name="sent">What the users sent; all of them.</param>
    public SlotReading AtUser(string receiver, int user, CapturedWindow window, long windowTick, IReadOnlyList<SlotTransmission> sent)
    {
        int symbols = sent.Min(t => t.DataSymbols);
        SlotTransmission own = sent.Single(t => t.User == user);

        // The instant of the own echo's first symbol, and from it what every stream was when it left.
        double instant = own.StartTick + FirstInstant(own.Advance.Fraction) + delays[user, user];
        (float[] Re, float[] Im)[] known =
        [
            .. sent.SelectMany(t => t.Layers.Select(
                layer => layer.SymbolsAt(pulse, instant - delays[t.User, user] - t.StartTick, symbols))),
        ];
        int ownSensing = sent.TakeWhile(t => t.User != user).Sum(t => t.Layers.Count) + own.Layers.Count - 1;
        var meter = new StreamMeter();
        var separators = new StreamSeparator[plan.Offloading.Count];
        for (int k = 0; k < separators.Length; k++)
        {
            _combiner.Combine(window, plan.UeCombiners[k]);
            (float[] re, float[] im) = Observe(instant - windowTick, symbols);
            separators[k] = new StreamSeparator(known.Length);
            separators[k].Add(re, im, known);
            if (k == user)
            {
                meter.Add(Payload(re), Payload(im), Payload(known[ownSensing].Re), Payload(known[ownSensing].Im));
            }
        }

        return new SlotReading(receiver, own.Slot, window.Flags, window.HasGap, [meter], separators);
    }

    // Samples from a waveform's first to the instant of its first symbol.
    private double FirstInstant(double fraction) => TimingAdvance.Margin + pulse.HalfSpanSamples + fraction;

    // Preamble, header and pilots are the same in the packets of all users, so that behind a combiner they add up in amplitude and not in power. (7)
    // and (8) are about symbols that have nothing to do with each other: those of the payload.
    private static float[] Payload(float[] symbols)
    {
        const int header = PacketLayout.PreambleSymbols + PacketLayout.HeaderSymbols + (PacketLayout.HeaderSymbols / (PacketLayout.PilotSpacing - 1)) + 1;
        return [.. symbols.Skip(header).Where((_, n) => (header - PacketLayout.PreambleSymbols + n) % PacketLayout.PilotSpacing != 0)];
    }

    private (float[] Re, float[] Im) Observe(double firstInstant, int symbols)
    {
        float[] re = new float[symbols], im = new float[symbols];
        pulse.Match(_combiner.Real, _combiner.Imaginary, firstInstant, re, im);
        return (re, im);
    }
}
