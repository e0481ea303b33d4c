using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Iscc;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Modem;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Control.Tests.Iscc;

/// <summary>The users' bands: where they lie, and what of a user's signal is in the band of another.</summary>
public sealed class UserBandsTests
{
    private const int SlotSamples = 4096;
    private static readonly SymbolPulse Pulse = new(2);

    [Fact]
    public void Of_SharedBand_ConvertsNothing()
    {
        UserBand band = UserBands.Of(Plan(false, 1, 1), SlotSamples, Pulse)[1];
        (float[] Re, float[] Im) samples = ([0.5f, 0.25f], [0, 1]);
        var waveform = new Waveform("w", samples.Re, samples.Im);
        Assert.Same(samples.Re, band.ToRadio(samples).Re);
        Assert.Same(waveform, band.ToModem(waveform));
        Assert.Equal((1.0, 777, 777), (band.Share, band.AtRadio(777), band.AtModem(777)));
    }

    [Theory]
    [InlineData(4096, 13e6, 7e6)]
    [InlineData(8192, 1e6, 2e6, 4e6)]
    [InlineData(3000, 0.3, 0.3, 0.3, 0.1)]
    public void Of_DividedBand_GivesEachItsShareOfTheSameSpectrum(int slotSamples, params double[] bandwidths)
    {
        var bands = UserBands.Of(Plan(true, bandwidths), slotSamples, Pulse);
        int period = (int)BitOperations.RoundUpToPowerOf2((uint)slotSamples);
        double edge = -(1 + Pulse.RollOff) / (2 * Pulse.SamplesPerSymbol), sum = 0;
        for (int k = 0; k < bandwidths.Length; k++)
        {
            // Shares to a bin of the modem's rate; centres to half a bin beside that.
            double share = bandwidths[k] / bandwidths.Sum(), width = (1 + Pulse.RollOff) / Pulse.SamplesPerSymbol * share;
            Assert.Equal(share, bands[k].Share, 1.0 / period);
            Assert.Equal(edge + (width / 2), bands[k].CentreCyclesPerSample, 1.5 / period);
            Assert.All(Enumerable.Range(0, bandwidths.Length), j => Assert.Equal(j == k, bands.Meet(j, k)));
            edge += width;
            sum += bands[k].Share;
        }

        Assert.Equal(1, sum, 1e-12);
    }

    [Theory]
    [InlineData(1e6, 1e6)]
    [InlineData(5e6, 3e6)]
    public void AtRadio_IsTheShortestThatHoldsTheModemsSamples(params double[] bandwidths)
    {
        UserBand band = UserBands.Of(Plan(true, bandwidths), SlotSamples, Pulse)[0];
        foreach (int samples in (int[])[1, 2, 41, 500, 1999])
        {
            int radio = band.AtRadio(samples);
            Assert.Equal(samples, band.AtModem(radio));
            Assert.True(samples == 1 || band.AtModem(radio - 1) == samples - 1);
        }
    }

    [Fact]
    public void Of_BandTooNarrowForAPulse_SaysWhoseAndWhatHelps()
    {
        var refused = Assert.Throws<ConfigurationException>(() => UserBands.Of(Plan(true, 1, 1000), SlotSamples, Pulse));
        Assert.Contains(
            "offload.slotSamples: found 4096; the 0.0999 % of the band that the plan gives to user 0 make 4 samples",
            refused.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.35)]
    [InlineData(0.8)]
    public void Compose_InSubBands_KeepsOutOfTheOthersBand(double share)
    {
        IsccScenario scenario = IsccBench.Scenario();
        IsccPlan plan = Plan(true, share, 1 - share);
        var bands = UserBands.Of(plan, scenario.Offload.SlotSamples, Pulse);
        var composer = new SlotComposer(scenario, Pulse);
        for (int k = 0; k < 2; k++)
        {
            // Gaussian symbols; the delay has a fraction, so that the stored waveform has been moved between samples too.
            SlotTransmission slot = composer.Compose(new SlotOrder(k, 0, 0, 100_000, 3.37), plan, bands[k], null, -1);
            double own = SymbolPower(bands[k], slot.Sensing), other = SymbolPower(bands[1 - k], slot.Sensing);

            // Some 700 exponentials at least, a deviation of 4 %.
            Assert.Equal(1, own, 0.2);
            Assert.True(other < 1e-8 * own, $"user {k}: {10 * Math.Log10(other / own)} dB");

            // What radiates is the planned power for the time of the symbols.
            double seconds = slot.DataSymbols * Pulse.SamplesPerSymbol / (bands[k].Share * scenario.Run.Radio.SampleRateHz);
            Assert.Equal(1, slot.RadiatedJoules(scenario.Run.Radio.SampleRateHz) / seconds, 0.2);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.42)]
    public void ToModem_OfToRadio_GivesAPacketBackUpToTheCutOfItsPulse(double share)
    {
        UserBand band = UserBands.Of(Plan(true, share, 1 - share), SlotSamples, Pulse)[0];
        var modulator = new PacketModulator(new PacketFormat(Modulation.Qam16, CodeRate.ThreeQuarters));
        byte[] payload = [.. Enumerable.Range(0, 40).Select(n => (byte)(n * 37))];
        float[] re = new float[modulator.LengthInSamples(payload.Length)], im = new float[re.Length];
        modulator.Modulate(payload, 1, 2, re, im);
        (float[] radioRe, float[] radioIm) = band.ToRadio((re, im));
        Assert.Equal(band.AtRadio(re.Length), radioRe.Length);
        (float[] backRe, float[] backIm) = band.ToModem(radioRe, radioIm);
        Assert.Equal(re.Length, backRe.Length);
        double error = re.Zip(backRe, (a, b) => (a - b) * (a - b)).Sum() + im.Zip(backIm, (a, b) => (a - b) * (a - b)).Sum();
        double relative = 10 * Math.Log10(error / SplitComplex.Energy(re, im));

        // What the pulse, cut at ten symbols, has outside its band is not sent.
        Assert.InRange(relative, -70, -40);
    }

    // Mean power of a waveform's symbols behind the filters of a band; unit for its own.
    private static double SymbolPower(UserBand band, BeamLayer layer)
    {
        BeamLayer received = layer with { Waveform = band.ToModem(layer.Waveform) };
        int symbols = (received.Waveform.Length - (2 * Pulse.HalfSpanSamples)) / Pulse.SamplesPerSymbol;
        (float[] re, float[] im) = received.SymbolsAt(Pulse, Pulse.HalfSpanSamples + (band.Share * TimingAdvance.Margin), symbols);
        return SplitComplex.Energy(re, im) / symbols;
    }

    // Users of one element that send with a watt.
    internal static IsccPlan Plan(bool orthogonal, params double[] bandwidths)
    {
        Complex[][] one = [.. bandwidths.Select(_ => new Complex[] { 1 })];
        double[] zeros = new double[bandwidths.Length];
        return new IsccPlan(zeros, one, one, one, one, zeros, zeros, bandwidths, orthogonal);
    }
}
