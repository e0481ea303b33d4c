using IsacTestbed.Control.Experiments;
using IsacTestbed.Control.Records;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Arrays;

/// <summary>A whole run of an array study: its strategies, one after the other, on the radios of one sidecar.</summary>
/// <param name="study">What is done in a round.</param>
/// <param name="scenarioHash">Fingerprint of the scenario's document; a sidecar that emulates another one is refused.</param>
/// <param name="folder">Where the run is recorded, or was begun.</param>
/// <param name="instruments">Watches the bench's instruments; null for a bench without any.</param>
public sealed class ArrayExperiment(IArrayStudy study, string scenarioHash, RunFolder folder, IInstrumentMonitor? instruments = null)
{
    /// <summary>Runs every strategy to its end, from wherever the folder says it stands.</summary>
    /// <param name="sidecar">Address of the sidecar.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">Stops the run; the radios end muted and the folder can be resumed.</param>
    /// <param name="connection">How to connect to it; null for the defaults.</param>
    /// <exception cref="ConfigurationException">The scenario does not fit the radios.</exception>
    /// <exception cref="Radio.RadioException">A radio or the way to it failed.</exception>
    public async Task<ArrayRunSummary> RunAsync(
        Uri sidecar, IArrayRunObserver observer, CancellationToken cancellationToken, SidecarClientOptions? connection = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        InstrumentWatch? watch = instruments is null ? null : new InstrumentWatch(instruments, folder);
        BenchRadio[] radios = [.. study.Radios.Select(r => new BenchRadio(r.Id, r.TransmitElements, r.ReceiveElements, []))];
        RadioBench bench = await RadioBench.OpenAsync(
            sidecar, connection, new BenchRequest(scenarioHash, study.Run.Radio, radios), watch, cancellationToken).ConfigureAwait(false);
        await using (bench.ConfigureAwait(false))
        {
            var methods = new List<ArrayMethodSummary>();
            foreach (string method in folder.Manifest.Methods)
            {
                methods.Add(await RunAsync(bench, method, observer, cancellationToken).ConfigureAwait(false));
            }

            var summary = new ArrayRunSummary(study.Family, study.Run.Name, study.Run.Seed, methods);
            folder.WriteSummary(summary);
            return summary;
        }
    }

    private async Task<ArrayMethodSummary> RunAsync(
        IArrayBench bench, string method, IArrayRunObserver observer, CancellationToken cancellationToken)
    {
        ArrayRunLog log = folder.ArrayLog(method);
        List<ArrayRound> rounds = log.Restore();
        observer.MethodStarted(method, study.Run.Rounds, rounds.Count);
        while (rounds.Count < study.Run.Rounds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ArrayRound round = await study.RunRoundAsync(bench, method, rounds.Count, cancellationToken).ConfigureAwait(false);
            log.Append(round);
            rounds.Add(round);
            observer.RoundCompleted(round);
        }

        var summary = ArrayMethodSummary.Of(method, rounds);
        observer.MethodCompleted(summary);
        return summary;
    }
}
