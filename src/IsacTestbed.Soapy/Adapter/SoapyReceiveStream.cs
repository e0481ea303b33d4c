using IsacTestbed.Radio;

namespace IsacTestbed.Soapy;

/// <summary>A SoapySDR receive stream behind the border of streaming devices.</summary>
internal sealed class SoapyReceiveStream : IReceiveStream
{
    private const int DrainMicroseconds = 20_000;

    // What lies between a device and its reader is some megabytes; this many packets hold more, and end the draining of a stream that does not stop.
    private const int MostDrainedReads = 1 << 16;

    private readonly SoapyStream _stream;
    private readonly SoapyQuirks _quirks;
    private readonly double _rateHz;
    private readonly StreamBuffer _drain;
    private bool _isActive;

    public SoapyReceiveStream(SoapyStream stream, SoapyQuirks quirks, double rateHz, float clipLevel, int channelCount)
    {
        _stream = stream;
        _quirks = quirks;
        _rateHz = rateHz;
        ClipLevel = clipLevel;
        FullScale = stream.Format == SampleFormat.ComplexFloat32 ? 1 : quirks.IntegerFullScale;
        MaxSamples = Math.Max(1, stream.TransmissionUnit);
        _drain = new StreamBuffer(stream.Format, channelCount, MaxSamples);
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
            Drain();
        }
    }

    /// <inheritdoc/>
    public ReceiveResult Read(StreamBuffer buffer, int timeLimitMicroseconds) =>
        _quirks.Receive(_stream.Read(buffer, timeLimitMicroseconds), _rateHz);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _drain.Dispose();
    }

    /// <summary>
    /// Drops what is still on its way. Drivers keep it, and would hand it out behind the next activation: with time stamps of an old time, if that was
    /// set meanwhile.
    /// </summary>
    private void Drain()
    {
        for (int read = 0; read < MostDrainedReads; read++)
        {
            ReceiveStatus status = Read(_drain, DrainMicroseconds).Status;
            if (status is ReceiveStatus.TimedOut or ReceiveStatus.Failed)
            {
                return;
            }
        }
    }
}
