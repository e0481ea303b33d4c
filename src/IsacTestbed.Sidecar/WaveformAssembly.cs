using System.Runtime.InteropServices;
using IsacTestbed.Core;
using IsacTestbed.Wire.V1;

namespace IsacTestbed.Sidecar;

/// <summary>Puts a waveform together from consecutive messages. Not thread safe.</summary>
internal sealed class WaveformAssembly
{
    private readonly UploadWaveformsRequest _first;
    private readonly float[] _real;
    private readonly float[] _imaginary;
    private int _filled;

    /// <summary>Begins with a waveform's first message.</summary>
    /// <exception cref="ArgumentException">The message contradicts itself or the limit.</exception>
    public WaveformAssembly(UploadWaveformsRequest first, int maximumSamples)
    {
        if (first.WaveformId.Length == 0)
        {
            throw new ArgumentException("A waveform needs a name.");
        }

        if (first.SampleCount < 1 || first.SampleCount > maximumSamples)
        {
            throw new ArgumentException($"Waveform {first.WaveformId} has {first.SampleCount} samples; from 1 to {maximumSamples}.");
        }

        if (first.RadioIds.Count == 0)
        {
            throw new ArgumentException($"Waveform {first.WaveformId} names no radio to store it.");
        }

        _first = first;
        _real = new float[first.SampleCount];
        _imaginary = new float[first.SampleCount];
        Add(first);
    }

    /// <summary>The first message, with the session and the radios.</summary>
    public UploadWaveformsRequest First => _first;

    /// <summary>Whether all samples are there.</summary>
    public bool IsComplete => _filled == _real.Length;

    /// <summary>Adds the next message.</summary>
    /// <exception cref="ArgumentException">The message does not continue the waveform.</exception>
    public void Add(UploadWaveformsRequest part)
    {
        if (part.WaveformId != _first.WaveformId || part.SampleCount != _first.SampleCount || part.SessionId != _first.SessionId
            || !part.RadioIds.Equals(_first.RadioIds))
        {
            throw new ArgumentException(
                $"Waveform {_first.WaveformId} has {_filled} of {_first.SampleCount} samples; a message of another one ({part.WaveformId}) came.");
        }

        if (part.Format != SampleFormat.Cf32)
        {
            throw new ArgumentException($"Waveform {part.WaveformId}: sample format {part.Format:D}; it must be 1 (CF32).");
        }

        ReadOnlySpan<byte> bytes = part.Iq.Span;
        int count = bytes.Length / Captures.CaptureChunkWriter.BytesPerSample;
        if (bytes.Length % Captures.CaptureChunkWriter.BytesPerSample != 0 || count == 0 || count > _first.SampleCount - _filled)
        {
            throw new ArgumentException(
                $"Waveform {part.WaveformId}: {bytes.Length} bytes at sample {part.FirstSample} of {part.SampleCount}; whole samples of 8 bytes that fit.");
        }

        if (part.FirstSample != _filled)
        {
            throw new ArgumentException($"Waveform {part.WaveformId}: sample {part.FirstSample} came where {_filled} was due.");
        }

        ReadOnlySpan<float> samples = MemoryMarshal.Cast<byte, float>(bytes);
        for (int i = 0; i < count; i++)
        {
            _real[_filled + i] = samples[2 * i];
            _imaginary[_filled + i] = samples[(2 * i) + 1];
        }

        _filled += count;
    }

    /// <summary>The whole waveform.</summary>
    /// <exception cref="ArgumentException">Samples are missing or not finite.</exception>
    public Waveform ToWaveform() => IsComplete
        ? new Waveform(_first.WaveformId, _real, _imaginary)
        : throw new ArgumentException($"Waveform {_first.WaveformId} ended at {_filled} of {_first.SampleCount} samples.");
}
