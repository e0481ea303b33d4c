using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Waveforms;

/// <summary>Sensing pulses, written into the caller's spans with unit mean power: sum |x|^2 = n.</summary>
/// <remarks>Phases are computed in double and reduced before the sine is taken. Thread safe.</remarks>
public static class Pulses
{
    /// <summary>A linear-FM pulse (chirp): x(n) = exp(i pi B (n - (N-1)/2)^2 / N), which sweeps B cycles per sample in all, centred on
    /// zero.</summary>
    /// <param name="bandwidthPerSample">B, swept bandwidth over sample rate, in [-1, 1]; negative sweeps downwards.</param>
    /// <param name="re">N floats.</param>
    /// <param name="im">N floats.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bandwidth is outside [-1, 1].</exception>
    /// <exception cref="ArgumentException">Lengths differ or are zero.</exception>
    public static void LinearFm(double bandwidthPerSample, Span<float> re, Span<float> im)
    {
        Check(re, im);
        if (!(Math.Abs(bandwidthPerSample) <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(bandwidthPerSample), bandwidthPerSample,
                "The swept bandwidth cannot exceed the sample rate.");
        }

        int length = re.Length;
        for (int n = 0; n < length; n++)
        {
            double time = n - ((length - 1) / 2.0);
            SetPhasor(bandwidthPerSample * time * time / (2.0 * length), n, re, im);
        }
    }

    /// <summary>A Zadoff-Chu sequence: x(n) = exp(-i pi u n (n + N mod 2) / N).</summary>
    /// <remarks>
    /// Constant amplitude, and its circular autocorrelation is zero at every lag but 0 (Chu, "Polyphase codes with good periodic
    /// correlation properties", 1972). Two roots u, v of an odd N with u - v prime to N correlate with magnitude sqrt(N) at every lag.
    /// </remarks>
    /// <param name="root">u, prime to N.</param>
    /// <param name="re">N floats.</param>
    /// <param name="im">N floats.</param>
    /// <exception cref="ArgumentException">The root has a common divisor with N, or lengths differ or are zero.</exception>
    public static void ZadoffChu(int root, Span<float> re, Span<float> im)
    {
        Check(re, im);
        int length = re.Length;
        if (GreatestCommonDivisor(Math.Abs((long)root), length) != 1)
        {
            throw new ArgumentException($"The root {root} and the length {length} must have no common divisor.", nameof(root));
        }

        long turn = 2L * length;
        for (long n = 0; n < length; n++)
        {
            long square = n * (n + (length & 1)) % turn;
            SetPhasor(-(double)(long)((Int128)root * square % turn) / turn, (int)n, re, im);
        }
    }

    /// <summary>One OFDM symbol as a sensing pulse: x = IDFT of K occupied subcarriers with Newman phases, preceded by a cyclic
    /// prefix.</summary>
    /// <remarks>
    /// x(n) = K^(-1/2) sum_k exp(i pi k^2 / K) exp(2 pi i f_k (n - P) / M), with M = n - P points, subcarriers f_k around zero without
    /// zero itself. Newman's phases keep the peak-to-average power between 3 and 4 dB (Boyd, "Multitone signals with low crest factor",
    /// 1986). Mean power over the symbol without prefix is one.
    /// </remarks>
    /// <param name="subcarriers">K, 1 to M - 1.</param>
    /// <param name="prefix">P, samples of cyclic prefix, 0 to M.</param>
    /// <param name="re">P + M floats.</param>
    /// <param name="im">P + M floats.</param>
    /// <exception cref="ArgumentOutOfRangeException">K or P is outside its range.</exception>
    /// <exception cref="ArgumentException">Lengths differ or are zero.</exception>
    public static void Ofdm(int subcarriers, int prefix, Span<float> re, Span<float> im)
    {
        Check(re, im);
        ArgumentOutOfRangeException.ThrowIfNegative(prefix);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefix, re.Length / 2);
        int points = re.Length - prefix;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(subcarriers);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(subcarriers, points);
        Span<float> bodyRe = re[prefix..], bodyIm = im[prefix..];
        bodyRe.Clear();
        bodyIm.Clear();
        double amplitude = 1 / Math.Sqrt(subcarriers);
        for (int k = 0; k < subcarriers; k++)
        {
            int below = subcarriers / 2;
            int frequency = k < below ? k - below : k - below + 1;
            int bin = frequency < 0 ? frequency + points : frequency;
            (double sine, double cosine) = Math.SinCos(Math.PI * ((long)k * k % (2L * subcarriers)) / subcarriers);
            bodyRe[bin] = (float)(amplitude * cosine);
            bodyIm[bin] = (float)(amplitude * sine);
        }

        FftPlan plan = new(points);
        plan.InverseUnscaled(bodyRe, bodyIm, new float[plan.ScratchLength], bodyRe, bodyIm);
        bodyRe[^prefix..].CopyTo(re);
        bodyIm[^prefix..].CopyTo(im);
    }

    /// <summary>Row k of the DFT matrix: x(n) = exp(2 pi i k n / N). Rows are orthogonal.</summary>
    /// <param name="row">k, 0 to N - 1.</param>
    /// <param name="re">N floats.</param>
    /// <param name="im">N floats.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="ArgumentException">Lengths differ or are zero.</exception>
    public static void DftRow(int row, Span<float> re, Span<float> im)
    {
        Check(re, im);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, re.Length);
        for (int n = 0; n < re.Length; n++)
        {
            SetPhasor((double)((long)row * n % re.Length) / re.Length, n, re, im);
        }
    }

    /// <summary>Row k of the Walsh-Hadamard matrix in natural order: x(n) = (-1)^(number of ones in k AND n). Rows are
    /// orthogonal.</summary>
    /// <param name="row">k, 0 to N - 1.</param>
    /// <param name="re">N floats, N a power of two.</param>
    /// <param name="im">N floats, set to zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="ArgumentException">Lengths differ or are not a power of two.</exception>
    public static void WalshRow(int row, Span<float> re, Span<float> im)
    {
        Check(re, im);
        if (!System.Numerics.BitOperations.IsPow2(re.Length))
        {
            throw new ArgumentException($"A Walsh row has a power of two of chips, not {re.Length}.", nameof(re));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, re.Length);
        im.Clear();
        for (int n = 0; n < re.Length; n++)
        {
            re[n] = (System.Numerics.BitOperations.PopCount((uint)(row & n)) & 1) == 0 ? 1 : -1;
        }
    }

    /// <summary>A pulse repeated with a code: sample n of chip c is pulse(n) times code(c), so pulses with orthogonal codes are
    /// orthogonal.</summary>
    /// <param name="codeRe">C chips, such as a <see cref="DftRow"/> or a <see cref="WalshRow"/>.</param>
    /// <param name="codeIm">C chips.</param>
    /// <param name="pulseRe">Pulse, n floats.</param>
    /// <param name="pulseIm">Pulse, n floats.</param>
    /// <param name="outRe">C n floats; overlaps no input.</param>
    /// <param name="outIm">C n floats; overlaps no input.</param>
    /// <exception cref="ArgumentException">Lengths do not agree or spans overlap.</exception>
    public static void Spread(
        ReadOnlySpan<float> codeRe, ReadOnlySpan<float> codeIm, ReadOnlySpan<float> pulseRe, ReadOnlySpan<float> pulseIm,
        Span<float> outRe, Span<float> outIm)
    {
        SpanRules.SameLength(codeRe, codeIm, nameof(codeIm));
        SpanRules.SameLength(pulseRe, pulseIm, nameof(pulseIm));
        int length = pulseRe.Length;
        SpanRules.Length(outRe, outIm, checked(codeRe.Length * length), nameof(outRe));
        outRe.Clear();
        outIm.Clear();
        for (int c = 0; c < codeRe.Length; c++)
        {
            SplitComplex.AddTurned(
                pulseRe, pulseIm, codeRe[c], codeIm[c], outRe.Slice(c * length, length), outIm.Slice(c * length, length));
        }
    }

    private static void SetPhasor(double cycles, int n, Span<float> re, Span<float> im)
    {
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * (cycles - Math.Round(cycles)));
        re[n] = (float)cosine;
        im[n] = (float)sine;
    }

    private static long GreatestCommonDivisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }

    private static void Check(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        SpanRules.SameLength(re, im, nameof(im));
        SpanRules.Disjoint(re, im, nameof(im));
        if (re.Length == 0)
        {
            throw new ArgumentException("A pulse has at least one sample.", nameof(re));
        }
    }
}
