using IsacTestbed.Core;
using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Dsp.Tests.Waveforms;

/// <summary>Symbols through the pulse and back.</summary>
public sealed class SymbolPulseTests
{
    private const int Count = 400;

    [Theory]
    [InlineData(2, 0, 0)]
    [InlineData(2, 0.4, 0)]
    [InlineData(4, -0.3, 7)]
    [InlineData(2, -0.5, 30)]
    public void Match_OfShape_GivesTheSymbolsBack(int samplesPerSymbol, double delay, int whole)
    {
        var pulse = new SymbolPulse(samplesPerSymbol);
        (float[] re, float[] im) = Symbols(1);
        float[] sampleRe = new float[pulse.LengthInSamples(Count)], sampleIm = new float[sampleRe.Length];
        pulse.Shape(re, im, delay, sampleRe, sampleIm);
        float[] lateRe = new float[sampleRe.Length + whole], lateIm = new float[lateRe.Length];
        sampleRe.CopyTo(lateRe, whole);
        sampleIm.CopyTo(lateIm, whole);
        float[] backRe = new float[Count], backIm = new float[Count];
        pulse.Match(lateRe, lateIm, pulse.HalfSpanSamples + whole + delay, backRe, backIm);

        // What is left is the cut of the pulse at ten symbols: some -50 dB.
        double error = Enumerable.Range(0, Count).Sum(n => Math.Pow(backRe[n] - re[n], 2) + Math.Pow(backIm[n] - im[n], 2)) / Count;
        Assert.InRange(error, 0, 3e-5);
    }

    [Fact]
    public void Shape_UnitSymbols_HaveUnitMeanPower()
    {
        var pulse = new SymbolPulse(2);
        (float[] re, float[] im) = Symbols(2);
        float[] sampleRe = new float[pulse.LengthInSamples(Count)], sampleIm = new float[sampleRe.Length];
        pulse.Shape(re, im, 0, sampleRe, sampleIm);

        // The energy of symbols on the unit circle is 400; neighbours overlap between their instants and add or cancel, without a mean.
        Assert.Equal(1, SplitComplex.Energy(sampleRe, sampleIm) / (2.0 * Count), 0.05);
    }

    [Fact]
    public void Match_Noise_KeepsItsShareOfTheBand()
    {
        var pulse = new SymbolPulse(4);
        var random = new CounterRandom(3, RandomPurpose.Test);
        float[] re = new float[80_000], im = new float[re.Length];
        for (int n = 0; n < re.Length; n++)
        {
            (double a, double b) = random.NormalPairAt((ulong)n);
            (re[n], im[n]) = ((float)a, (float)b);
        }

        float[] outRe = new float[19_000], outIm = new float[19_000];
        pulse.Match(re, im, 100.3, outRe, outIm);

        // Variance 2 per sample over four samples per symbol; 19,000 exponentials have a relative deviation of 0.7 %.
        Assert.Equal(0.5, SplitComplex.Energy(outRe, outIm) / 19_000, 0.5 * 0.036);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(-0.1)]
    public void PowerAtOffset_IsWhatTheFilterTakesIn(double offset)
    {
        var pulse = new SymbolPulse(2);
        const int many = 20_000;
        float[] re = new float[many], im = new float[many];
        var random = new CounterRandom(4, RandomPurpose.Test);
        for (int n = 0; n < many; n++)
        {
            (re[n], im[n]) = Quarter(random.IntegerAt((ulong)n, 4));
        }

        float[] sampleRe = new float[pulse.LengthInSamples(many)], sampleIm = new float[sampleRe.Length];
        pulse.Shape(re, im, 0, sampleRe, sampleIm);
        float[] outRe = new float[many], outIm = new float[many];
        pulse.Match(sampleRe, sampleIm, pulse.HalfSpanSamples + (2 * offset), outRe, outIm);

        // Correlated over some ten symbols: a deviation of at most sqrt(10 / 20,000) = 2 %.
        Assert.Equal(pulse.PowerAtOffset(offset), (SplitComplex.Energy(outRe, outIm)) / many, 0.05);
        Assert.InRange(pulse.PowerAtOffset(offset), 0.87, 1);
    }

    [Theory]
    [InlineData(0.37)]
    [InlineData(-0.5)]
    [InlineData(0)]
    public void Delay_IsThatOfThePulse(double delay)
    {
        var pulse = new SymbolPulse(2);
        (float[] re, float[] im) = Symbols(5);
        int length = pulse.LengthInSamples(Count);
        float[] plainRe = new float[length], plainIm = new float[length], wantedRe = new float[length], wantedIm = new float[length];
        pulse.Shape(re, im, 0, plainRe, plainIm);
        pulse.Shape(re, im, delay, wantedRe, wantedIm);
        float[] shiftedRe = new float[length + (2 * BandLimitedShift.Margin)], shiftedIm = new float[shiftedRe.Length];
        BandLimitedShift.Delay(plainRe, plainIm, delay, shiftedRe, shiftedIm);
        double error = Enumerable.Range(0, length).Sum(
            n => Math.Pow(shiftedRe[BandLimitedShift.Margin + n] - wantedRe[n], 2) + Math.Pow(shiftedIm[BandLimitedShift.Margin + n] - wantedIm[n], 2));
        Assert.InRange(error / (2.0 * Count), 0, 1e-5);
    }

    [Fact]
    public void Match_OutsideTheSamples_SeesZeros()
    {
        var pulse = new SymbolPulse(2);
        float[] outRe = new float[5], outIm = new float[5];
        pulse.Match([1, 1, 1], [0, 0, 0], -500, outRe, outIm);
        Assert.All(outRe, v => Assert.Equal(0, v));
        pulse.Match([], [], 0, outRe, outIm);
        Assert.All(outRe, v => Assert.Equal(0, v));
    }

    private static (float[] Re, float[] Im) Symbols(ulong seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test);
        (float Re, float Im)[] all = [.. Enumerable.Range(0, Count).Select(n => Quarter(random.IntegerAt((ulong)n, 4)))];
        return ([.. all.Select(s => s.Re)], [.. all.Select(s => s.Im)]);
    }

    private static (float Re, float Im) Quarter(int quarter)
    {
        (double sine, double cosine) = Math.SinCos(Math.PI / 2 * quarter);
        return ((float)cosine, (float)sine);
    }
}
