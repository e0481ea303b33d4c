using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Radar;

/// <summary>The matched filter of one pulse over a stream of blocks of any length, without seams.</summary>
/// <remarks>
/// Overlap-save: an FFT of N points yields N - m + 1 lags that no wrap-around touches; m - 1 samples are carried to the next block. Output
/// sample d is y(d) of <see cref="MatchedFilter"/>; it needs the m - 1 samples after it, so the stream that comes out lags the stream that
/// goes in by m - 1 samples and <see cref="Finish"/> delivers the rest. Holds the state of one stream: one thread at a time. No allocation
/// per block.
/// </remarks>
public sealed class OverlapSaveFilter
{
    private readonly FftPlan _plan;
    private readonly int _overlap;
    private readonly float[] _spectrumRe;
    private readonly float[] _spectrumIm;
    private readonly float[] _re;
    private readonly float[] _im;
    private readonly float[] _workRe;
    private readonly float[] _workIm;
    private readonly float[] _scratch;
    private int _held;

    /// <summary>Prepares a filter for a pulse.</summary>
    /// <param name="pulseRe">The transmitted pulse, m floats; copied, scaled to unit energy.</param>
    /// <param name="pulseIm">The transmitted pulse, m floats.</param>
    /// <param name="fftLength">N, at least 2 m; zero takes the power of two at or above 8 m.</param>
    /// <exception cref="ArgumentException">The pulse is empty, has no energy, or its parts differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The FFT is shorter than 2 m.</exception>
    public OverlapSaveFilter(ReadOnlySpan<float> pulseRe, ReadOnlySpan<float> pulseIm, int fftLength = 0)
    {
        (float[] re, float[] im) = MatchedFilter.UnitEnergy(pulseRe, pulseIm);
        int length = fftLength == 0 ? MatchedFilter.FastLength(Math.Max(64, checked(8 * re.Length))) : fftLength;
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2 * re.Length, nameof(fftLength));
        _plan = new FftPlan(length);
        _overlap = re.Length - 1;
        (_spectrumRe, _spectrumIm) = MatchedFilter.ReferenceSpectrum(_plan, re, im);
        _re = new float[length];
        _im = new float[length];
        _workRe = new float[length];
        _workIm = new float[length];
        _scratch = new float[_plan.ScratchLength];
    }

    /// <summary>Samples by which the output lags the input: m - 1.</summary>
    public int Latency => _overlap;

    /// <summary>Most samples that <see cref="Process"/> can deliver for an input of a length.</summary>
    public int MaximumOutput(int inputLength) => checked(inputLength + _plan.Length);

    /// <summary>Takes a block and delivers what is complete.</summary>
    /// <param name="re">Samples that follow those of the call before.</param>
    /// <param name="im">Samples, as many.</param>
    /// <param name="outRe">At least <see cref="MaximumOutput"/> floats; overlaps no input.</param>
    /// <param name="outIm">At least <see cref="MaximumOutput"/> floats; overlaps no input.</param>
    /// <returns>Samples delivered, from the start of the output.</returns>
    /// <exception cref="ArgumentException">A length is wrong or spans overlap.</exception>
    public int Process(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> outRe, Span<float> outIm)
    {
        SpanRules.SameLength(re, im, nameof(im));
        CheckOutput(outRe, outIm, MaximumOutput(re.Length));
        SpanRules.Disjoint(re, outRe, nameof(outRe));
        SpanRules.Disjoint(im, outRe, nameof(outRe));
        SpanRules.Disjoint(re, outIm, nameof(outIm));
        SpanRules.Disjoint(im, outIm, nameof(outIm));
        int delivered = 0;
        while (re.Length > 0)
        {
            int taken = Math.Min(re.Length, _plan.Length - _held);
            re[..taken].CopyTo(_re.AsSpan(_held));
            im[..taken].CopyTo(_im.AsSpan(_held));
            re = re[taken..];
            im = im[taken..];
            _held += taken;
            if (_held == _plan.Length)
            {
                delivered += Deliver(_held - _overlap, outRe[delivered..], outIm[delivered..]);
            }
        }

        return delivered;
    }

    /// <summary>Ends the stream as if zeros followed, delivers the remaining samples and starts anew.</summary>
    /// <param name="outRe">At least <see cref="MaximumOutput"/> of 0 floats.</param>
    /// <param name="outIm">At least <see cref="MaximumOutput"/> of 0 floats.</param>
    /// <returns>Samples delivered; with those of all <see cref="Process"/> calls, as many as went in.</returns>
    /// <exception cref="ArgumentException">An output is too short or they overlap.</exception>
    public int Finish(Span<float> outRe, Span<float> outIm)
    {
        CheckOutput(outRe, outIm, MaximumOutput(0));
        int remaining = _held, delivered = 0;
        while (remaining > 0)
        {
            _re.AsSpan(_held).Clear();
            _im.AsSpan(_held).Clear();
            int count = Math.Min(remaining, _plan.Length - _overlap);
            _held = _plan.Length;
            delivered += Deliver(count, outRe[delivered..], outIm[delivered..]);
            remaining -= count;
            _held = remaining;
        }

        return delivered;
    }

    private int Deliver(int count, Span<float> outRe, Span<float> outIm)
    {
        _re.CopyTo(_workRe, 0);
        _im.CopyTo(_workIm, 0);
        MatchedFilter.CircularCorrelate(_plan, _spectrumRe, _spectrumIm, _workRe, _workIm, _scratch);
        _workRe.AsSpan(0, count).CopyTo(outRe);
        _workIm.AsSpan(0, count).CopyTo(outIm);
        _re.AsSpan(count, _held - count).CopyTo(_re);
        _im.AsSpan(count, _held - count).CopyTo(_im);
        _held -= count;
        return count;
    }

    private static void CheckOutput(ReadOnlySpan<float> outRe, ReadOnlySpan<float> outIm, int length)
    {
        SpanRules.AtLeast(outRe, length, nameof(outRe));
        SpanRules.AtLeast(outIm, length, nameof(outIm));
        SpanRules.Disjoint(outRe, outIm, nameof(outIm));
    }
}
