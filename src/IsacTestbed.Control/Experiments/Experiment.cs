using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Learning;
using IsacTestbed.Control.Records;
using IsacTestbed.Control.Scheduling;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Control.Experiments;

/// <summary>A whole run: the strategies of a scenario, one after the other, on the radios of one sidecar.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="scenarioHash">Fingerprint of its document; a sidecar that emulates another one is refused.</param>
/// <param name="folder">Where the run is recorded, or was begun.</param>
/// <param name="planner">The planner.</param>
/// <param name="instruments">Watches the bench's instruments; null for a bench without any.</param>
public sealed class Experiment(
    Scenario scenario, string scenarioHash, RunFolder folder, IsacFlPlanner planner, IInstrumentMonitor? instruments = null)
{
    /// <summary>Runs every strategy to its end, from wherever the folder says it stands.</summary>
    /// <param name="sidecar">Address of the sidecar.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">Stops the run; the radios end muted and the folder can be resumed.</param>
    /// <param name="connection">How to connect to it; null for the defaults.</param>
    /// <exception cref="ConfigurationException">The scenario does not fit the radios or the data set.</exception>
    /// <exception cref="Radio.RadioException">A radio or the way to it failed.</exception>
    public async Task<RunSummary> RunAsync(
        Uri sidecar, IRunObserver observer, CancellationToken cancellationToken, SidecarClientOptions? connection = null)
    {
        InstrumentWatch? watch = instruments is null ? null : new InstrumentWatch(instruments, folder);
        var chain = new EchoChain(scenario);
        RadioBench bench = await RadioBench.OpenAsync(sidecar, connection, Request(chain.Pulse), watch, cancellationToken).ConfigureAwait(false);
        await using (bench.ConfigureAwait(false))
        {
            var calendar = new AirCalendar(scenario);
            var sensing = new SensingStage(scenario, new SensingScheduler(scenario, calendar), bench, chain);
            ITrainingData data = await PrepareDataAsync(sensing, cancellationToken).ConfigureAwait(false);
            int uploadBytes = FederatedLearner.UpdateBytesOf(scenario, data);
            var uplink = new UplinkStage(scenario, calendar, bench, uploadBytes);
            var loop = new ClosedLoop(scenario, planner, sensing, uplink, data, folder, observer);

            var methods = new List<MethodSummary>();
            foreach (string method in folder.Manifest.Methods)
            {
                methods.Add(await loop.RunAsync(method, cancellationToken).ConfigureAwait(false));
            }

            var summary = new RunSummary(scenario.Name, scenario.Seed, methods);
            folder.WriteSummary(summary);
            return summary;
        }
    }

    private BenchRequest Request(Waveform pulse) => new(
        scenarioHash,
        scenario.Radio,
        [
            .. scenario.Devices.Select(d => new BenchRadio(d.Id, d.Elements, d.Elements, [pulse])),
            new BenchRadio(scenario.Server.Id, null, null, []),
        ]);

    private async Task<ITrainingData> PrepareDataAsync(SensingStage sensing, CancellationToken cancellationToken) =>
        scenario.Learning.Data == DataKind.Sensed
            ? new SensedData(scenario, await sensing.SenseReferenceAsync(cancellationToken).ConfigureAwait(false))
            : StoredDataFiles.Load(scenario, folder.Manifest.DataFolder);
}
