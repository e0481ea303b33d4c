using System.Diagnostics;
using System.Diagnostics.Metrics;
using IsacTestbed.Core;
using IsacTestbed.Sidecar.Captures;
using IsacTestbed.Sidecar.Limits;

namespace IsacTestbed.Sidecar.Telemetry;

/// <summary>The metrics and traces of one sidecar. Nothing leaves the process unless somebody listens. Thread safe.</summary>
/// <remarks>Names, units and tags are part of the product: docs/sidecar.md lists them.</remarks>
internal sealed class SidecarTelemetry : IDisposable
{
    /// <summary>Name of the meter and of the source of traces.</summary>
    public const string Name = "IsacTestbed.Sidecar";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _blocks;
    private readonly Counter<long> _flaggedBlocks;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _lostSamples;
    private readonly Counter<double> _waiting;
    private readonly Histogram<double> _lead;
    private readonly Counter<long> _bursts;
    private readonly Counter<double> _transmitted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _leases;

    public SidecarTelemetry()
    {
        _blocks = _meter.CreateCounter<long>("isac.capture.blocks", "{block}", "Captured blocks that were sent to a controller.");
        _flaggedBlocks = _meter.CreateCounter<long>("isac.capture.flagged_blocks", "{block}", "Of them, those with any flag.");
        _samples = _meter.CreateCounter<long>("isac.capture.samples", "{sample}", "Captured samples per channel that were sent to a controller.");
        _lostSamples = _meter.CreateCounter<long>("isac.capture.lost_samples", "{sample}", "Samples per channel that were lost and stand as gaps.");
        _waiting = _meter.CreateCounter<double>("isac.capture.waiting", "s", "Time for which a radio's output waited for its controller to read.");
        _lead = _meter.CreateHistogram<double>("isac.schedule.lead", "s", "From arming a schedule to its first tick; negative is late.");
        _bursts = _meter.CreateCounter<long>("isac.transmit.bursts", "{burst}", "Bursts by outcome.");
        _transmitted = _meter.CreateCounter<double>("isac.transmit.time", "s", "Time on the air of bursts that were transmitted.");
        _refused = _meter.CreateCounter<long>("isac.transmit.refused", "{request}", "What a transmit limit refused, by limit.");
        _leases = _meter.CreateCounter<long>("isac.lease.events", "{event}", "Sessions opened, refused because held, renewed, closed, expired.");
    }

    /// <summary>The traces: one activity per run.</summary>
    public ActivitySource Source { get; } = new(Name);

    /// <summary>Whether anybody wants to know how far ahead schedules come; it costs a question to the radio.</summary>
    public bool WantsLead => _lead.Enabled;

    public void Block(string radioId, CaptureSlice slice)
    {
        KeyValuePair<string, object?> radio = Radio(radioId);
        _blocks.Add(1, radio);
        _samples.Add(slice.SampleCount, radio);
        if (slice.Block.Flags != CaptureFlags.None)
        {
            _flaggedBlocks.Add(1, radio);
        }

        if (slice.Gaps.Count > 0)
        {
            _lostSamples.Add(slice.Gaps.Sum(g => g.SampleCount), radio);
        }
    }

    public void Waited(string radioId, TimeSpan duration) => _waiting.Add(duration.TotalSeconds, Radio(radioId));

    public void Lead(string radioId, double seconds) => _lead.Record(seconds, Radio(radioId));

    public void Burst(string radioId, BurstOutcome outcome, double onAirSeconds)
    {
        _bursts.Add(1, Radio(radioId), new("outcome", outcome.ToString()));
        if (outcome == BurstOutcome.Transmitted && double.IsFinite(onAirSeconds))
        {
            _transmitted.Add(onAirSeconds, Radio(radioId));
        }
    }

    public void Refused(string radioId, TransmitLimit limit) => _refused.Add(1, Radio(radioId), new("limit", limit.ToString()));

    /// <param name="what">opened, held (refused because somebody else holds a radio), renewed, closed, expired or stopped.</param>
    public void LeaseEvent(string what) => _leases.Add(1, new KeyValuePair<string, object?>("event", what));

    public void Dispose()
    {
        _meter.Dispose();
        Source.Dispose();
    }

    private static KeyValuePair<string, object?> Radio(string radioId) => new("radio", radioId);
}
