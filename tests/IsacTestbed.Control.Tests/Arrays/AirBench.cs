using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Experiments;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Radio;

namespace IsacTestbed.Control.Tests.Arrays;

/// <summary>The radios of an emulated air in this process, without sidecar and network.</summary>
internal sealed class AirBench(AirScene scene) : IArrayBench, IAsyncDisposable
{
    private readonly EmulatedAir _air = new(scene);

    public EmulatedAir Air => _air;

    /// <summary>Every window that was captured, in the order of its end.</summary>
    public List<string> Received { get; } = [];

    public async Task UploadAsync(string radioId, IReadOnlyList<Waveform> waveforms, CancellationToken cancellationToken)
    {
        foreach (Waveform waveform in waveforms)
        {
            await Radio(radioId).UploadWaveformAsync(waveform, cancellationToken);
        }
    }

    public async Task<PhaseReport> ExecuteAsync(
        IReadOnlyList<BurstSchedule> schedules, Action<string, CapturedWindow> receive, CancellationToken cancellationToken)
    {
        // The calendar's ticks are kept whatever the clock says, as the bench of a run does it; all radios share one clock here.
        EmulatedRadio clock = Radio(schedules[0].RadioId);
        DeviceTime now = await clock.GetTimeAsync(cancellationToken);
        long latest = Math.Max(0, schedules.Min(s => s.FirstTick) - (long)(0.3 * now.RateHz));
        if (now.Ticks > latest)
        {
            await clock.SetTimeAsync(now with { Ticks = latest }, TimeAlignment.Now, cancellationToken);
        }

        foreach (BurstSchedule schedule in schedules)
        {
            await Radio(schedule.RadioId).ArmAsync(schedule, cancellationToken);
        }

        // One after the other: on a virtual clock a run hears every armed burst, whichever radio runs first.
        var outcomes = new Dictionary<(string, int), BurstOutcome>();
        foreach (BurstSchedule schedule in schedules)
        {
            CapturedWindow? window = null;
            await foreach (RadioOutput output in Radio(schedule.RadioId).RunAsync(cancellationToken))
            {
                if (output is BurstReport report)
                {
                    outcomes[(report.RadioId, report.BurstId)] = report.Outcome;
                }
                else if (output is CaptureBlock block)
                {
                    using (block)
                    {
                        RxWindow order = schedule.Windows.Single(w => w.WindowId == block.WindowId);
                        if (window is null || window.WindowId != block.WindowId)
                        {
                            window ??= new CapturedWindow(block.ChannelCount, schedule.Windows.Max(w => w.SampleCount));
                            window.Begin(order);
                        }

                        window.Add(block);
                        if (block.IsLast)
                        {
                            Received.Add(schedule.RadioId);
                            receive(schedule.RadioId, window);
                        }
                    }
                }
            }
        }

        return new PhaseReport(outcomes);
    }

    public ValueTask DisposeAsync() => _air.DisposeAsync();

    private EmulatedRadio Radio(string id) => _air.Radios.Single(r => r.Description.RadioId == id);
}
