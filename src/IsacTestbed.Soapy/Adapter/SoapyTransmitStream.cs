using IsacTestbed.Radio;

namespace IsacTestbed.Soapy;

/// <summary>A SoapySDR transmit stream behind the border of streaming devices.</summary>
internal sealed class SoapyTransmitStream : ITransmitStream
{
    private readonly SoapyStream _stream;
    private readonly SoapyQuirks _quirks;
    private readonly double _rateHz;
    private volatile bool _isActive;

    public SoapyTransmitStream(SoapyStream stream, SoapyQuirks quirks, double rateHz)
    {
        _stream = stream;
        _quirks = quirks;
        _rateHz = rateHz;
        FullScale = stream.Format == SampleFormat.ComplexFloat32 ? 1 : quirks.IntegerFullScale - 1;
        MaxSamples = Math.Max(1, stream.TransmissionUnit);
    }

    /// <inheritdoc/>
    public SampleFormat Format => _stream.Format;

    /// <inheritdoc/>
    public float FullScale { get; }

    /// <inheritdoc/>
    public int MaxSamples { get; }

    /// <inheritdoc/>
    public void Activate()
    {
        SoapyStreamingDevice.Check(_stream.Activate(), "activating the transmit stream");
        _isActive = true;
    }

    /// <inheritdoc/>
    public void Deactivate()
    {
        if (_isActive)
        {
            _isActive = false;
            SoapyStreamingDevice.Check(_stream.Deactivate(), "deactivating the transmit stream");
        }
    }

    /// <inheritdoc/>
    public TransmitResult Write(StreamBuffer buffer, int offset, int count, long? startTick, bool endOfBurst, int timeLimitMicroseconds)
    {
        SoapyStreamFlags flags = (startTick is null ? SoapyStreamFlags.None : SoapyStreamFlags.HasTime)
            | (endOfBurst ? SoapyStreamFlags.EndBurst : SoapyStreamFlags.None);
        long time = startTick is { } tick ? StreamTime.NanosecondsFromTick(tick, _rateHz) : 0;
        return SoapyQuirks.Transmit(_stream.Write(buffer, offset, count, flags, time, timeLimitMicroseconds));
    }

    /// <inheritdoc/>
    public TransmitEvent ReadEvent(int timeLimitMicroseconds) => _quirks.Event(_stream.ReadStatus(timeLimitMicroseconds), _rateHz);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
