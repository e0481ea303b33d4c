namespace IsacTestbed.Radio;

/// <summary>How one write to a transmit stream ended.</summary>
public enum TransmitStatus
{
    /// <summary>The device took some or all of the samples.</summary>
    Accepted = 0,

    /// <summary>The device had no room within the time limit, and took none.</summary>
    TimedOut = 1,

    /// <summary>The device met its start tick too late and dropped the samples (told at once by some drivers, by an event by most).</summary>
    Late = 2,

    /// <summary>The device had run dry.</summary>
    Underflow = 3,

    /// <summary>The stream or the device has failed.</summary>
    Failed = 4,
}

/// <summary>How one write to a transmit stream ended.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="SampleCount">Samples per channel that the device took; the rest is to be written again.</param>
public readonly record struct TransmitResult(TransmitStatus Status, int SampleCount);

/// <summary>What a device tells of its transmission, behind the samples.</summary>
public enum TransmitEventKind
{
    /// <summary>Nothing within the time limit.</summary>
    None = 0,

    /// <summary>A burst has left, up to its end mark.</summary>
    BurstEnded = 1,

    /// <summary>The device ran out of samples within a burst.</summary>
    Underflow = 2,

    /// <summary>Samples came after their start tick and were dropped.</summary>
    Late = 3,

    /// <summary>Samples were lost on the way to the device.</summary>
    Lost = 4,

    /// <summary>The stream or the device has failed.</summary>
    Failed = 5,

    /// <summary>The driver tells nothing, now or ever; do not ask again.</summary>
    NotSupported = 6,
}

/// <summary>What a device tells of its transmission.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Tick">When it happened; null when the driver does not say.</param>
public readonly record struct TransmitEvent(TransmitEventKind Kind, long? Tick);

/// <summary>
/// The stream of samples to transmit over all channels in use. Written by one thread at a time; <see cref="ReadEvent"/> is called by another one
/// meanwhile.
/// </summary>
public interface ITransmitStream : IDisposable
{
    /// <summary>Layout of the samples.</summary>
    SampleFormat Format { get; }

    /// <summary>Value of a sample at full scale: 1 for floats, as a rule 32767 for integers.</summary>
    float FullScale { get; }

    /// <summary>Samples per channel that are best written at a time.</summary>
    int MaxSamples { get; }

    /// <summary>Makes the stream ready. Nothing leaves the antenna before samples are written.</summary>
    void Activate();

    /// <summary>
    /// Ends the transmission at once: closes a burst that is open and drops what the device has taken and not sent, as far as the device can. The
    /// stream can be activated again. Harmless when it is not active. Unlike the rest, may be called while a write hangs in another thread.
    /// </summary>
    void Deactivate();

    /// <summary>Writes samples; allocates nothing.</summary>
    /// <param name="buffer">The samples of all channels.</param>
    /// <param name="offset">First sample of the buffer to write.</param>
    /// <param name="count">Samples per channel to write, at least one.</param>
    /// <param name="startTick">Tick at which the first sample leaves, at the start of each burst; null within a burst.</param>
    /// <param name="endOfBurst">Whether the last of these samples ends the burst; holds only when the device takes them all.</param>
    /// <param name="timeLimitMicroseconds">How long to wait for room.</param>
    TransmitResult Write(StreamBuffer buffer, int offset, int count, long? startTick, bool endOfBurst, int timeLimitMicroseconds);

    /// <summary>Waits for the next event of the transmission.</summary>
    TransmitEvent ReadEvent(int timeLimitMicroseconds);
}
