using System.Text.Json;
using IsacTestbed.Cli.Composition;
using IsacTestbed.Cli.Screens;
using IsacTestbed.Control.Experiments;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Cli.Families;

/// <summary>The closed loop of isac-fl: devices sense, train and upload.</summary>
internal sealed class IsacFlFamily : IScenarioFamily
{
    public string Name => "isac-fl";

    public IReadOnlyList<string> Methods { get; } =
        [IsacFlMethods.GoldenSection, IsacFlMethods.Exact, IsacFlMethods.MaxSensing, IsacFlMethods.MaxComm, IsacFlMethods.Uniform];

    public IReadOnlyList<string> DefaultMethods => Methods;

    public IFamilyScenario Read(ConfigurationObject document) => new ClosedLoopScenario(Scenario.Read(document));

    private sealed class ClosedLoopScenario(Scenario scenario) : IFamilyScenario
    {
        public string Name => scenario.Name;

        public ulong Seed => scenario.Seed;

        public AirScene Scene() => EmulatedBench.Scene(scenario);

        public async Task<int> RunAsync(RunRequest request, CancellationToken cancellationToken)
        {
            var experiment = new Experiment(scenario, request.ScenarioHash, request.Folder, new IsacFlPlanner(TimeProvider.System), request.Instruments);
            Task<RunSummary> Run(IRunObserver observer) => experiment.RunAsync(request.Sidecar, observer, cancellationToken, request.Connection);
            RunSummary summary = request.Display switch
            {
                RunDisplay.Live => await LiveScreen.RunAsync(Run),
                RunDisplay.Plain => await Run(new PlainLog(Console.Out)),
                _ => await Run(new SilentLog()),
            };
            if (request.Display == RunDisplay.Json)
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(summary, RecordJson.Default.RunSummary));
            }
            else
            {
                SummaryTable.Write(TableConsole.Create(), summary, request.Folder.Path);
            }

            return summary.Methods.Any(m => m.Feasible) ? ExitCodes.Success : ExitCodes.Infeasible;
        }
    }
}
