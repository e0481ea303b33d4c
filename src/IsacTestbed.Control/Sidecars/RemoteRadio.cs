using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Wire.V1;
using BurstSchedule = IsacTestbed.Core.BurstSchedule;
using DeviceTime = IsacTestbed.Core.DeviceTime;
using SensorReading = IsacTestbed.Radio.SensorReading;
using TimeAlignment = IsacTestbed.Radio.TimeAlignment;

namespace IsacTestbed.Control.Sidecars;

/// <summary>A radio behind a sidecar, within a session. Disposal mutes it; the session frees it.</summary>
/// <remarks>
/// A block that the radio captured may arrive as several of at most 256 KiB, each with the whole block's flags and its own gaps. A sidecar
/// that cannot be reached is a <see cref="RadioException"/> (unreachable), a lease that ran out too (lease lost).
/// </remarks>
public class RemoteRadio : IRadio
{
    private readonly SidecarCalls _calls;

    internal RemoteRadio(SidecarCalls calls, string sessionId, RadioDescription description)
    {
        _calls = calls;
        SessionId = sessionId;
        Description = description;
    }

    /// <inheritdoc/>
    public RadioDescription Description { get; }

    private protected string SessionId { get; }

    private protected string RadioId => Description.RadioId;

    /// <inheritdoc/>
    public async ValueTask<RadioSettings> ConfigureAsync(RadioSettingsRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return WireMapping.ToSettings(await CallAsync(
            RadioMethods.ConfigureRadio,
            new ConfigureRadioRequest
            {
                SessionId = SessionId,
                RadioId = RadioId,
                SampleRateHz = request.SampleRateHz,
                FrequencyHz = request.FrequencyHz,
                TxGainDb = request.TxGainDb,
                RxGainDb = request.RxGainDb,
            },
            cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async ValueTask UploadWaveformAsync(Waveform waveform, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        await _calls.UploadAsync(SessionId, [RadioId], [waveform], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<DeviceTime> GetTimeAsync(CancellationToken cancellationToken) =>
        WireMapping.ToTime(
            (await CallAsync(RadioMethods.GetTime, new GetTimeRequest { RadioId = RadioId }, cancellationToken).ConfigureAwait(false)).Time);

    /// <inheritdoc/>
    public async ValueTask SetTimeAsync(DeviceTime time, TimeAlignment alignment, CancellationToken cancellationToken) =>
        await CallAsync(
            RadioMethods.SetTime,
            new SetTimeRequest
            {
                SessionId = SessionId,
                RadioId = RadioId,
                Time = new Wire.V1.DeviceTime { Ticks = time.Ticks, RateHz = time.RateHz },
                Alignment = (Wire.V1.TimeAlignment)alignment,
            },
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SensorReading>> ReadSensorsAsync(CancellationToken cancellationToken)
    {
        ReadSensorsResponse response = await CallAsync(
            RadioMethods.ReadSensors, new ReadSensorsRequest { RadioId = RadioId }, cancellationToken).ConfigureAwait(false);
        return [.. response.Sensors.Select(WireMapping.ToSensor)];
    }

    /// <inheritdoc/>
    public async ValueTask ArmAsync(BurstSchedule schedule, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        schedule.Validate();
        if (schedule.RadioId != RadioId)
        {
            throw new ArgumentException($"A schedule of radio {schedule.RadioId} cannot be armed at radio {RadioId}.", nameof(schedule));
        }

        await CallAsync(
            RadioMethods.ArmSchedule,
            new ArmScheduleRequest { SessionId = SessionId, Schedules = { WireMapping.ToWire(schedule) } },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<RadioOutput> RunAsync(CancellationToken cancellationToken) =>
        _calls.ExecuteAsync(new ExecuteScheduleRequest { SessionId = SessionId, ArmedRadioIds = { RadioId } }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask MuteAsync(CancellationToken cancellationToken) =>
        await CallAsync(
            RadioMethods.MuteRadios,
            new MuteRadiosRequest { SessionId = SessionId, RadioIds = { RadioId } },
            cancellationToken).ConfigureAwait(false);

    /// <summary>Mutes the radio, within the time limit of a call. Never throws: where it cannot be told, the lease's end mutes it.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            await MuteAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RadioException or ObjectDisposedException)
        {
            // The sidecar mutes on its own when the session ends, which is why it is gone.
        }
    }

    private protected Task<TResponse> CallAsync<TRequest, TResponse>(
        Rpc.RpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken) =>
        _calls.CallAsync(method, request, RadioId, cancellationToken);
}
