using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Cli.Reproduction.OtaFeel;

/// <summary>Fig. 7: sensing and aggregation error over the number of devices for several numbers of tasks.</summary>
internal static class DevicesFigure
{
    private static readonly int[] Fleets = [4, 8, 12, 16, 20];
    private static readonly int[] Tasks = [1, 2, 3];

    /// <summary>Plans drawn cases.</summary>
    public static FigureResult Create(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        int draws = options.Budget == "quick" ? 3 : 20;
        var planner = new OtaFeelPlanner(TimeProvider.System);
        var points = new List<(int Tasks, int Devices, double Mse, double Common, double Crb, double Gap)>();
        foreach (int tasks in Tasks)
        {
            foreach (int devices in Fleets)
            {
                double mse = 0, common = 0, crb = 0, gap = 0;
                for (ulong i = 0; i < (ulong)draws; i++)
                {
                    OtaFeelCase problem = Draw(options.Seed + i, devices, tasks);
                    OtaFeelAnswer answer = planner.Solve(problem, OtaFeelMethods.Refined, cancellationToken);
                    mse += answer.Plan!.Mse / draws;
                    crb += answer.Plan.CrbLowerBound / draws;
                    gap = Math.Max(gap, answer.RelativeGap ?? 0);
                    common += SplitFrame.Create(problem, 0, cancellationToken).Aggregation.Mse / draws;
                }

                points.Add((tasks, devices, mse, common, crb, gap));
                progress.WriteLine($"I = {tasks}, K = {devices}");
            }
        }

        double[] Of(int tasks, Func<(int Tasks, int Devices, double Mse, double Common, double Crb, double Gap), double> value) =>
            [.. points.Where(p => p.Tasks == tasks).Select(value)];
        static string Sense(double[] values) =>
            values.Zip(values.Skip(1)).All(p => p.Second > p.First) ? "rises" : values.Zip(values.Skip(1)).All(p => p.Second < p.First) ? "falls" : "neither";
        LineSeries Line(string name, int tasks, Func<(int Tasks, int Devices, double Mse, double Common, double Crb, double Gap), double> value) =>
            new(name, [.. points.Where(p => p.Tasks == tasks).Select(p => ((double)p.Devices, OtaFeelFigures.Log(value(p))))]);
        return new FigureResult(
            7,
            "Sensing and aggregation error over the number of devices",
            FormattableString.Invariant($"M = 4, N = 16, T = 20, equal weights of one, the same echo noise everywhere, {draws} draws per point from seed {options.Seed}"),
            [
                new ResultTable(
                    "Paper beside ours",
                    ["statement", "paper", "ours"],
                    [
                        ["aggregation error over K", "rises", string.Join(", ", Tasks.Select(i => $"I = {i}: {Sense(Of(i, p => p.Mse))}"))],
                        ["CRB_L over K", "falls", string.Join(", ", Tasks.Select(i => $"I = {i}: {Sense(Of(i, p => p.Crb))}"))],
                        ["aggregation error over I", "rises", Fleets.All(k => Sense([.. points.Where(p => p.Devices == k).Select(p => p.Mse)]) == "rises") ? "rises at every K" : "not at every K"],
                        ["CRB_L over I", "rises", "does not: CRB_L depends on the sum of powers alone, and with equal weights that is full power for any I"],
                    ]),
                new ResultTable(
                    "Means over the draws",
                    ["I", "K", "MSE (7)", "largest gap to the bound", "MSE with a common pulse", "CRB_L"],
                    [
                        .. points.Select(p => (IReadOnlyList<ResultCell>)
                        [
                            ResultCell.Of(p.Tasks, "F0"), ResultCell.Of(p.Devices, "F0"), ResultCell.Of(p.Mse, "G4"), ResultCell.Percent(p.Gap), ResultCell.Of(p.Common, "G3"), ResultCell.Of(p.Crb, "G3"),
                        ]),
                    ]),
            ],
            [
                OtaFeelFigures.OpenFigures,
                "CRB_L is a design figure: its constant is only an inequality, so it is no error in square metres.",
                "The common pulse is what over-the-air aggregation is for: with orthogonal pulses every cross term of (7) vanishes and the server has to decode all K I streams one by one with N antennas.",
            ],
            new SvgFigure(
                "ota-feel, Fig. 7: errors over the number of devices",
                [
                    new LinePanel(
                        "Aggregation error",
                        new Axis("devices K", 4, 20),
                        new Axis("log10 of the MSE (7)"),
                        [.. Tasks.Select(i => Line($"orthogonal, I = {i}", i, p => p.Mse)), .. Tasks.Select(i => Line($"common pulse, I = {i}", i, p => p.Common))]),
                    new LinePanel(
                        "CRB_L",
                        new Axis("devices K", 4, 20),
                        new Axis("log10 of CRB_L"),
                        [.. Tasks.Select(i => Line($"orthogonal, I = {i}", i, p => p.Crb))]),
                ]));
    }

    // One scene for all K and I: the constant and the echo noise must not change along the axis.
    private static OtaFeelCase Draw(ulong seed, int devices, int tasks)
    {
        OtaFeelCase largest = PaperScenario.Create(seed, new PaperScenario.Settings { Devices = 20, PulseLength = 20 }).Case;
        OtaFeelCase drawn = PaperScenario.Create(seed, new PaperScenario.Settings { Devices = devices, Tasks = tasks, PulseLength = 20 }).Case;
        OtaFeelCase problem = drawn with
        {
            SensingErrorConstant = largest.SensingErrorConstant,
            SensingNoise = [.. Enumerable.Repeat(largest.SensingNoise[0], devices)],
            Weights = [.. Enumerable.Range(0, devices).Select(_ => Enumerable.Repeat(1.0, tasks).ToArray())],
        };
        return problem with { SensingErrorLimit = problem.CrbLowerBound(0.8 * devices * problem.PowerWatts) };
    }
}
