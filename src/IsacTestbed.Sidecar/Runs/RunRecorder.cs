using System.Collections.Concurrent;
using System.Diagnostics;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar.Captures;
using IsacTestbed.Sidecar.Leases;
using IsacTestbed.Sidecar.Limits;
using IsacTestbed.Sidecar.Records;
using IsacTestbed.Sidecar.Telemetry;
using Microsoft.Extensions.Logging;

namespace IsacTestbed.Sidecar.Runs;

/// <summary>Tells log, transmit log, metrics and traces what happens within one run. Thread safe.</summary>
internal sealed class RunRecorder(ILogger logger, SidecarTelemetry telemetry, TransmitLog? log, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TransmitRecord> _records = new();
    private readonly ConcurrentDictionary<string, TransmitPlan> _plans = new();

    /// <summary>A time stamp for <see cref="Waited"/>.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>The trace of the run; null when nobody listens.</summary>
    public Activity? StartActivity(string holder, IReadOnlyList<RadioSlot> slots)
    {
        Activity? activity = telemetry.Source.StartActivity("execute schedule");
        activity?.SetTag("isac.holder", holder);
        activity?.SetTag("isac.radios", string.Join(',', slots.Select(s => s.RadioId)));
        return activity;
    }

    /// <summary>A radio was armed: how far ahead of its clock.</summary>
    public async ValueTask ArmedAsync(RadioSlot slot, BurstSchedule schedule, CancellationToken cancellationToken)
    {
        if (telemetry.WantsLead)
        {
            DeviceTime now = await slot.Radio.GetTimeAsync(cancellationToken).ConfigureAwait(false);
            telemetry.Lead(slot.RadioId, (schedule.FirstTick - now.Ticks) / now.RateHz);
        }
    }

    /// <summary>A radio is about to transmit.</summary>
    /// <exception cref="RadioException">The transmit log cannot be written.</exception>
    public void Begin(string holder, RadioDescription radio, TransmitPlan plan)
    {
        _plans[radio.RadioId] = plan;
        if (log is not null && plan.Bursts.Count > 0)
        {
            _records[radio.RadioId] = log.Begin(holder, radio, plan);
        }
    }

    /// <summary>A burst has ended.</summary>
    public void Add(BurstReport report)
    {
        TransmitPlan plan = _plans.GetValueOrDefault(report.RadioId, TransmitPlan.Silent);
        telemetry.Burst(report.RadioId, report.Outcome, plan.Bursts.GetValueOrDefault(report.BurstId).OnAirSamples / plan.SampleRateHz);
        if (_records.TryGetValue(report.RadioId, out TransmitRecord? record))
        {
            Try(() => record.Add(report));
        }
    }

    /// <summary>Samples were captured.</summary>
    public void Add(string radioId, CaptureSlice slice) => telemetry.Block(radioId, slice);

    /// <summary>A radio's output had to wait for the controller.</summary>
    public void Waited(string radioId, long since) => telemetry.Waited(radioId, time.GetElapsedTime(since));

    /// <summary>A radio failed.</summary>
    public void Failed(string radioId, Exception failure) => SidecarLog.RunFailed(logger, radioId, failure);

    /// <summary>A radio could not be muted.</summary>
    public void MuteFailed(string radioId, Exception failure) => SidecarLog.MuteFailed(logger, radioId, failure);

    /// <summary>A radio's part of the run is over and it is silent.</summary>
    /// <param name="problem">Null when it ended well.</param>
    public void End(string radioId, string? problem)
    {
        if (_records.TryRemove(radioId, out TransmitRecord? record))
        {
            Try(() => record.End(problem));
        }
    }

    /// <summary>All parts that were begun are over.</summary>
    public void EndAll(string problem)
    {
        foreach (string radioId in _records.Keys)
        {
            End(radioId, problem);
        }
    }

    // What is on the air cannot be taken back; the next run is refused, because its beginning cannot be written either.
    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            SidecarLog.TransmitLogFailed(logger, exception);
        }
    }
}
