using System.Text.Json;
using IsacTestbed.Cli.Screens;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Records;
using IsacTestbed.Ether;

namespace IsacTestbed.Cli.Families;

/// <summary>A scenario of any family whose plans are executed on arrays and compared with what was measured.</summary>
/// <param name="scene">The emulated air.</param>
/// <param name="study">What is done in a round.</param>
internal sealed class ArrayFamilyScenario(AirScene scene, IArrayStudy study) : IFamilyScenario
{
    public string Name => study.Run.Name;

    public ulong Seed => study.Run.Seed;

    public AirScene Scene() => scene;

    public void Require(IReadOnlyList<string> methods) => study.Require(methods);

    public async Task<int> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var experiment = new ArrayExperiment(study, request.ScenarioHash, request.Folder, request.Instruments);
        Task<ArrayRunSummary> Run(IArrayRunObserver observer) => experiment.RunAsync(request.Sidecar, observer, cancellationToken, request.Connection);
        ArrayRunSummary summary = request.Display switch
        {
            RunDisplay.Live => await ArrayLiveScreen.RunAsync(Run),
            RunDisplay.Plain => await Run(new ArrayPlainLog(Console.Out)),
            _ => await Run(new ArraySilentLog()),
        };
        if (request.Display == RunDisplay.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(summary, RecordJson.Default.ArrayRunSummary));
        }
        else
        {
            ComparisonTable.Write(TableConsole.Create(), summary, request.Folder.Path);
        }

        return summary.Methods.Any(m => m.Feasible) ? ExitCodes.Success : ExitCodes.Infeasible;
    }
}
