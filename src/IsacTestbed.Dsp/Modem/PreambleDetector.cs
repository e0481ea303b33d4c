using System.Numerics;

namespace IsacTestbed.Dsp.Modem;

/// <summary>Finds the two periods of the preamble and measures where they are and how the carrier turns between them.</summary>
/// <remarks>
/// The statistic of position n is (|C(n)|^2 + |C(n + M)|^2) / (|t|^2 E(n)), where C is the correlation with one pulse-shaped period t of M
/// samples and E the energy of the 2 M samples from n. For white complex Gaussian noise it is the energy in two of 2 M orthonormal
/// directions over the energy in all, hence Beta(2, 2 M - 2) distributed whatever the noise power, which gives the threshold exactly. The
/// two periods are added without phase, so a carrier offset costs only the turning within one period. Not thread safe.
/// </remarks>
internal sealed class PreambleDetector
{
    private const int ChunkLength = 512;

    // Timing grid of the refinement, in samples around the strongest position.
    private const int GridStepsPerSample = 8;
    private const int GridReach = 12;

    private readonly float[] _templateRe;
    private readonly float[] _templateIm;
    private readonly float[][] _shiftedRe = new float[(2 * GridReach) + 1][];
    private readonly float[][] _shiftedIm = new float[(2 * GridReach) + 1][];
    private readonly double _templateEnergy;
    private readonly float[] _correlationRe;
    private readonly float[] _correlationIm;
    private readonly float[] _turnedRe;
    private readonly float[] _turnedIm;
    private readonly Rotator _rotator = new();

    public PreambleDetector(PacketFormat format, double falseAlarmProbability)
    {
        PeriodSamples = PacketLayout.PreamblePeriod * format.SamplesPerSymbol;
        Threshold = ThresholdFor(falseAlarmProbability, PeriodSamples);
        (_templateRe, _templateIm) = PeriodicWaveform(format, 0);
        for (int i = 0; i < PeriodSamples; i++)
        {
            _templateEnergy += ((double)_templateRe[i] * _templateRe[i]) + ((double)_templateIm[i] * _templateIm[i]);
        }

        for (int g = -GridReach; g <= GridReach; g++)
        {
            (_shiftedRe[g + GridReach], _shiftedIm[g + GridReach]) = PeriodicWaveform(format, (double)g / GridStepsPerSample);
        }

        _correlationRe = new float[ChunkLength + PeriodSamples];
        _correlationIm = new float[ChunkLength + PeriodSamples];
        _turnedRe = new float[2 * PeriodSamples];
        _turnedIm = new float[2 * PeriodSamples];
    }

    /// <summary>Samples of one period, M.</summary>
    public int PeriodSamples { get; }

    /// <summary>Threshold of the statistic.</summary>
    public double Threshold { get; }

    /// <summary>The threshold that white noise crosses with a given probability.</summary>
    public static double ThresholdFor(double falseAlarmProbability, int periodSamples)
    {
        int degrees = 2 * periodSamples;
        double low = 0, high = 1;
        for (int i = 0; i < 200 && high - low > 1e-15; i++)
        {
            double t = (low + high) / 2;
            double exceeded = Math.Pow(1 - t, degrees - 2) * (1 - t + ((degrees - 1) * t));
            (low, high) = exceeded > falseAlarmProbability ? (t, high) : (low, t);
        }

        return high;
    }

    /// <summary>Statistics of consecutive positions.</summary>
    /// <param name="re">Samples, real parts.</param>
    /// <param name="im">Samples, imaginary parts.</param>
    /// <param name="first">First position.</param>
    /// <param name="statistics">Receives one value per position, at most <see cref="MaximumChunk"/>.</param>
    public void Statistics(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int first, Span<float> statistics)
    {
        int period = PeriodSamples, count = statistics.Length;
        Span<float> cRe = _correlationRe.AsSpan(0, count + period), cIm = _correlationIm.AsSpan(0, count + period);
        int samples = count + (2 * period) - 1;
        ReadOnlySpan<float> x = re.Slice(first, samples), y = im.Slice(first, samples);
        FilterKernels.Correlate(_templateRe, _templateIm, x, y, cRe[..(count + period)], cIm[..(count + period)]);
        double energy = 0;
        for (int i = 0; i < (2 * period) - 1; i++)
        {
            energy += Power(x[i], y[i]);
        }

        for (int n = 0; n < count; n++)
        {
            double power = Power(x[n + (2 * period) - 1], y[n + (2 * period) - 1]);
            energy += power;
            double sum = Power(cRe[n], cIm[n]) + Power(cRe[n + period], cIm[n + period]);
            statistics[n] = energy > 0 ? (float)(sum / (_templateEnergy * energy)) : 0;
            energy = Math.Max(0, energy - Power(x[n], y[n]));
        }
    }

    /// <summary>Most positions of one call of <see cref="Statistics"/>.</summary>
    public static int MaximumChunk => ChunkLength;

    /// <summary>Finds the first crossing and takes the strongest position near it.</summary>
    /// <param name="first">First position to test.</param>
    /// <param name="end">One past the last; every tested position needs 2 M samples.</param>
    /// <param name="position">The strongest position.</param>
    public bool TryFind(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int first, int end, out int position)
    {
        Span<float> statistics = stackalloc float[ChunkLength];
        float best = 0;
        int limit = end;
        position = -1;
        for (int start = first; start < limit; start += ChunkLength)
        {
            Span<float> chunk = statistics[..Math.Min(ChunkLength, limit - start)];
            Statistics(re, im, start, chunk);
            for (int n = 0; n < chunk.Length && start + n < limit; n++)
            {
                if (chunk[n] <= Threshold || chunk[n] <= best)
                {
                    continue;
                }

                if (position < 0)
                {
                    // One matching period, or a part of one, may cross up to 2 M before both match; another M is for certainty.
                    limit = Math.Min(end, start + n + (3 * PeriodSamples));
                }

                (best, position) = (chunk[n], start + n);
            }
        }

        return position >= 0;
    }

    /// <summary>Measures delay and carrier offset around a position.</summary>
    /// <returns>The delay of the period's start with its fraction, in samples of the window, and the offset in cycles per sample.</returns>
    public (double Position, double CyclesPerSample) Refine(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int position)
    {
        int period = PeriodSamples;
        ReadOnlySpan<float> x = re.Slice(position, 2 * period), y = im.Slice(position, 2 * period);
        Complex firstPeriod = Correlation(GridReach, x[..period], y[..period]);
        Complex secondPeriod = Correlation(GridReach, x[period..], y[period..]);
        double turns = (secondPeriod * Complex.Conjugate(firstPeriod)).Phase / (2 * Math.PI * period);
        _rotator.Rotate(x, y, 0, -turns, _turnedRe, _turnedIm);

        Span<double> power = stackalloc double[(2 * GridReach) + 1];
        int best = 0;
        for (int g = 0; g < power.Length; g++)
        {
            Complex sum = Correlation(g, _turnedRe.AsSpan(0, period), _turnedIm.AsSpan(0, period))
                + Correlation(g, _turnedRe.AsSpan(period), _turnedIm.AsSpan(period));
            power[g] = (sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary);
            best = power[g] > power[best] ? g : best;
        }

        double vertex = 0;
        if (best > 0 && best < power.Length - 1)
        {
            double curvature = power[best - 1] - (2 * power[best]) + power[best + 1];
            vertex = curvature < 0 ? 0.5 * (power[best - 1] - power[best + 1]) / curvature : 0;
        }

        Complex start = Correlation(best, _turnedRe.AsSpan(0, period), _turnedIm.AsSpan(0, period));
        Complex end = Correlation(best, _turnedRe.AsSpan(period), _turnedIm.AsSpan(period));
        turns += (end * Complex.Conjugate(start)).Phase / (2 * Math.PI * period);
        return (position + ((best - GridReach + vertex) / GridStepsPerSample), turns);
    }

    private Complex Correlation(int grid, ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        (float ac, float ad) = FilterKernels.Dot(_shiftedRe[grid], re, im);
        (float bc, float bd) = FilterKernels.Dot(_shiftedIm[grid], re, im);
        return new Complex(ac + bd, ad - bc);
    }

    private static double Power(float re, float im) => ((double)re * re) + ((double)im * im);

    // One period in the middle of an endless repetition, delayed by a part of a sample.
    private static (float[] Re, float[] Im) PeriodicWaveform(PacketFormat format, double delay)
    {
        int rate = format.SamplesPerSymbol, span = PacketLayout.PulseHalfSpanSymbols;
        var re = new float[PacketLayout.PreamblePeriod * rate];
        var im = new float[re.Length];
        for (int i = 0; i < re.Length; i++)
        {
            double time = (i - delay) / rate, sumRe = 0, sumIm = 0;
            for (int k = (int)Math.Floor(time) - span; k <= (int)Math.Ceiling(time) + span; k++)
            {
                int symbol = (k + PacketLayout.PreamblePeriod) % PacketLayout.PreamblePeriod;
                (float zRe, float zIm) = PacketLayout.Preamble(symbol + PacketLayout.GuardSymbols);
                double pulse = RootRaisedCosine.At(time - k, format.RollOff) / Math.Sqrt(rate);
                sumRe += zRe * pulse;
                sumIm += zIm * pulse;
            }

            (re[i], im[i]) = ((float)sumRe, (float)sumIm);
        }

        return (re, im);
    }
}
