using IsacTestbed.Core;

namespace IsacTestbed.Radio;

/// <summary>A radio: whatever executes timed bursts. Emulated, SoapySDR or UHD; nothing above this contract may ask which.</summary>
/// <remarks>
/// Order of use: configure, upload waveforms, arm a schedule, run it; then arm the next. Arming puts nothing on the air by itself, so that
/// all radios of an experiment are armed before the first one runs. All members but <see cref="RunAsync"/> may be called from any thread;
/// one run at a time. Disposal mutes the transmitter.
/// </remarks>
public interface IRadio : IAsyncDisposable
{
    /// <summary>Identity and capabilities; constant over the radio's life.</summary>
    RadioDescription Description { get; }

    /// <summary>Tunes the radio. What cannot be met exactly is clipped or rounded, and the answer says so.</summary>
    /// <exception cref="RadioException">The radio is dead or busy.</exception>
    /// <exception cref="ArgumentException">A value is not finite or not positive where it must be.</exception>
    ValueTask<RadioSettings> ConfigureAsync(RadioSettingsRequest request, CancellationToken cancellationToken);

    /// <summary>Stores a waveform under its id, replacing an older one of the same id.</summary>
    ValueTask UploadWaveformAsync(Waveform waveform, CancellationToken cancellationToken);

    /// <summary>The radio's time now.</summary>
    ValueTask<DeviceTime> GetTimeAsync(CancellationToken cancellationToken);

    /// <summary>Sets the radio's time, at once or at the next PPS edge.</summary>
    ValueTask SetTimeAsync(DeviceTime time, TimeAlignment alignment, CancellationToken cancellationToken);

    /// <summary>Reads the sensors, such as clock lock and temperature.</summary>
    ValueTask<IReadOnlyList<SensorReading>> ReadSensorsAsync(CancellationToken cancellationToken);

    /// <summary>Checks a schedule and makes it ready; replaces one that was armed and not run.</summary>
    /// <exception cref="RadioException">Too late, an unknown waveform, a wrong number of weights, dead or busy.</exception>
    /// <exception cref="ArgumentException">The schedule is malformed.</exception>
    ValueTask ArmAsync(BurstSchedule schedule, CancellationToken cancellationToken);

    /// <summary>Executes the armed schedule and yields captured blocks and burst reports in order of their ticks.</summary>
    /// <remarks>
    /// The caller owns and disposes each block. Blocks of a window come in order; the last has <see cref="CaptureBlock.IsLast"/>. A slow reader
    /// slows a virtual clock; on a paced clock it costs an overflow, which is flagged and never silent. Cancellation mutes and ends the run.
    /// </remarks>
    /// <exception cref="RadioException">Nothing is armed, or the radio died.</exception>
    IAsyncEnumerable<RadioOutput> RunAsync(CancellationToken cancellationToken);

    /// <summary>Stops transmitting at once and drops what is armed. Never throws for a radio that is already silent.</summary>
    ValueTask MuteAsync(CancellationToken cancellationToken);
}

/// <summary>A radio into which faults can be injected; only emulated ones are.</summary>
public interface IFaultInjection
{
    /// <summary>Scripts a fault.</summary>
    ValueTask InjectAsync(InjectedFault fault, CancellationToken cancellationToken);
}
