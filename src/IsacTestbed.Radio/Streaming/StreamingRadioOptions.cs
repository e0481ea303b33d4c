namespace IsacTestbed.Radio;

/// <summary>What <see cref="StreamingRadio"/> is told about a device that the driver does not know.</summary>
/// <param name="RadioId">Name by which schedules and captures refer to the radio.</param>
/// <param name="FullScalePowerWatts">
/// Power per transmit channel at the antenna port for |x| = 1 at 0 dB transmit gain, from the profile or a calibration; null to take what the
/// device says, which few do.
/// </param>
public sealed record StreamingRadioOptions(string RadioId, double? FullScalePowerWatts)
{
    /// <summary>How far ahead of the radio's time a schedule must start, in seconds.</summary>
    public double LeadTimeSeconds { get; init; } = 0.05;

    /// <summary>
    /// How far ahead of their time samples are handed to the device, in seconds: long enough to cover the way to it, and the longest that a
    /// transmission can go on behind a mute on a device that does not drop what it holds.
    /// </summary>
    public double TransmitAheadSeconds { get; init; } = 0.04;

    /// <summary>Received signal that is kept for a slow reader, in seconds.</summary>
    public double ReceiveRingSeconds { get; init; } = 0.25;

    /// <summary>Silence between repetitions from which they are sent as bursts of their own instead of filled with zeros, in seconds.</summary>
    public double LongSilenceSeconds { get; init; } = 0.01;

    /// <summary>How long the device may take to tell how a burst went, behind the burst's end, in seconds.</summary>
    public double BurstStatusSeconds { get; init; } = 0.02;

    /// <summary>How long the device may stay silent before it counts as dead.</summary>
    public TimeSpan DeadAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a control call, such as tuning, may take before the device counts as dead.</summary>
    public TimeSpan ControlTimeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the lock of the reference clock is asked for while a schedule is executed, in seconds.</summary>
    public double LockPollSeconds { get; init; } = 0.25;

    /// <summary>Largest number of samples over all channels of one block; 32,768 of them fit in a message of 256 KiB.</summary>
    public int MaxBlockSamples { get; init; } = 32768;

    /// <summary>Clock source, or null to leave it.</summary>
    public string? ClockSource { get; init; }

    /// <summary>Time (PPS) source, or null to leave it.</summary>
    public string? TimeSource { get; init; }

    /// <summary>Transmit antenna port, or null to leave it.</summary>
    public string? TxAntenna { get; init; }

    /// <summary>Receive antenna port, or null to leave it.</summary>
    public string? RxAntenna { get; init; }

    /// <summary>Transmit gain stages to set one by one, or null to let the driver split the overall gain.</summary>
    public GainElements? TxGains { get; init; }

    /// <summary>Receive gain stages to set one by one, or null to let the driver split the overall gain.</summary>
    public GainElements? RxGains { get; init; }
}
