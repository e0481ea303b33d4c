using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace IsacTestbed.Sidecar.Tests.Telemetry;

/// <summary>Listens to all sidecars of the process; a test tells its own by the names of its radios.</summary>
internal sealed class RecordedTelemetry : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, string> Tags)> _measurements = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public RecordedTelemetry()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RadioSidecar.TelemetryName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i.Name, value, tags));
        _meters.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i.Name, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RadioSidecar.TelemetryName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Activities.Enqueue,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public ConcurrentQueue<Activity> Activities { get; } = new();

    public double Sum(string name, string radio, string? tag = null, string? value = null) => _measurements
        .Where(m => m.Name == name && m.Tags.GetValueOrDefault("radio") == radio && (tag is null || m.Tags.GetValueOrDefault(tag) == value))
        .Sum(m => m.Value);

    public double[] Values(string name, string radio) =>
        [.. _measurements.Where(m => m.Name == name && m.Tags.GetValueOrDefault("radio") == radio).Select(m => m.Value)];

    public int Count(string name, string tag, string value) => _measurements.Count(m => m.Name == name && m.Tags.GetValueOrDefault(tag) == value);

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void Add(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var read = new Dictionary<string, string>();
        foreach ((string key, object? tag) in tags)
        {
            read[key] = tag?.ToString() ?? string.Empty;
        }

        _measurements.Enqueue((name, value, read));
    }
}
