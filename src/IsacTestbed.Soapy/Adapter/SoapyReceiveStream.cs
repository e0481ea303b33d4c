using IsacTestbed.Radio;

namespace IsacTestbed.Soapy;

/// <summary>A SoapySDR receive stream behind the border of streaming devices.</summary>
internal sealed class SoapyReceiveStream : IReceiveStream
{
    private readonly SoapyStream _stream;
    private readonly SoapyQuirks _quirks;
    private readonly double _rateHz;
    private bool _isActive;

    public SoapyReceiveStream(SoapyStream stream, SoapyQuirks quirks, double rateHz, float clipLevel)
    {
        _stream = stream;
        _quirks = quirks;
        _rateHz = rateHz;
        ClipLevel = clipLevel;
        FullScale = stream.Format == SampleFormat.ComplexFloat32 ? 1 : quirks.IntegerFullScale;
        MaxSamples = Math.Max(1, stream.TransmissionUnit);
    }

    /// <inheritdoc/>
    public SampleFormat Format => _stream.Format;

    /// <inheritdoc/>
    public float FullScale { get; }

    /// <inheritdoc/>
    public float ClipLevel { get; }

    /// <inheritdoc/>
    public int MaxSamples { get; }

    /// <inheritdoc/>
    public void Activate()
    {
        SoapyStreamingDevice.Check(_stream.Activate(), "activating the receive stream");
        _isActive = true;
    }

    /// <inheritdoc/>
    public void Deactivate()
    {
        if (_isActive)
        {
            _isActive = false;
            SoapyStreamingDevice.Check(_stream.Deactivate(), "deactivating the receive stream");
        }
    }

    /// <inheritdoc/>
    public ReceiveResult Read(StreamBuffer buffer, int timeLimitMicroseconds) =>
        _quirks.Receive(_stream.Read(buffer, timeLimitMicroseconds), _rateHz);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
