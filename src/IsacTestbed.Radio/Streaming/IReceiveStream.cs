namespace IsacTestbed.Radio;

/// <summary>What one read of a receive stream brought.</summary>
public enum ReceiveStatus
{
    /// <summary>Samples.</summary>
    Samples = 0,

    /// <summary>Nothing within the time limit.</summary>
    TimedOut = 1,

    /// <summary>Samples were lost in or behind the device; the stream goes on, and the next time stamp tells how many.</summary>
    Overflow = 2,

    /// <summary>Channels out of step, a bad packet or a broken chain of commands: what it held is lost; the stream goes on.</summary>
    Corrupt = 3,

    /// <summary>The stream or the device has failed and will bring nothing any more.</summary>
    Failed = 4,
}

/// <summary>What one read of a receive stream brought.</summary>
/// <param name="Status">Samples, or why there are none.</param>
/// <param name="SampleCount">Samples per channel; zero unless there are samples.</param>
/// <param name="FirstTick">Tick of the first sample; null when the driver did not stamp it: it then follows the one before.</param>
public readonly record struct ReceiveResult(ReceiveStatus Status, int SampleCount, long? FirstTick)
{
    /// <summary>A read without samples.</summary>
    public static ReceiveResult Nothing(ReceiveStatus status) => new(status, 0, null);
}

/// <summary>One continuous stream of received samples over all channels in use. Used by one thread at a time.</summary>
public interface IReceiveStream : IDisposable
{
    /// <summary>Layout of the samples.</summary>
    SampleFormat Format { get; }

    /// <summary>What the stream's samples are divided by to be relative to full scale: 1 for floats, as a rule 32768 for integers.</summary>
    float FullScale { get; }

    /// <summary>
    /// Least |I| or |Q|, relative to full scale, that the converter only shows when it is saturated, such as 2047/2048; infinite when the stream
    /// cannot show it.
    /// </summary>
    float ClipLevel { get; }

    /// <summary>Samples per channel that one read may bring: size of the buffer to read into.</summary>
    int MaxSamples { get; }

    /// <summary>Starts the continuous stream, at once.</summary>
    void Activate();

    /// <summary>Stops it, and drops what was received and not read. Harmless when it is not active.</summary>
    void Deactivate();

    /// <summary>Waits for samples and reads them; allocates nothing.</summary>
    /// <param name="buffer">Filled from its start; holds <see cref="MaxSamples"/> in the stream's format and number of channels.</param>
    /// <param name="timeLimitMicroseconds">How long to wait for the first sample.</param>
    /// <returns>What came. Lost samples are a status and never an exception.</returns>
    ReceiveResult Read(StreamBuffer buffer, int timeLimitMicroseconds);
}
