using System.Runtime.InteropServices;
using IsacTestbed.Radio;

namespace IsacTestbed.Soapy;

/// <summary>An open stream of a SoapySDR device: the library's calls, without allocation. Disposal closes it.</summary>
public sealed unsafe class SoapyStream : IDisposable
{
    private readonly SoapyDeviceHandle _device;
    private readonly SoapyStreamHandle _stream;

    internal SoapyStream(SoapyDeviceHandle device, SoapyStreamHandle stream, StreamDirection direction, SampleFormat format)
    {
        _device = device;
        _stream = stream;
        Direction = direction;
        Format = format;
    }

    /// <summary>Which way the samples flow.</summary>
    public StreamDirection Direction { get; }

    /// <summary>Layout of the samples.</summary>
    public SampleFormat Format { get; }

    /// <summary>Samples per channel that are best read or written at a time.</summary>
    public int TransmissionUnit => (int)Math.Min(SoapyImports.SoapySDRDevice_getStreamMTU(_device, _stream), int.MaxValue);

    /// <summary>Starts the stream.</summary>
    public SoapyStreamCode Activate() => (SoapyStreamCode)SoapyImports.SoapySDRDevice_activateStream(_device, _stream, 0, 0, 0);

    /// <summary>Stops the stream.</summary>
    public SoapyStreamCode Deactivate() => (SoapyStreamCode)SoapyImports.SoapySDRDevice_deactivateStream(_device, _stream, 0, 0);

    /// <summary>Reads samples.</summary>
    /// <param name="buffer">Where they go, from its start, as many as fit.</param>
    /// <param name="timeLimitMicroseconds">How long to wait.</param>
    public SoapyStreamResult Read(StreamBuffer buffer, int timeLimitMicroseconds)
    {
        int flags = 0;
        long time = 0;
        int result = SoapyImports.SoapySDRDevice_readStream(
            _device, _stream, buffer.ChannelPointers(0), (nuint)buffer.Capacity, &flags, &time, new CLong(timeLimitMicroseconds));
        return Result(result, flags, time);
    }

    /// <summary>Writes samples.</summary>
    /// <param name="buffer">The samples.</param>
    /// <param name="offset">First sample to write.</param>
    /// <param name="count">Samples per channel.</param>
    /// <param name="flags">Whether a time is given and a burst ends.</param>
    /// <param name="timeNanoseconds">Time of the first sample.</param>
    /// <param name="timeLimitMicroseconds">How long to wait for room.</param>
    public SoapyStreamResult Write(
        StreamBuffer buffer, int offset, int count, SoapyStreamFlags flags, long timeNanoseconds, int timeLimitMicroseconds)
    {
        int inOut = (int)flags;
        int result = SoapyImports.SoapySDRDevice_writeStream(
            _device, _stream, buffer.ChannelPointers(offset), (nuint)count, &inOut, timeNanoseconds, new CLong(timeLimitMicroseconds));
        return Result(result, inOut, timeNanoseconds);
    }

    /// <summary>Waits for a status of the stream.</summary>
    public SoapyStreamResult ReadStatus(int timeLimitMicroseconds)
    {
        nuint channels = 0;
        int flags = 0;
        long time = 0;
        int result = SoapyImports.SoapySDRDevice_readStreamStatus(_device, _stream, &channels, &flags, &time, new CLong(timeLimitMicroseconds));
        return Result(result, flags, time) with { ChannelMask = channels };
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static SoapyStreamResult Result(int result, int flags, long time) => result < 0
        ? new SoapyStreamResult((SoapyStreamCode)result, 0, (SoapyStreamFlags)flags, time)
        : new SoapyStreamResult(SoapyStreamCode.None, result, (SoapyStreamFlags)flags, time);
}
