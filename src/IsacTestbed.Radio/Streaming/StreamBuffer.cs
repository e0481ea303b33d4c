using System.Runtime.InteropServices;

namespace IsacTestbed.Radio;

/// <summary>Interleaved samples of all channels in native memory, with the table of channel pointers that streaming drivers want.</summary>
/// <remarks>Owns its memory until it is disposed; no span or pointer may be used afterwards. Not thread safe.</remarks>
public sealed unsafe class StreamBuffer : IDisposable
{
    private const nuint Alignment = 64;

    private readonly int _sampleBytes;
    private readonly nuint _stride;
    private byte* _samples;
    private void** _table;

    /// <summary>Allocates a buffer of zeros.</summary>
    /// <param name="format">Layout of a sample.</param>
    /// <param name="channelCount">Number of channels, at least one.</param>
    /// <param name="capacity">Samples per channel, at least one.</param>
    public StreamBuffer(SampleFormat format, int channelCount, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channelCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Format = format;
        ChannelCount = channelCount;
        Capacity = capacity;
        _sampleBytes = format switch
        {
            SampleFormat.ComplexFloat32 => 2 * sizeof(float),
            SampleFormat.ComplexInt16 => 2 * sizeof(short),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such sample format."),
        };
        _stride = (((nuint)capacity * (nuint)_sampleBytes) + Alignment - 1) / Alignment * Alignment;
        nuint size = checked(_stride * (nuint)channelCount);
        _samples = (byte*)NativeMemory.AlignedAlloc(size, Alignment);
        NativeMemory.Clear(_samples, size);
        _table = (void**)NativeMemory.AllocZeroed((nuint)channelCount, (nuint)sizeof(void*));
    }

    /// <summary>Frees the memory of a buffer that was not disposed.</summary>
    ~StreamBuffer() => Free();

    /// <summary>Layout of a sample.</summary>
    public SampleFormat Format { get; }

    /// <summary>Number of channels.</summary>
    public int ChannelCount { get; }

    /// <summary>Samples per channel.</summary>
    public int Capacity { get; }

    /// <summary>The table of channel pointers, each moved by a number of samples; overwritten by the next call.</summary>
    /// <param name="offset">Samples to skip, less than the capacity.</param>
    public void** ChannelPointers(int offset)
    {
        ObjectDisposedException.ThrowIf(_samples is null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Capacity);
        for (int c = 0; c < ChannelCount; c++)
        {
            _table[c] = _samples + ((nuint)c * _stride) + ((nuint)offset * (nuint)_sampleBytes);
        }

        return _table;
    }

    /// <summary>Samples of a channel as floats: I, Q, I, Q, ...; 2 * <see cref="Capacity"/> of them.</summary>
    /// <exception cref="InvalidOperationException">The format is another one.</exception>
    public Span<float> Floats(int channel) => new(Channel(channel, SampleFormat.ComplexFloat32), 2 * Capacity);

    /// <summary>Samples of a channel as integers: I, Q, I, Q, ...; 2 * <see cref="Capacity"/> of them.</summary>
    /// <exception cref="InvalidOperationException">The format is another one.</exception>
    public Span<short> Integers(int channel) => new(Channel(channel, SampleFormat.ComplexInt16), 2 * Capacity);

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void* Channel(int channel, SampleFormat format)
    {
        ObjectDisposedException.ThrowIf(_samples is null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(channel, ChannelCount);
        return format == Format
            ? _samples + ((nuint)channel * _stride)
            : throw new InvalidOperationException($"The buffer holds {Format} samples and not {format}.");
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_samples);
        NativeMemory.Free(_table);
        _samples = null;
        _table = null;
    }
}
