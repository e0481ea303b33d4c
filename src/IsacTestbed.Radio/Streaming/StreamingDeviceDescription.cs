namespace IsacTestbed.Radio;

/// <summary>What makes a device's clock go on.</summary>
public enum StreamClock
{
    /// <summary>Time passes by itself: whoever is slow loses samples.</summary>
    RealTime = 0,

    /// <summary>
    /// Time passes only as far as every active receive stream has been read: whoever is slow holds everybody up, nothing is ever lost, and
    /// samples to transmit must have been written before the receive samples of their ticks are read.
    /// </summary>
    LockStep = 1,
}

/// <summary>What a driver knows of its device; constant while the device is open.</summary>
/// <param name="Driver">Kind of driver, as in "b200" or "remote".</param>
/// <param name="Serial">Serial number, or whatever identifies the device best.</param>
/// <param name="Hardware">Further facts for the record: model, firmware, FPGA image, library versions.</param>
/// <param name="TxChannels">Transmit channels in use; zero for a receiver.</param>
/// <param name="RxChannels">Receive channels in use, at least one: the receive stream is also the radio's clock.</param>
/// <param name="SampleRatesHz">Allowed sample rates: at least one range, in rising order; a single rate is a range of no width.</param>
/// <param name="FrequenciesHz">Carrier frequencies that both directions allow.</param>
/// <param name="TxGainsDb">Overall transmit gain; any range when there is no transmit channel.</param>
/// <param name="RxGainsDb">Overall receive gain.</param>
/// <param name="ClockSources">Clock sources by name; empty when there is no choice.</param>
/// <param name="TimeSources">Time (PPS) sources by name; empty when there is no choice.</param>
/// <param name="Clock">What makes the clock go on.</param>
/// <param name="TransmitBufferSamples">
/// Samples per channel that the device takes ahead of their time without blocking, in lock-step at least one second's worth; zero when unknown.
/// </param>
/// <param name="AcknowledgesBursts">Whether the end of each burst comes back as <see cref="TransmitEventKind.BurstEnded"/>.</param>
public sealed record StreamingDeviceDescription(
    string Driver,
    string Serial,
    IReadOnlyDictionary<string, string> Hardware,
    int TxChannels,
    int RxChannels,
    IReadOnlyList<SettingRange> SampleRatesHz,
    IReadOnlyList<SettingRange> FrequenciesHz,
    SettingRange TxGainsDb,
    SettingRange RxGainsDb,
    IReadOnlyList<string> ClockSources,
    IReadOnlyList<string> TimeSources,
    StreamClock Clock,
    long TransmitBufferSamples,
    bool AcknowledgesBursts)
{
    /// <summary>
    /// Power per transmit channel at the antenna port for |x| = 1 at 0 dB transmit gain, where the device itself knows it; null otherwise.
    /// </summary>
    public double? FullScalePowerWatts { get; init; }
}
