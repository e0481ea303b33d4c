using IsacTestbed.Cli.Composition;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Control.Experiments;
using IsacTestbed.Control.Records;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Planning.IsacFl;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>Emulated radios with scripted faults behind a sidecar in this process.</summary>
internal sealed class FaultyBench : IAsyncDisposable
{
    private readonly EmulatedAir _air;
    private readonly RadioSidecar _sidecar;
    private readonly string _hash;

    private FaultyBench(Scenario scenario, string hash, EmulatedAir air, RadioSidecar sidecar)
    {
        (Scenario, _hash, _air, _sidecar) = (scenario, hash, air, sidecar);
        Calendar = new AirCalendar(scenario);
    }

    public Scenario Scenario { get; }

    public AirCalendar Calendar { get; }

    public string Address => _sidecar.Address.Authority;

    public static async Task<FaultyBench> StartAsync(TimeSpan? lease = null)
    {
        ConfigurationObject document = DocumentFile.Read(ScratchFolder.SmallScenario);
        Scenario scenario = Scenario.Read(document);
        var air = new EmulatedAir(EmulatedBench.Scene(scenario));
        var options = new RadioSidecarOptions { ScenarioHash = document.Fingerprint() };
        options = lease is { } longest ? options with { MaximumLease = longest } : options;
        return new FaultyBench(scenario, document.Fingerprint(), air, await RadioSidecar.StartAsync([.. air.Radios], options));
    }

    public async Task InjectAsync(string radioId, InjectedFaultKind kind, long tick, long ticks = 1) =>
        await _air.Radios.Single(r => r.Description.RadioId == radioId).InjectAsync(new InjectedFault(kind, tick, ticks), CancellationToken.None);

    /// <summary>Runs one strategy in a new folder.</summary>
    public async Task<RunSummary> RunAsync(string folder, string method, IInstrumentMonitor? instruments = null)
    {
        using RunFolder records = RunFolder.Create(
            folder, await File.ReadAllTextAsync(ScratchFolder.SmallScenario), new RunManifest([method], string.Empty, "test", "test", "test", default));
        return await new Experiment(Scenario, _hash, records, new IsacFlPlanner(TimeProvider.System), instruments)
            .RunAsync(_sidecar.Address, new NoObserver(), CancellationToken.None);
    }

    /// <summary>Waits until nobody holds a radio.</summary>
    public async Task WaitUntilFreeAsync()
    {
        await using SidecarClient client = await SidecarClient.ConnectAsync(_sidecar.Address);
        while ((await client.GetStatesAsync()).Any(s => s.Holder is not null))
        {
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        await _air.DisposeAsync();
    }

    private sealed class NoObserver : IRunObserver
    {
        public void MethodStarted(string method, int rounds, int nextRound)
        {
        }

        public void RoundCompleted(RoundRecord round)
        {
        }

        public void MethodCompleted(MethodSummary summary)
        {
        }
    }
}
