using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Waveforms;

/// <summary>Moves a waveform by a part of a sample: what a radio that can only start on whole ticks needs to arrive on time.</summary>
/// <remarks>
/// By the shift theorem, on the waveform between <see cref="Margin"/> zeros on each side, into which the ends of its pulses spread. Exact for
/// what lies below half the sample rate. Thread safe; allocates.
/// </remarks>
public static class BandLimitedShift
{
    /// <summary>Samples that the result is longer at each end.</summary>
    public const int Margin = 16;

    /// <summary>Delays a waveform by a part of a sample.</summary>
    /// <param name="re">n samples.</param>
    /// <param name="im">n samples.</param>
    /// <param name="delay">Samples by which it comes later, -1 to 1.</param>
    /// <param name="outRe">Receives n + 2 <see cref="Margin"/> samples; sample <see cref="Margin"/> is the first one of a delay of zero.</param>
    /// <param name="outIm">Receives as many.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or the delay is more than a sample.</exception>
    public static void Delay(ReadOnlySpan<float> re, ReadOnlySpan<float> im, double delay, Span<float> outRe, Span<float> outIm)
    {
        SpanRules.SameLength(re, im, nameof(im));
        SpanRules.Length(outRe, outIm, re.Length + (2 * Margin), nameof(outRe));
        if (!(Math.Abs(delay) <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(delay), delay, "A part of a sample lies between -1 and 1.");
        }

        var plan = new FftPlan((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)outRe.Length));
        int length = plan.Length;
        float[] scratch = new float[plan.ScratchLength], x = new float[length], y = new float[length];
        re.CopyTo(x.AsSpan(Margin));
        im.CopyTo(y.AsSpan(Margin));
        plan.ForwardUnscaled(x, y, scratch, x, y);
        for (int k = 0; k < length; k++)
        {
            // The bin at half the rate has no sign of its own: it keeps the part that both signs agree on.
            int frequency = k < length / 2 ? k : k - length;
            (double sine, double cosine) = Math.SinCos(-2 * Math.PI * frequency * delay / length);
            sine = k == length / 2 ? 0 : sine;
            (x[k], y[k]) = ((float)(((x[k] * cosine) - (y[k] * sine)) / length), (float)(((x[k] * sine) + (y[k] * cosine)) / length));
        }

        plan.InverseUnscaled(x, y, scratch, x, y);
        x.AsSpan(0, outRe.Length).CopyTo(outRe);
        y.AsSpan(0, outIm.Length).CopyTo(outIm);
    }
}
