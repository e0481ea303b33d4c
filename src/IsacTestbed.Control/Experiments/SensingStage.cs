using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Scheduling;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Experiments;

/// <summary>The sensing half of a round: orders become timed bursts, the radios execute them, captures become judged frames.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="scheduler">Compiles orders.</param>
/// <param name="bench">Executes schedules.</param>
/// <param name="chain">Turns a captured window into a frame.</param>
internal sealed class SensingStage(Scenario scenario, SensingScheduler scheduler, RadioBench bench, EchoChain chain)
{
    private const int ReferenceAttempts = 4;

    /// <summary>Variance of a measured SNR around the true one at low SNR.</summary>
    public double EstimateVariance(int device) => chain.EstimateVariance(device);

    /// <summary>Senses the reference frames of all devices; again, a few times, if not one of them is fit, since the first phase finds out the room it needs.</summary>
    public async Task<IReadOnlyList<EchoFrame>> SenseReferenceAsync(CancellationToken cancellationToken)
    {
        EchoFrame[] frames = [];
        for (int attempt = 0; attempt < ReferenceAttempts && !frames.Any(f => f.Measurement.Verdict == Verdict.Valid); attempt++)
        {
            frames = [.. (await SenseAsync(scheduler.CompileReference(), cancellationToken).ConfigureAwait(false)).SelectMany(f => f)];
        }

        return frames;
    }

    /// <summary>Senses the frames of a round.</summary>
    /// <param name="round">The round.</param>
    /// <param name="orders">One order per device.</param>
    /// <param name="cancellationToken">Mutes the radios.</param>
    /// <returns>Per device, its frames in order.</returns>
    public Task<IReadOnlyList<EchoFrame>[]> SenseRoundAsync(int round, IReadOnlyList<SensingOrder> orders, CancellationToken cancellationToken) =>
        SenseAsync(scheduler.CompileRound(round, orders), cancellationToken);

    private async Task<IReadOnlyList<EchoFrame>[]> SenseAsync(SensingPhase phase, CancellationToken cancellationToken)
    {
        var received = new Dictionary<(string RadioId, int WindowId), EchoReading>();
        Dictionary<(string, int), FrameWindow> expected = phase.Windows.ToDictionary(w => (scenario.Devices[w.Device].Id, w.WindowId));
        PhaseReport report = await bench.ExecuteAsync(
            phase.Schedules,
            (radio, window) =>
            {
                FrameWindow frame = expected[(radio, window.WindowId)];
                received[(radio, window.WindowId)] = chain.Process(window, frame.Device, frame.Snapshots);
            },
            cancellationToken).ConfigureAwait(false);

        List<EchoFrame>[] frames = [.. scenario.Devices.Select(_ => new List<EchoFrame>())];
        foreach (FrameWindow window in phase.Windows)
        {
            string id = scenario.Devices[window.Device].Id;
            frames[window.Device].Add(Judge(window, id, received.GetValueOrDefault((id, window.WindowId)), report));
        }

        return frames;
    }

    private static EchoFrame Judge(FrameWindow window, string id, EchoReading? reading, PhaseReport report)
    {
        (Verdict verdict, string reason) = reading is null
            ? (Verdict.Faulted, "receiver: the window never came")
            : report.Judge(reading.Flags, reading.HasGap, id, window.WindowId);
        double snr = verdict == Verdict.Valid ? reading!.SensingSnr : 0;
        return new EchoFrame(new SensingMeasurement(id, window.Frame, verdict, reason, snr), window.Beam, reading?.Map ?? []);
    }
}
