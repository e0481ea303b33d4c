using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using IsacTestbed.Cli.Composition;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Cli.Families;
using IsacTestbed.Control.Records;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Lab;
using IsacTestbed.Lab.Instruments;
using IsacTestbed.Radio;
using Spectre.Console;

namespace IsacTestbed.Cli.Commands;

/// <summary><c>isac run</c>: the whole loop.</summary>
internal static class RunCommand
{
    private static readonly Option<string?> Scenario = new("--scenario") { Description = "Scenario file, YAML or JSON. Default: the closed-loop scenario that is shipped." };
    private static readonly Option<string?> Sidecar = new("--sidecar") { Description = "host:port of a sidecar. Default: a sidecar process of its own with emulated radios." };
    private static readonly Option<string?> Resume = new("--resume") { Description = "Folder of an interrupted run to continue." };
    private static readonly Option<string?> Folder = new("--out") { Description = "Run folder to create. Default: runs/NAME-SEED-TIME." };
    private static readonly Option<string[]> Methods = new("--method")
    {
        HelpName = "method",
        Description = $"Strategy to run; may be given several times. Default: the family's. {string.Join("; ", ScenarioCatalog.Families.Select(f => $"{f.Name}: {string.Join(", ", f.Methods)}"))}.",
        AllowMultipleArgumentsPerToken = true,
    };
    private static readonly Option<int?> Rounds = new("--rounds") { Description = "Overrides the scenario's rounds." };
    private static readonly Option<ulong?> Seed = new("--seed") { Description = "Overrides the scenario's seed." };
    private static readonly Option<string> Data = new("--data") { Description = "Folder of stored data sets.", DefaultValueFactory = _ => "data" };
    private static readonly Option<string?> Instruments = new("--instruments") { Description = "List of the bench's instruments, YAML or JSON: recorded, and a lost lock makes measurements inconclusive." };
    private static readonly Option<bool> Plain = new("--plain") { Description = "One line per round instead of the live display, for logs." };
    private static readonly Option<string> Output = new("--output") { Description = "table, or json for programs.", DefaultValueFactory = _ => "table" };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json");
        Methods.AcceptOnlyFromAmong([.. ScenarioCatalog.Families.SelectMany(f => f.Methods).Distinct()]);
        var command = new Command(
            "run",
            """
            Run an experiment: plan, transmit, measure, learn, and plan again, for each strategy. The scenario's family says what a round is.

            Examples:
              isac run
              isac run --rounds 5 --method exact --plain
              isac run --scenario scenarios/closed-loop.yaml --sidecar 127.0.0.1:50051
              isac run --scenario scenarios/closed-loop.yaml --sidecar bench-pc:50051 --ca cert.pem --token-file token
              isac run --scenario scenarios/iscc-air.yaml --method refined --plain
              isac run --scenario scenarios/vfl-beamforming-air.yaml --method wmmse --method gradient
              isac run --sidecar 127.0.0.1:50051 --instruments bench.yaml
              isac run --resume runs/closed-loop-20261122-...

            Ctrl-C stops cleanly with the transmitters muted; --resume goes on to the same bits.
            """)
        {
            Scenario, Sidecar, Resume, Folder, Methods, Rounds, Seed, Data, Instruments, Plain, Output,
        };
        ConnectionOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        bool resumed = options.GetValue(Resume) is not null;
        using RunFolder folder = resumed ? Reopen(options, options.GetValue(Resume)!) : Begin(options);
        try
        {
            return await RunAsync(options, folder, cancellationToken);
        }
        catch (Exception exception) when (exception is ConfigurationException or RadioException or InstrumentException or OperationCanceledException)
        {
            if (!resumed && !folder.HasBegun)
            {
                folder.Discard();
                throw;
            }

            throw new RunStoppedException(folder.Path, exception);
        }
    }

    private static async Task<int> RunAsync(ParseResult options, RunFolder folder, CancellationToken cancellationToken)
    {
        ConfigurationObject document = DocumentFile.Read(folder.ScenarioFile, cancellationToken);
        IFamilyScenario scenario = ScenarioCatalog.Read(document).Content;

        (Uri? address, SidecarClientOptions? connection) = options.GetValue(Sidecar) is { } given ? ConnectionOptions.Read(options, given) : default;
        await using SidecarProcess? own = address is null ? await SidecarProcess.StartAsync(folder.ScenarioFile, cancellationToken) : null;
        address ??= own!.Address;
        await using InstrumentMonitor? instruments =
            options.GetValue(Instruments) is { } list ? await InstrumentBench.WatchAsync(list, TimeProvider.System, cancellationToken) : null;
        return await scenario.RunAsync(
            new RunRequest(folder, document.Fingerprint(), address, connection, instruments, DisplayOf(options)), cancellationToken);
    }

    private static RunDisplay DisplayOf(ParseResult options) =>
        options.GetValue(Output) == "json" ? RunDisplay.Json
        : !options.GetValue(Plain) && AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected ? RunDisplay.Live
        : RunDisplay.Plain;

    private static RunFolder Reopen(ParseResult options, string path)
    {
        Option[] fixedByRun = [Scenario, Folder, Methods, Rounds, Seed];
        if (fixedByRun.FirstOrDefault(o => options.GetResult(o) is { Implicit: false }) is { } option)
        {
            throw new ConfigurationException(option.Name, string.Empty, "a resumed run has its own; leave the option out");
        }

        return RunFolder.Open(RequireName(Resume, path));
    }

    private static string RequireName(Option option, string path) =>
        string.IsNullOrWhiteSpace(path) ? throw new ConfigurationException(option.Name, string.Empty, "found nothing; it must be the name of a folder") : path;

    private static RunFolder Begin(ParseResult options)
    {
        string file = options.GetValue(Scenario) ?? Path.Combine(AppContext.BaseDirectory, "scenarios", "closed-loop.yaml");
        string text = DocumentFile.ReadJson(file);
        ScenarioCatalog.Read(ConfigurationObject.Parse(text, file));
        JsonNode document = JsonNode.Parse(text)!;
        if (options.GetValue(Rounds) is { } rounds)
        {
            document["rounds"] = rounds;
        }

        if (options.GetValue(Seed) is { } seed)
        {
            document["seed"] = seed;
        }

        string resolved = document.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        (IScenarioFamily family, IFamilyScenario scenario) = ScenarioCatalog.Read(ConfigurationObject.Parse(resolved, file));
        IReadOnlyList<string> methods = ScenarioCatalog.Methods(family, Methods.Name, options.GetValue(Methods) ?? []);
        scenario.Require(methods);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string path = options.GetValue(Folder) ?? Path.Combine("runs", $"{scenario.Name}-{scenario.Seed}-{now:yyyyMMdd-HHmmss}");
        return RunFolder.Create(RequireName(Folder, path), resolved, new RunManifest(methods, options.GetRequiredValue(Data), BuildInfo.Version, BuildInfo.Commit, BuildInfo.Runtime, now));
    }
}
