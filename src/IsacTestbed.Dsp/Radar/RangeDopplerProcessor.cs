using IsacTestbed.Core;
using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Radar;

/// <summary>Range-Doppler maps of one shape: matched filter along each pulse, Fourier transform across pulses.</summary>
/// <remarks>
/// M(k, d) = sum_p exp(-2 pi i p k / P) sum_m conj(h(m)) x(p, (d + m) mod N), with h the pulse scaled to unit energy. The correlation
/// along fast time is circular over the N samples of a pulse repetition interval: an echo that begins in the interval and ends in the next
/// one is folded back whole, as a periodic pulse train folds it; leave m - 1 samples of guard if that is not wanted. White noise of power
/// sigma^2 per sample gives sigma^2 P per cell; an echo a of Doppler bin k gives a P sqrt(E). Doppler row k is k / (P T) Hz, rows above
/// P/2 are negative. The same bits for any number of threads. A map allocates nothing. One map at a time per processor.
/// </remarks>
public sealed unsafe class RangeDopplerProcessor : IDisposable, IPartitionedWork
{
    private const int ColumnGrain = 64;

    // More parts than threads, so that one that the system holds up delays the map by a part and not by its whole share.
    private const int PartsPerThread = 4;

    private readonly FftPlan _range;
    private readonly ColumnFftPlan _doppler;
    private readonly float[] _spectrumRe;
    private readonly float[] _spectrumIm;
    private readonly float[][] _scratch;
    private readonly WorkTeam _team;
    private readonly int _parts;
    private readonly Lock _oneAtATime = new();
    private Stage _stage;
    private FftBuffer _input;
    private FftBuffer _map;

    /// <summary>Prepares maps of one shape.</summary>
    /// <param name="pulses">Pulses P of a coherent processing interval.</param>
    /// <param name="samples">Samples N of each pulse repetition interval.</param>
    /// <param name="pulseRe">The transmitted pulse, 1 to N floats; copied, scaled to unit energy.</param>
    /// <param name="pulseIm">The transmitted pulse.</param>
    /// <param name="threads">Threads that share the work, the caller's included; those beyond it live until <see cref="Dispose"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is not positive, or the map exceeds 2^31 - 1 cells.</exception>
    /// <exception cref="ArgumentException">The pulse is empty, longer than N, has no energy, or its parts differ in length.</exception>
    public RangeDopplerProcessor(int pulses, int samples, ReadOnlySpan<float> pulseRe, ReadOnlySpan<float> pulseIm, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pulses);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)pulses * samples, int.MaxValue, nameof(samples));
        if (pulseRe.Length > samples)
        {
            throw new ArgumentException($"A pulse of {pulseRe.Length} samples does not fit an interval of {samples}.", nameof(pulseRe));
        }

        (float[] re, float[] im) = MatchedFilter.UnitEnergy(pulseRe, pulseIm);
        Pulses = pulses;
        Samples = samples;
        _range = new FftPlan(samples);
        _doppler = new ColumnFftPlan(pulses);
        (float[] spectrumRe, float[] spectrumIm) = MatchedFilter.ReferenceSpectrum(_range, re, im);
        _spectrumRe = PinnedScratch.Copy(spectrumRe);
        _spectrumIm = PinnedScratch.Copy(spectrumIm);
        _scratch = new float[threads][];
        for (int i = 0; i < threads; i++)
        {
            _scratch[i] = PinnedScratch.Allocate(Math.Max(_doppler.ScratchLength,
                (2 * PinnedScratch.Padded(samples)) + _range.ScratchLength));
        }

        _team = new WorkTeam(threads);
        _parts = threads == 1 ? 1 : PartsPerThread * threads;
    }

    private enum Stage
    {
        Range,
        Doppler,
    }

    /// <summary>Pulses P, rows of a map.</summary>
    public int Pulses { get; }

    /// <summary>Samples N, columns of a map: range cells, one sample of delay each.</summary>
    public int Samples { get; }

    /// <summary>One map.</summary>
    /// <param name="re">Received samples, P rows of N floats.</param>
    /// <param name="im">Received samples.</param>
    /// <param name="mapRe">The map, P Doppler rows of N range cells; may be the same memory as <paramref name="re"/>.</param>
    /// <param name="mapIm">The map; may be the same memory as <paramref name="im"/>.</param>
    /// <exception cref="ArgumentException">A length is wrong or spans overlap otherwise.</exception>
    public void Process(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> mapRe, Span<float> mapIm)
    {
        SpanRules.Length(re, im, Pulses * Samples, nameof(re));
        SpanRules.Length(mapRe, mapIm, Pulses * Samples, nameof(mapRe));
        SpanRules.Transform(re, im, mapRe, mapIm, nameof(mapRe));
        fixed (float* pRe = re, pIm = im, pMapRe = mapRe, pMapIm = mapIm)
        {
            lock (_oneAtATime)
            {
                _input = new FftBuffer(pRe, pIm);
                _map = new FftBuffer(pMapRe, pMapIm);
                _stage = Stage.Range;
                _team.Run(this, _parts);
                _stage = Stage.Doppler;
                _team.Run(this, _parts);
            }
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _team.Dispose();

    void IPartitionedWork.Execute(int part, int worker)
    {
        float* scratch = PinnedScratch.Address(_scratch[worker]);
        if (_stage == Stage.Range)
        {
            Compress(Share(Pulses, part), Share(Pulses, part + 1), scratch);
        }
        else
        {
            nint grains = (Samples + ColumnGrain - 1) / ColumnGrain;
            nint first = Share(grains, part) * ColumnGrain, end = Math.Min(Samples, Share(grains, part + 1) * ColumnGrain);
            _doppler.Transform(_map, Samples, first, end, scratch, _map);
        }
    }

    private nint Share(nint whole, int part) => whole * part / _parts;

    private void Compress(nint first, nint end, float* scratch)
    {
        int padded = PinnedScratch.Padded(Samples);
        FftBuffer spectrum = new(scratch, scratch + padded);
        FftBuffer reference = new(PinnedScratch.Address(_spectrumRe), PinnedScratch.Address(_spectrumIm));
        float* inner = scratch + (2 * padded);
        for (nint pulse = first; pulse < end; pulse++)
        {
            nint at = pulse * Samples;
            _range.Transform(new FftBuffer(_input.Re + at, _input.Im + at), inner, spectrum);
            LaneLoop.Run(
                new MultiplyConjugateKernel(spectrum.Re, spectrum.Im, reference.Re, reference.Im, spectrum.Re, spectrum.Im), Samples);

            // Parts exchanged on both sides: the inverse transform.
            _range.Transform(new FftBuffer(spectrum.Im, spectrum.Re), inner, new FftBuffer(_map.Im + at, _map.Re + at));
        }
    }
}
