namespace IsacTestbed.Radio;

/// <summary>The open streams of a device at one sample rate, with the ring; what all schedules share until the rate changes.</summary>
internal sealed class StreamingSession
{
    private bool _isGivenUp;

    private StreamingSession(
        StreamingDeviceDescription description,
        StreamingRadioOptions options,
        TimeProvider timeProvider,
        DeviceControl control,
        double rateHz,
        IReceiveStream receive,
        ITransmitStream? transmit)
    {
        Description = description;
        Options = options;
        TimeProvider = timeProvider;
        Control = control;
        RateHz = rateHz;
        Receive = receive;
        Transmit = transmit;
        double least = Math.Max(options.ReceiveRingSeconds * rateHz, 4.0 * receive.MaxSamples);
        least = Math.Max(least, 8.0 * options.MaxBlockSamples / description.RxChannels);
        Ring = new SampleRing(description.RxChannels, (int)Math.Min(least, 1 << 28));
    }

    public StreamingDeviceDescription Description { get; }

    public StreamingRadioOptions Options { get; }

    public TimeProvider TimeProvider { get; }

    public DeviceControl Control { get; }

    public double RateHz { get; }

    public IReceiveStream Receive { get; }

    /// <summary>The transmit stream; null for a receiver.</summary>
    public ITransmitStream? Transmit { get; }

    public SampleRing Ring { get; }

    /// <summary>Whether a thread hangs in the driver, so that nothing of it may be used or closed any more.</summary>
    public bool IsGivenUp => Volatile.Read(ref _isGivenUp);

    /// <summary>Opens the streams, on the control thread.</summary>
    public static async Task<StreamingSession> OpenAsync(
        StreamingDeviceDescription description,
        StreamingRadioOptions options,
        TimeProvider timeProvider,
        DeviceControl control,
        double rateHz,
        CancellationToken cancellationToken)
    {
        (IReceiveStream receive, ITransmitStream? transmit) = await control.CallAsync(
            device => (device.OpenReceiveStream(), description.TxChannels > 0 ? device.OpenTransmitStream() : null),
            "opening the streams",
            cancellationToken).ConfigureAwait(false);
        return new StreamingSession(description, options, timeProvider, control, rateHz, receive, transmit);
    }

    /// <summary>Ends the transmission, from any thread.</summary>
    public void SilenceTransmitter() => Transmit?.Deactivate();

    /// <summary>Declares that a thread hangs in the driver.</summary>
    public void GiveUp()
    {
        Volatile.Write(ref _isGivenUp, true);
        Control.Bury(new RadioException(
            RadioFaultCode.Dead, Options.RadioId, "a call to the driver does not return; the device is given up. Restart the sidecar, and the radio."));
    }

    /// <summary>Closes the streams; on the control thread, with nothing active.</summary>
    public void Close()
    {
        if (!IsGivenUp)
        {
            Transmit?.Dispose();
            Receive.Dispose();
        }
    }
}
