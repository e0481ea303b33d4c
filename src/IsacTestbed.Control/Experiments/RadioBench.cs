using System.Globalization;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Control.Experiments;

/// <summary>All radios of an experiment, leased, tuned and ready to execute phases.</summary>
internal sealed class RadioBench : IArrayBench, IAsyncDisposable
{
    // Room for the push of a schedule before its first tick, on a clock that runs in real time. It grows when it proves too short, up to what the
    // calendar's empty first second can hold.
    private const double FirstLeadSeconds = 0.3;
    private const double LongestLeadSeconds = 0.9;

    // A call that crosses an edge sets its radio's time a whole second late; calls for the time itself take far less than half of one.
    private const double LargestClockSpreadSeconds = 0.5;
    private const int ClockAttempts = 3;

    private readonly SidecarClient _sidecar;
    private readonly SidecarSession _session;
    private readonly PhaseExecutor _executor;
    private readonly IReadOnlyDictionary<string, IRadio> _radios;
    private double _leadSeconds = FirstLeadSeconds;
    private readonly InstrumentWatch? _instruments;

    private RadioBench(SidecarClient sidecar, SidecarSession session, IReadOnlyDictionary<string, IRadio> radios, InstrumentWatch? instruments)
    {
        _instruments = instruments;
        _sidecar = sidecar;
        _session = session;
        _radios = radios;
        _executor = new PhaseExecutor(session);
    }

    /// <summary>Connects, leases and tunes the radios of an experiment and stores their waveforms.</summary>
    /// <exception cref="RadioException">The sidecar cannot be reached, lacks a radio, or somebody else holds one.</exception>
    /// <exception cref="ConfigurationException">A radio cannot be tuned as the scenario asks, or has another number of channels.</exception>
    public static async Task<RadioBench> OpenAsync(
        Uri address,
        SidecarClientOptions? connection,
        BenchRequest request,
        InstrumentWatch? instruments,
        CancellationToken cancellationToken)
    {
        string[] ids = [.. request.Radios.Select(r => r.Id)];
        SidecarClient sidecar = await SidecarClient.ConnectAsync(address, connection, cancellationToken).ConfigureAwait(false);
        SidecarSession? session = null;
        try
        {
            RequireScenario(sidecar.Info, request.ScenarioHash);
            session = await sidecar.OpenSessionAsync(ids, cancellationToken).ConfigureAwait(false);
            Dictionary<string, IRadio> radios = session.Radios.ToDictionary(r => r.Description.RadioId, r => (IRadio)r);
            foreach (BenchRadio radio in request.Radios)
            {
                await TuneAsync(radios[radio.Id], request.Tuning, cancellationToken).ConfigureAwait(false);
                RequireChannels(radios[radio.Id].Description, radio);
            }

            foreach (BenchRadio radio in request.Radios.Where(r => r.Waveforms.Count > 0))
            {
                await session.UploadAsync(radio.Waveforms, [radio.Id], cancellationToken).ConfigureAwait(false);
            }

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
    /// resumption and the next strategy meet the same dwells and fading blocks. A schedule that no radio could take in time is pushed again with more
    /// room; one that was taken and still began late is reported as it went, and the next one gets more room.
    /// </remarks>
    public async Task<PhaseReport> ExecuteAsync(
        IReadOnlyList<BurstSchedule> schedules, Action<string, CapturedWindow> receive, CancellationToken cancellationToken)
    {
        if (schedules.Count == 0)
        {
            return new PhaseReport(new Dictionary<(string, int), BurstOutcome>());
        }

        if (_instruments is not null)
        {
            await _instruments.BeginPhaseAsync(cancellationToken).ConfigureAwait(false);
        }

        PhaseReport report = await ExecuteInTimeAsync(schedules, receive, cancellationToken).ConfigureAwait(false);
        return _instruments is null ? report : report with { Disturbance = await _instruments.EndPhaseAsync(cancellationToken).ConfigureAwait(false) };
    }

    /// <summary>Mutes and frees the radios.</summary>
    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync().ConfigureAwait(false);
        await _sidecar.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<PhaseReport> ExecuteInTimeAsync(
        IReadOnlyList<BurstSchedule> schedules, Action<string, CapturedWindow> receive, CancellationToken cancellationToken)
    {
        while (true)
        {
            await SetClockBackAsync(schedules.Min(s => s.FirstTick), cancellationToken).ConfigureAwait(false);
            try
            {
                PhaseReport report = await _executor.ExecuteAsync(schedules, receive, cancellationToken).ConfigureAwait(false);
                if (report.Outcomes.Values.Contains(BurstOutcome.Late))
                {
                    _leadSeconds = Math.Min(_leadSeconds + FirstLeadSeconds, LongestLeadSeconds);
                }

                return report;
            }
            catch (RadioException exception) when (exception.Code == RadioFaultCode.TooLate && _leadSeconds < LongestLeadSeconds)
            {
                // Either all radios are armed or none: nothing was on the air.
                _leadSeconds = Math.Min(_leadSeconds + FirstLeadSeconds, LongestLeadSeconds);
            }
        }
    }

    private async Task SetClockBackAsync(long firstTick, CancellationToken cancellationToken)
    {
        DeviceTime now = await _radios.Values.First().GetTimeAsync(cancellationToken).ConfigureAwait(false);
        long latest = firstTick - (long)(_leadSeconds * now.RateHz);
        long earliest = firstTick - (long)(10 * _leadSeconds * now.RateHz);
        if (now.Ticks <= latest && now.Ticks >= earliest)
        {
            return;
        }

        double spread = double.PositiveInfinity;
        for (int attempt = 0; attempt < ClockAttempts && spread > LargestClockSpreadSeconds; attempt++)
        {
            // All at the same edge of the pulse per second: set one after the other, the radios would differ by as much as the calls take.
            await Task.WhenAll(_radios.Values.Select(
                r => r.SetTimeAsync(now with { Ticks = latest }, TimeAlignment.NextPps, cancellationToken).AsTask())).ConfigureAwait(false);
            DeviceTime[] times = await Task.WhenAll(_radios.Values.Select(r => r.GetTimeAsync(cancellationToken).AsTask())).ConfigureAwait(false);
            spread = times.Max(t => t.Seconds) - times.Min(t => t.Seconds);
        }

        if (spread > LargestClockSpreadSeconds)
        {
            throw new RadioException(
                RadioFaultCode.NotSupported,
                string.Empty,
                FormattableString.Invariant($"the radios' clocks differ by {spread:G3} s after they were set at a PPS edge; check that all get the same PPS"));
        }
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

    private static async Task TuneAsync(IRadio radio, RadioSection tuning, CancellationToken cancellationToken)
    {
        var request = new RadioSettingsRequest(tuning.SampleRateHz, tuning.CarrierFrequencyHz, 0, 0);
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

    private static void RequireChannels(RadioDescription found, BenchRadio wanted)
    {
        if ((wanted.TxChannels ?? found.TxChannels) != found.TxChannels || (wanted.RxChannels ?? found.RxChannels) != found.RxChannels)
        {
            throw new ConfigurationException(
                "scenario",
                wanted.Id,
                $"asks for {Count(wanted.TxChannels)} transmit and {Count(wanted.RxChannels)} receive channels; the radio has {found.TxChannels} and {found.RxChannels}");
        }

        static string Count(int? channels) => channels?.ToString(CultureInfo.InvariantCulture) ?? "any number of";
    }
}
