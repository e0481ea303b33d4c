using System.Numerics;
using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Dsp.Tests.Waveforms;

/// <summary>A sub-band: what it passes, what it stops, and where in time and frequency it puts it.</summary>
public sealed class SubBandTests
{
    private const int Period = 4096;

    public static TheoryData<int, int, int, int> Bands => new()
    {
        // Samples, centre, first bin and bins: a power of two, an odd number, a prime, and a band with its centre off its middle.
        { 1024, 512, 192, 640 },
        { 1463, -549, -1006, 914 },
        { 701, 1000, 781, 438 },
        { 2000, -300, -1200, 1500 },
        { 4096, 0, -2048, 4096 },
    };

    [Theory]
    [MemberData(nameof(Bands))]
    public void Lower_OfRaise_GivesTheStreamBack(int samples, int centre, int first, int bins)
    {
        var band = new SubBand(Period, samples, centre, first, bins);
        (float[] re, float[] im) = InBand(band, 1);
        (float[] highRe, float[] highIm) = Raise(band, re, im);
        (float[] backRe, float[] backIm) = Lower(band, highRe, highIm);

        // Two pairs of transforms in single precision, of a prime length by a convolution: some 1e-7 each.
        Assert.InRange(TestSignals.RelativeError(TestSignals.ToComplex(re, im), backRe, backIm), 0, 3e-6);

        // A stream keeps its mean power at whatever rate it is sampled.
        Assert.Equal(SplitComplex.Energy(re, im) / samples, SplitComplex.Energy(highRe, highIm) / Period, 1e-5 * SplitComplex.Energy(re, im) / samples);
    }

    [Theory]
    [MemberData(nameof(Bands))]
    public void Raise_Tone_KeepsItsAmplitudeAndMovesToItsPlace(int samples, int centre, int first, int bins)
    {
        var band = new SubBand(Period, samples, centre, first, bins);
        foreach (int bin in (int[])[first, first + (bins / 3), centre, first + bins - 1])
        {
            (float[] re, float[] im) = Tone(samples, bin - centre);
            (float[] highRe, float[] highIm) = Raise(band, re, im);
            (float[] wantedRe, float[] wantedIm) = Tone(Period, bin);
            Assert.InRange(TestSignals.RelativeError(TestSignals.ToComplex(wantedRe, wantedIm), highRe, highIm), 0, 3e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Bands))]
    public void Lower_OutsideTheBand_LeavesNothing(int samples, int centre, int first, int bins)
    {
        // The neighbouring bins are as far away as the far ones: there is no transition. A band of all bins stops none.
        var band = new SubBand(Period, samples, centre, first, bins);
        foreach (int bin in ((int[])[first - 1, first + bins, -Period / 2, (Period / 2) - 1]).Where(b => b < first || b >= first + bins))
        {
            if (bin < -Period / 2 || bin >= Period / 2)
            {
                continue;
            }

            (float[] re, float[] im) = Tone(Period, bin);
            (float[] lowRe, float[] lowIm) = Lower(band, re, im);
            double leaked = SplitComplex.Energy(lowRe, lowIm) / samples;
            Assert.True(leaked < 1e-11, $"bin {bin}: {10 * Math.Log10(leaked)} dB");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(-5)]
    public void Lower_DelayedSignal_IsDelayedByTheShareAndTurnedAtTheCentre(int delay)
    {
        // A delay d of the band is one of d n / N of the stream, and exp(-j 2 pi c d / N): coefficients that hold at the carrier turn by the centre's
        // frequency times the delay.
        var band = new SubBand(Period, 1463, -549, -1006, 914);
        (float[] re, float[] im) = InBand(band, 2);
        (float[] highRe, float[] highIm) = Raise(band, re, im);
        int first = ((delay % Period) + Period) % Period;
        float[] lateRe = [.. highRe[^first..], .. highRe[..^first]], lateIm = [.. highIm[^first..], .. highIm[..^first]];
        (float[] lowRe, float[] lowIm) = Lower(band, lateRe, lateIm);
        var turn = Complex.FromPolarCoordinates(1, -2 * Math.PI * band.CentreBin * delay / Period);
        Complex[] wanted = [.. Delayed(re, im, delay * band.RateShare).Select(x => turn * x)];
        Assert.InRange(TestSignals.RelativeError(wanted, lowRe, lowIm), 0, 1e-5);
    }

    [Fact]
    public void Lower_WhiteNoise_KeepsItsShareOfTheBins()
    {
        var band = new SubBand(Period, 1463, -549, -1006, 914);
        (float[] re, float[] im) = TestSignals.Noise(Period, 3);
        (float[] lowRe, float[] lowIm) = Lower(band, re, im);

        // The mean of 914 exponentials: a deviation of 3.3 %, of which five are taken.
        double share = 914.0 / Period;
        Assert.Equal(share, SplitComplex.Energy(lowRe, lowIm) / lowRe.Length, 0.165 * share);
    }

    [Theory]
    [InlineData(0.3, 0.7)]
    [InlineData(0.5, 0.5)]
    [InlineData(0.85, 0.15)]
    public void Raise_BurstsSideBySide_LeaveEachOtherAlone(double own, double other)
    {
        // The modem's pulse in both, cut at ten symbols: what it has outside its band is stopped where it leaves, and what is left in the neighbour
        // comes from where the burst is cut in time.
        (SubBand low, SubBand high) = SideBySide(own, other);
        double stopped = LeakageDb(low, high, low), back = LeakageDb(high, low, high);

        // A sub-band that passed all that its rate holds would let the cut of the pulse through to the neighbour's filter.
        double open = LeakageDb(low, high, new SubBand(Period, low.Samples, low.CentreBin, low.CentreBin - (low.Samples / 2), low.Samples));
        Assert.True(stopped < -75 && back < -75, $"{stopped} dB up, {back} dB down");
        Assert.InRange(open, -70, -50);
    }

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(4097, 0, 0, 1)]
    [InlineData(100, 0, 0, 0)]
    [InlineData(100, 0, -51, 20)]
    [InlineData(100, 0, 30, 21)]
    [InlineData(100, 2040, 2030, 19)]
    [InlineData(100, -2040, -2049, 10)]
    public void Constructor_WhatTheRateCannotHold_IsRefused(int samples, int centre, int first, int bins) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SubBand(Period, samples, centre, first, bins));

    [Fact]
    public void Move_MoreThanAPeriod_IsRefused()
    {
        var band = new SubBand(Period, 100, 0, -40, 80);
        Assert.Throws<ArgumentException>(() => band.Raise(new float[101], new float[101], new float[10], new float[10]));
        Assert.Throws<ArgumentException>(() => band.Lower(new float[10], new float[10], new float[101], new float[101]));
        Assert.Throws<ArgumentException>(() => band.Lower(new float[10], new float[9], new float[10], new float[10]));
    }

    // Power of a burst in the neighbour's symbols over that in its own, both of unit power, behind the neighbour's filter.
    private static double LeakageDb(SubBand sender, SubBand neighbour, SubBand passed)
    {
        var pulse = new SymbolPulse(2);
        int symbols = ((sender.Samples - (4 * pulse.HalfSpanSamples)) / 2) + 1;
        (float[] symbolRe, float[] symbolIm) = TestSignals.Noise(symbols, 4);
        float[] re = new float[pulse.LengthInSamples(symbols)], im = new float[re.Length];
        pulse.Shape(symbolRe, symbolIm, 0, re, im);
        int length = (int)Math.Ceiling((re.Length - 1) / sender.RateShare) + 1;
        float[] highRe = new float[length], highIm = new float[length];
        passed.Raise(re, im, highRe, highIm);

        // Somewhere within the window, so that no cut falls on a sample of the neighbour.
        const int start = 29;
        float[] windowRe = [.. new float[start], .. highRe], windowIm = [.. new float[start], .. highIm];
        (float[] lowRe, float[] lowIm) = Lower(neighbour, windowRe, windowIm);
        int instants = (neighbour.Samples - (2 * pulse.HalfSpanSamples)) / 2;
        float[] outRe = new float[instants], outIm = new float[instants];
        pulse.Match(lowRe, lowIm, pulse.HalfSpanSamples, outRe, outIm);
        return 10 * Math.Log10(SplitComplex.Energy(outRe, outIm) / instants);
    }

    private static (SubBand Low, SubBand High) SideBySide(double own, double other)
    {
        const double occupied = 1.25 / 2 * Period;
        int lower = (int)Math.Round(Period * own / (own + other)), edge = (int)Math.Round((lower * 0.625) - (occupied / 2));
        int bottom = (int)(-occupied / 2), top = (int)(occupied / 2);
        return (
            new SubBand(Period, lower, (bottom + edge) / 2, bottom, edge - bottom),
            new SubBand(Period, Period - lower, (edge + top) / 2, edge, top - edge));
    }

    // A stream of the period that fills the band's bins.
    private static (float[] Re, float[] Im) InBand(SubBand band, uint entity)
    {
        (float[] re, float[] im) = TestSignals.Noise(Period, entity);
        return Lower(band, re, im);
    }

    private static (float[] Re, float[] Im) Raise(SubBand band, float[] re, float[] im)
    {
        float[] outRe = new float[band.Period], outIm = new float[band.Period];
        band.Raise(re, im, outRe, outIm);
        return (outRe, outIm);
    }

    private static (float[] Re, float[] Im) Lower(SubBand band, float[] re, float[] im)
    {
        float[] outRe = new float[band.Samples], outIm = new float[band.Samples];
        band.Lower(re, im, outRe, outIm);
        return (outRe, outIm);
    }

    private static (float[] Re, float[] Im) Tone(int length, int bin)
    {
        Complex[] all = [.. Enumerable.Range(0, length).Select(n => Complex.FromPolarCoordinates(1, 2 * Math.PI * ((long)bin * n % length) / length))];
        return ([.. all.Select(x => (float)x.Real)], [.. all.Select(x => (float)x.Imaginary)]);
    }

    // The shift theorem in double, by the definition of the transform: the oracle.
    private static Complex[] Delayed(float[] re, float[] im, double delay)
    {
        int length = re.Length;
        Complex[] turns = [.. Enumerable.Range(0, length).Select(n => Complex.FromPolarCoordinates(1, 2 * Math.PI * n / length))];
        Complex[] spectrum = new Complex[length], delayed = new Complex[length];
        for (int k = 0; k < length; k++)
        {
            for (int n = 0; n < length; n++)
            {
                spectrum[k] += new Complex(re[n], im[n]) * Complex.Conjugate(turns[(int)((long)k * n % length)]);
            }

            int frequency = k <= (length - 1) / 2 ? k : k - length;
            spectrum[k] *= Complex.FromPolarCoordinates(1.0 / length, -2 * Math.PI * frequency * delay / length);
        }

        for (int n = 0; n < length; n++)
        {
            for (int k = 0; k < length; k++)
            {
                delayed[n] += spectrum[k] * turns[(int)((long)k * n % length)];
            }
        }

        return delayed;
    }
}
