using System.Globalization;
using System.Text.Json.Nodes;
using IsacTestbed.Cli.Composition;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Cli.Plots;
using IsacTestbed.Cli.Screens;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.OtaFeel;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Cli.Reproduction.OtaFeel;

/// <summary>Not in the paper: aggregation error against location error of each design, both measured on the emulated air through a sidecar.</summary>
internal static class TradeOffFigure
{
    /// <summary>Number behind the paper's last.</summary>
    public const int Number = 12;

    private static readonly int[] Blocks = [1, 2, 4, 8];

    private sealed record Design(string Name, int Fresh, ComparisonSummary Sum, ComparisonSummary Place);

    /// <summary>Runs the shipped scenario with every design.</summary>
    public static async Task<FigureResult> CreateAsync(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        int rounds = options.Budget == "quick" ? 30 : 200;
        var designs = new List<Design>();
        foreach (int blocks in Blocks)
        {
            string[] methods = blocks == Blocks[0] ? [OtaFeelMethods.Refined, AirMethods.CommonPulse, AirMethods.SplitFrame] : [AirMethods.SplitFrame];
            designs.AddRange(await RunAsync(blocks, methods, rounds, options.Seed, progress, cancellationToken));
        }

        LineSeries Line(string name, Func<Design, bool> which, Func<Design, double?> sum, Func<Design, double?> place) => new(
            name,
            [.. designs.Where(which).Select(d => (OtaFeelFigures.Log(place(d) ?? double.NaN), OtaFeelFigures.Log(sum(d) ?? double.NaN)))]);
        LineSeries[] Lines(string kind, Func<Design, double?> sum, Func<Design, double?> place) =>
        [
            Line($"orthogonal pulses, {kind}", d => d.Name == OtaFeelMethods.Refined, sum, place),
            Line($"common pulse, {kind}", d => d.Name == AirMethods.CommonPulse, sum, place),
            Line($"split frame, {kind}", d => d.Name.StartsWith(AirMethods.SplitFrame, StringComparison.Ordinal), sum, place),
        ];
        return new FigureResult(
            Number,
            "Aggregation against location error, measured on the air",
            FormattableString.Invariant($"scenarios/ota-feel-air.yaml with {rounds} rounds and seed {options.Seed}: K = 6, M = 4, N = 8, T = 64, I = 2; not in the paper"),
            [
                new ResultTable(
                    "Means over the rounds",
                    ["design", "fresh symbols per frame", "aggregation error, predicted", "measured", "95 %", "location bound / m^2", "squared location error, measured / m^2"],
                    [
                        .. designs.Select(d => (IReadOnlyList<ResultCell>)
                        [
                            d.Name, ResultCell.Of(d.Fresh, "F0"), ResultCell.Of(d.Sum.Predicted, "G3"), ResultCell.Of(d.Sum.Measured ?? double.NaN, "G3"), FormattableString.Invariant($"{d.Sum.Lower:G3} .. {d.Sum.Upper:G3}"), ResultCell.Of(d.Place.Predicted, "G3"), ResultCell.Of(d.Place.Measured ?? double.NaN, "G3"),
                        ]),
                    ]),
            ],
            [
                "Everything is transmitted: sounding, symbols of all devices at once, sums behind the server's combiners, echoes of the same transmissions at every device, the federated estimate of the location.",
                "The aggregation error's prediction is (7) with the errors of the sounded channels. The bound is the trace of the inverse of (22) with the factor 2, without the carrier's phase, which no device can use, and, where symbols are fresh, with the other devices' echoes as noise.",
                FormattableString.Invariant($"A mean of {rounds} squared location errors has a standard error of up to {100 * Math.Sqrt(2.0 / rounds):F0} % of itself."),
            ],
            new SvgFigure(
                "ota-feel: aggregation against location error, on the air",
                [
                    new LinePanel(
                        "T = 64; split frames of 1, 2, 4 and 8 sensing blocks from right to left",
                        new Axis("log10 of the squared location error / m^2"),
                        new Axis("log10 of the aggregation error per fresh symbol"),
                        [.. Lines("measured", d => d.Sum.Measured, d => d.Place.Measured), .. Lines("predicted", d => d.Sum.Predicted, d => d.Place.Predicted)]),
                ])
            { PanelHeight = 420 });
    }

    private static async Task<IReadOnlyList<Design>> RunAsync(
        int blocks, IReadOnlyList<string> methods, int rounds, ulong seed, TextWriter progress, CancellationToken cancellationToken)
    {
        JsonNode document = JsonNode.Parse(DocumentFile.ReadJson(Path.Combine(AppContext.BaseDirectory, "scenarios", "ota-feel-air.yaml"), cancellationToken))!;
        document["rounds"] = rounds;
        document["seed"] = seed;
        document["frame"]!["sensingBlocks"] = blocks;
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("isac-ota-feel-");
        try
        {
            var manifest = new RunManifest(methods, string.Empty, BuildInfo.Version, BuildInfo.Commit, BuildInfo.Runtime, TimeProvider.System.GetUtcNow());
            using RunFolder folder = RunFolder.Create(scratch.FullName, document.ToJsonString(), manifest);
            ConfigurationObject resolved = DocumentFile.Read(folder.ScenarioFile, cancellationToken);
            string fingerprint = resolved.Fingerprint();
            var scenario = OtaFeelScenario.Read(resolved);
            await using SidecarProcess sidecar = await SidecarProcess.StartAsync(folder.ScenarioFile, cancellationToken);
            ArrayRunSummary summary = await new ArrayExperiment(new OtaFeelStudy(scenario), fingerprint, folder).RunAsync(
                sidecar.Address, new ArraySilentLog(), cancellationToken);
            progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{blocks} sensing blocks: {string.Join(", ", methods)}"));
            return
            [
                .. summary.Methods.Select(m => new Design(
                    m.Method == AirMethods.SplitFrame ? FormattableString.Invariant($"{m.Method}, {blocks} blocks") : m.Method,
                    scenario.Frame.PulseLength - (m.Method == AirMethods.SplitFrame ? blocks * scenario.Devices.Count : 0),
                    m.Comparisons.First(c => c.Quantity == OtaFeelStudy.SumsWithSounding),
                    m.Comparisons.First(c => c.Subject == OtaFeelStudy.Federated))),
            ];
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
