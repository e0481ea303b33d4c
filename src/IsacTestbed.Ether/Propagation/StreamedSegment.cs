using System.Collections.Concurrent;

namespace IsacTestbed.Ether;

/// <summary>A run of samples of one channel that is on the air while it still arrives. One writer, any number of readers.</summary>
/// <remarks>
/// What follows the samples that have arrived is silence. A delayed sample has the same bits whatever the pieces are in which the samples came
/// and are asked for, as long as those that it needs have come: <see cref="FractionalDelay.Taps"/> - <see cref="FractionalDelay.Lead"/> beyond it.
/// </remarks>
internal sealed class StreamedSegment
{
    /// <summary>Samples that a segment holds; a multiple of the hop, so that the geometry is taken anew at the same samples as in a long waveform.</summary>
    public const int Capacity = 16 * Superposition.HopSamples;

    /// <summary>Most delayed samples that can be asked for at once.</summary>
    public const int LongestRun = 4096;

    /// <summary>Floats of scratch that <see cref="Delayed"/> takes.</summary>
    public const int ScratchLength = 2 * (LongestRun + (2 * FractionalDelay.Taps));

    private const int FirstLength = 2048;
    private readonly ConcurrentBag<float[]> _pool;
    private float[] _samples;
    private int _count;

    /// <param name="pool">Arrays for both parts of a full segment.</param>
    /// <param name="startsFull">Whether to take such an array at once, as within a long stream; a short burst starts with a small one.</param>
    public StreamedSegment(ConcurrentBag<float[]> pool, bool startsFull)
    {
        _pool = pool;
        _samples = startsFull ? TakeFull() : new float[2 * FirstLength];
    }

    /// <summary>Samples that have arrived.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Room for the next samples: up to <paramref name="wanted"/>, fewer at the end of the segment.</summary>
    public int Reserve(int wanted)
    {
        int count = Math.Min(wanted, Capacity - _count);
        int length = _samples.Length / 2;
        if (_count + count > length)
        {
            while (length < _count + count)
            {
                length *= 2;
            }

            float[] larger = length >= Capacity ? TakeFull() : new float[2 * length];
            _samples.AsSpan(0, _count).CopyTo(larger);
            _samples.AsSpan(_samples.Length / 2, _count).CopyTo(larger.AsSpan(larger.Length / 2));
            Volatile.Write(ref _samples, larger);
        }

        return count;
    }

    /// <summary>Where reserved samples go, in-phase part.</summary>
    public Span<float> ReservedReal(int count) => _samples.AsSpan(_count, count);

    /// <summary>Where reserved samples go, quadrature part.</summary>
    public Span<float> ReservedImaginary(int count) => _samples.AsSpan((_samples.Length / 2) + _count, count);

    /// <summary>Lets readers see samples that were written to their reserved places.</summary>
    public void Publish(int count) => Volatile.Write(ref _count, _count + count);

    /// <summary>Gives a full array back; what a reader still hears of this segment is not the truth any more.</summary>
    public void Recycle()
    {
        if (_samples.Length == 2 * Capacity)
        {
            _pool.Add(_samples);
        }
    }

    /// <summary>Samples delayed by step/256 sample after <see cref="FractionalDelay.Lead"/> whole ones.</summary>
    /// <param name="step">The fraction, 0 to 255.</param>
    /// <param name="index">First delayed sample.</param>
    /// <param name="length">How many, at most <see cref="LongestRun"/>.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/>; the result may lie in it.</param>
    /// <param name="real">The in-phase samples.</param>
    /// <param name="imaginary">The quadrature samples.</param>
    public void Delayed(int step, int index, int length, Span<float> scratch, out ReadOnlySpan<float> real, out ReadOnlySpan<float> imaginary)
    {
        int count = Count;
        float[] samples = Volatile.Read(ref _samples);
        ReadOnlySpan<float> all = samples;
        ReadOnlySpan<float> inPhase = all[..count], quadrature = all.Slice(samples.Length / 2, count);
        int source = index - FractionalDelay.Lead;
        if (step == 0 && source >= 0 && source + length <= count)
        {
            real = inPhase.Slice(source, length);
            imaginary = quadrature.Slice(source, length);
            return;
        }

        real = DelayedPart(inPhase, step, index, length, scratch[..(ScratchLength / 2)]);
        imaginary = DelayedPart(quadrature, step, index, length, scratch[(ScratchLength / 2)..]);
    }

    private static ReadOnlySpan<float> DelayedPart(ReadOnlySpan<float> samples, int step, int index, int length, Span<float> scratch)
    {
        int first = Math.Clamp(index - FractionalDelay.Taps + 1, 0, samples.Length);
        int end = Math.Clamp(index + length, first, samples.Length);
        int made = end - first + FractionalDelay.Taps - 1;
        FractionalDelay.Apply(samples[first..end], step, scratch[..made]);
        if (index - first + length > made)
        {
            // Beyond the decay of the last sample.
            scratch[made..(index - first + length)].Clear();
        }

        return scratch.Slice(index - first, length);
    }

    private float[] TakeFull() => _pool.TryTake(out float[]? array) ? array : new float[2 * Capacity];
}
