using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Control.Experiments;

/// <summary>All radios of a scenario, leased, tuned and ready to execute phases.</summary>
internal sealed class RadioBench : IAsyncDisposable
{
    // Room for the push of a schedule before its first tick, on a clock that runs in real time.
    private const double LeadSeconds = 0.3;

    private readonly SidecarClient _sidecar;
    private readonly SidecarSession _session;
    private readonly PhaseExecutor _executor;
    private readonly IReadOnlyDictionary<string, IRadio> _radios;
    private readonly InstrumentWatch? _instruments;

    private RadioBench(SidecarClient sidecar, SidecarSession session, IReadOnlyDictionary<string, IRadio> radios, InstrumentWatch? instruments)
    {
        _instruments = instruments;
        _sidecar = sidecar;
        _session = session;
        _radios = radios;
        _executor = new PhaseExecutor(session);
    }

    /// <summary>Connects, leases and tunes the radios of a scenario and gives the devices their pulse.</summary>
    /// <exception cref="RadioException">The sidecar cannot be reached, lacks a radio, or somebody else holds one.</exception>
    /// <exception cref="ConfigurationException">A radio cannot be tuned as the scenario asks.</exception>
    public static async Task<RadioBench> OpenAsync(
        Uri address, Scenario scenario, string scenarioHash, InstrumentWatch? instruments, CancellationToken cancellationToken)
    {
        string[] ids = [.. scenario.Devices.Select(d => d.Id), scenario.Server.Id];
        SidecarClient sidecar = await SidecarClient.ConnectAsync(address, null, cancellationToken).ConfigureAwait(false);
        SidecarSession? session = null;
        try
        {
            RequireScenario(sidecar.Info, scenarioHash);
            session = await sidecar.OpenSessionAsync(ids, cancellationToken).ConfigureAwait(false);
            Dictionary<string, IRadio> radios = session.Radios.ToDictionary(r => r.Description.RadioId, r => (IRadio)r);
            foreach (string id in ids)
            {
                await TuneAsync(radios[id], scenario, cancellationToken).ConfigureAwait(false);
            }

            foreach (DeviceSection device in scenario.Devices)
            {
                RequireChannels(radios[device.Id].Description, device);
            }

            Waveform pulse = new EchoChain(scenario).Pulse;
            await session.UploadAsync([pulse], [.. scenario.Devices.Select(d => d.Id)], cancellationToken).ConfigureAwait(false);
            return new RadioBench(sidecar, session, radios, instruments);
        }
        catch
        {
            if (session is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }

            await sidecar.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stores waveforms in a radio.</summary>
    public Task UploadAsync(string radioId, IReadOnlyList<Waveform> waveforms, CancellationToken cancellationToken) =>
        _session.UploadAsync(waveforms, [radioId], cancellationToken);

    /// <summary>Executes a phase; see <see cref="PhaseExecutor.ExecuteAsync"/>. A phase without schedules is over at once.</summary>
    /// <remarks>
    /// The calendar's ticks are kept whatever the clock says: where it has run past the phase, or too close to it, it is set back. So a run, its
    /// resumption and the next strategy meet the same dwells and fading blocks.
    /// </remarks>
    public async Task<PhaseReport> ExecuteAsync(
        IReadOnlyList<BurstSchedule> schedules, Action<string, CapturedWindow> receive, CancellationToken cancellationToken)
    {
        if (schedules.Count == 0)
        {
            return new PhaseReport(new Dictionary<(string, int), BurstOutcome>());
        }

        long first = schedules.Min(s => s.FirstTick);
        DeviceTime now = await _radios[schedules[0].RadioId].GetTimeAsync(cancellationToken).ConfigureAwait(false);
        long latest = first - (long)(LeadSeconds * now.RateHz);
        if (now.Ticks > latest || now.Ticks < first - (long)(10 * LeadSeconds * now.RateHz))
        {
            foreach (IRadio radio in _radios.Values)
            {
                await radio.SetTimeAsync(now with { Ticks = latest }, TimeAlignment.Now, cancellationToken).ConfigureAwait(false);
            }
        }

        if (_instruments is null)
        {
            return await _executor.ExecuteAsync(schedules, receive, cancellationToken).ConfigureAwait(false);
        }

        await _instruments.BeginPhaseAsync(cancellationToken).ConfigureAwait(false);
        PhaseReport report = await _executor.ExecuteAsync(schedules, receive, cancellationToken).ConfigureAwait(false);
        return report with { Disturbance = await _instruments.EndPhaseAsync(cancellationToken).ConfigureAwait(false) };
    }

    /// <summary>Mutes and frees the radios.</summary>
    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync().ConfigureAwait(false);
        await _sidecar.DisposeAsync().ConfigureAwait(false);
    }

    // Labels come from the scenario's script of targets: on the air of another scenario they would be wrong without anybody noticing.
    private static void RequireScenario(SidecarInfo sidecar, string scenarioHash)
    {
        if (sidecar.ScenarioHash.Length > 0 && sidecar.ScenarioHash != scenarioHash)
        {
            throw new ConfigurationException(
                sidecar.Address.Authority,
                string.Empty,
                $"the sidecar emulates scenario {sidecar.ScenarioHash[..12]}, the run has {scenarioHash[..12]}; start both with the same file, without overriding its rounds or seed");
        }
    }

    private static async Task TuneAsync(IRadio radio, Scenario scenario, CancellationToken cancellationToken)
    {
        var request = new RadioSettingsRequest(scenario.Radio.SampleRateHz, scenario.Radio.CarrierFrequencyHz, 0, 0);
        RadioSettings settings = await radio.ConfigureAsync(request, cancellationToken).ConfigureAwait(false);
        Require(radio, "radio.sampleRateHz", settings.SampleRateHz);
        Require(radio, "radio.carrierFrequencyHz", settings.FrequencyHz);
    }

    // A part in a million is what a reference clock is off anyway; more would break the timing that the calendar counts on.
    private static void Require(IRadio radio, string key, Tuned tuned)
    {
        if (Math.Abs(tuned.Actual - tuned.Requested) > 1e-6 * Math.Abs(tuned.Requested))
        {
            throw new ConfigurationException(
                "scenario",
                key,
                FormattableString.Invariant($"found {tuned.Requested}; radio {radio.Description.RadioId} offers {tuned.Actual}, which is the nearest that would be right"));
        }
    }

    private static void RequireChannels(RadioDescription radio, DeviceSection device)
    {
        if (radio.TxChannels != device.Elements || radio.RxChannels != device.Elements)
        {
            throw new ConfigurationException(
                "scenario",
                $"devices.{device.Id}.elements",
                $"found {device.Elements}; radio {radio.RadioId} has {radio.TxChannels} transmit and {radio.RxChannels} receive channels");
        }
    }
}
