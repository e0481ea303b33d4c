using IsacTestbed.Cli.Plots;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Cli.Reproduction.Iscc;

/// <summary>Fig. 9: what a plan made for estimated channels achieves on channels that differ by an error of bounded norm.</summary>
internal static class CsiFigure
{
    private static readonly double[] Errors = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3];

    /// <summary>Plans once per draw, then perturbs.</summary>
    public static FigureResult Create(ReproductionOptions options, CancellationToken cancellationToken)
    {
        int draws = options.Budget == "quick" ? 5 : 50;
        const int ErrorsPerDraw = 4;
        var planner = new IsccPlanner(TimeProvider.System);
        double[] randomLoss = new double[Errors.Length], adverseLoss = new double[Errors.Length];
        double[] randomUpload = new double[Errors.Length], adverseUpload = new double[Errors.Length];
        for (int draw = 0; draw < draws; draw++)
        {
            IsccCase problem = new IsccScene().Draw(options.Seed + (ulong)draw);
            IsccAnswer answer = planner.Solve(problem, IsccMethods.ScaAdmm, cancellationToken);
            IsccPlan plan = answer.Plan ?? throw new InvalidOperationException($"The scene of Fig. 9 is infeasible: {string.Join("; ", answer.Reasons)}");
            for (int i = 0; i < Errors.Length; i++)
            {
                for (int e = 0; e < ErrorsPerDraw; e++)
                {
                    Add(CsiError.Random(problem, Errors[i], (options.Seed * 1000) + (ulong)((draw * ErrorsPerDraw) + e)), 1.0 / ErrorsPerDraw, ref randomLoss[i], ref randomUpload[i]);
                }

                Add(CsiError.Adverse(problem, plan, Errors[i]), 1, ref adverseLoss[i], ref adverseUpload[i]);
            }

            void Add(IsccCase actual, double weight, ref double loss, ref double upload)
            {
                var check = PlanCheck.Of(actual, plan);
                loss += weight * check.Users.Zip(answer.Check!.Users, (a, p) => 10 * Math.Log10(p.SensingSinr / a.SensingSinr)).Average() / draws;
                upload += weight * check.Users.Average(u => u.UploadSeconds) / draws;
            }
        }

        var table = new ResultTable(
            "Ours over the error bound",
            ["phi / |H|", "sensing SINR loss / dB, random error", "upload / ms, random error", "sensing SINR loss / dB, adverse error", "upload / ms, adverse error"],
            [
                .. Errors.Select((x, i) => (IReadOnlyList<ResultCell>)
                [
                    ResultCell.Of(x, "F2"), ResultCell.Of(randomLoss[i], "F2"), ResultCell.Of(1e3 * randomUpload[i], "F3"), ResultCell.Of(adverseLoss[i], "F2"), ResultCell.Of(1e3 * adverseUpload[i], "F3"),
                ]),
            ]);
        var comparison = new ResultTable(
            "Paper beside ours",
            ["statement", "paper", "ours"],
            [
                ["upload without error", "4.83 ms", FormattableString.Invariant($"{1e3 * randomUpload[0]:F2} ms")],
                ["upload at the largest error", "6.35 ms", FormattableString.Invariant($"{1e3 * randomUpload[^1]:F2} ms random, {1e3 * adverseUpload[^1]:F2} ms adverse, at phi = {Errors[^1]} |H|")],
                ["the sensing SINR loss rises steadily", "yes", adverseLoss.Zip(adverseLoss.Skip(1)).All(p => p.Second >= p.First) ? "yes, adverse" : "no"],
            ]);
        LineSeries Line(string name, double[] values, double scale) => new(name, [.. Errors.Select((x, i) => (x, scale * values[i]))]);
        var axis = new Axis("phi / |H|", 0);
        return new FigureResult(
            9,
            "imperfect channel knowledge",
            FormattableString.Invariant($"Table I, latency 0.2 s; {draws} draws from seed {options.Seed}, {ErrorsPerDraw} random errors and the adverse one each; SCA-ADMM plans"),
            [comparison, table],
            [
                "The paper's offloading latency of some milliseconds can only be the upload t^com: with the processing it stands at the latency constraint, since the slowest clock is the cheapest.",
                "Its scale of phi is not given; here phi is relative to the norm of each channel and applies to H_k and to H~_k.",
                "A random error of bounded norm points almost nowhere near the planned beams of 64 x 64 antennas; the adverse one is the rank-one error against the planned combiner and beam, the worst for the own signal.",
                "Plans meet the sensing threshold with equality, so any loss violates it: a robust plan would need the loss as a margin.",
            ],
            new SvgFigure(
                "iscc, Fig. 9: imperfect channel knowledge",
                [
                    new LinePanel("Sensing SINR loss", axis, new Axis("loss / dB", 0), [Line("random error", randomLoss, 1), Line("adverse error", adverseLoss, 1)]),
                    new LinePanel("Upload", axis, new Axis("t^com / ms", 0), [Line("random error", randomUpload, 1e3), Line("adverse error", adverseUpload, 1e3)]),
                ])
            { Columns = 2, PanelWidth = 500, PanelHeight = 380 });
    }
}
