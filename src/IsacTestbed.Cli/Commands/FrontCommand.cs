using System.CommandLine;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Cli.Plots;
using IsacTestbed.Cli.Reproduction;
using IsacTestbed.Core;
using IsacTestbed.Planning;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Cli.Commands;

/// <summary><c>isac front CASE</c>: the trade-off of aggregation against sensing error in a case of ota-feel.</summary>
internal static class FrontCommand
{
    private const int MostPoints = 200;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("CASE") { Description = "Case file of ota-feel, JSON or YAML; its sensingErrorLimit is not used." };
        var method = new Option<string>("--method") { Description = "Method at every limit.", DefaultValueFactory = _ => OtaFeelMethods.Refined };
        method.AcceptOnlyFromAmong([.. OtaFeelMethods.All]);
        var points = new Option<int>("--points") { Description = $"Limits, between 2 and {MostPoints}.", DefaultValueFactory = _ => 12 };
        var picture = new Option<string>("--out") { Description = "Plot to write, a file that ends in .svg.", DefaultValueFactory = _ => "front.svg" };
        var output = new Option<string>("--output") { Description = "table, or json for programs, with the precoders of every point.", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", "json");
        var command = new Command(
            "front",
            """
            Trace the Pareto front of a case of ota-feel: the least aggregation error under each limit epsilon_0 of the sensing error, from the tightest
            limit that full power reaches to the one above which none matters.

            Examples:
              isac front scenarios/ota-feel-front.yaml
              isac front case.json --points 30 --out plots/front.svg
              isac front case.json --method bcd --output json > front.json

            Progress goes to standard error. Ctrl-C stops; nothing is written then.
            """)
        {
            file, method, points, picture, output,
        };
        command.SetAction((options, cancellation) => Task.FromResult(Trace(
            options.GetRequiredValue(file),
            options.GetRequiredValue(method),
            options.GetValue(points),
            options.GetRequiredValue(picture),
            options.GetRequiredValue(output) == "json",
            cancellation)));
        return command;
    }

    private static int Trace(string file, string method, int count, string picture, bool json, CancellationToken cancellationToken)
    {
        if (count is < 2 or > MostPoints)
        {
            throw new ConfigurationException("--points", string.Empty, $"found {count}; it must be between 2 and {MostPoints}");
        }

        string name = Path.GetFileName(picture);
        if (!name.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConfigurationException("--out", string.Empty, $"found '{picture}'; it must be the name of a file that ends in .svg");
        }

        OtaFeelCase problem = Read(file, cancellationToken);
        using var folder = ResultFolder.Open(Path.GetDirectoryName(picture) is { Length: > 0 } path ? path : ".");
        folder.Require(name);
        ParetoFront front;
        try
        {
            front = Compute(problem, method, count, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.Error.WriteLine("isac: stopped; nothing is written.");
            return ExitCodes.Interrupted;
        }

        if (json)
        {
            Console.Out.WriteLine(front.ToJson());
        }
        else
        {
            Table(front).WriteText(Console.Out);
        }

        Console.Error.WriteLine($"Written: {folder.Write(name, Chart(front).ToSvg())}");
        return ExitCodes.Success;
    }

    private static OtaFeelCase Read(string file, CancellationToken cancellationToken)
    {
        ConfigurationObject document = DocumentFile.Read(file, cancellationToken);
        IPlanner planner = new PlannerCatalog(TimeProvider.System).Detect(document);
        return planner is OtaFeelPlanner
            ? OtaFeelCase.Read(document)
            : throw document.Error(string.Empty, $"this is a case of {planner.Family}; only cases of ota-feel have a front over epsilon_0, plan this one with: isac plan {file}");
    }

    private static ParetoFront Compute(OtaFeelCase problem, string method, int count, CancellationToken cancellationToken)
    {
        Console.Error.WriteLine("the plan without a limit, above which none matters");
        IReadOnlyList<double> limits = ParetoFront.BindingLimits(problem, count, method, cancellationToken);
        Console.Error.WriteLine(limits.Count == 1
            ? "without a limit all devices take full power: that is best for both errors, and the front is one point"
            : FormattableString.Invariant($"{limits.Count} limits from {limits[0]:G4} to {limits[^1]:G4}"));

        int solved = 0;
        return ParetoFront.Compute(problem, limits, method, Report, cancellationToken);

        void Report(ParetoPoint point)
        {
            Console.Error.WriteLine(FormattableString.Invariant($"{++solved} of {limits.Count} solved: epsilon_0 {point.Limit:G4}, mse {point.Plan.Mse:G5}"));
            if (solved == limits.Count && solved > 1 && method == OtaFeelMethods.Refined)
            {
                Console.Error.WriteLine("neighbouring limits exchange plans");
            }
        }
    }

    private static ResultTable Table(ParetoFront front) => new(
        "Pareto front",
        ["sensingErrorLimit", "mse", "crbLowerBound", "powerWatts", "lowerBound", "relativeGap"],
        [
            .. front.Points.Select(p => (IReadOnlyList<ResultCell>)
            [
                ResultCell.Of(p.Limit, "G6"),
                ResultCell.Of(p.Plan.Mse, "G6"),
                ResultCell.Of(p.Plan.CrbLowerBound, "G6"),
                ResultCell.Of(p.Plan.PowerWatts, "G6"),
                ResultCell.Of(p.LowerBound ?? double.NaN, "G6"),
                ResultCell.Of(p.RelativeGap ?? double.NaN, "F4"),
            ]),
        ]);

    private static SvgFigure Chart(ParetoFront front)
    {
        LineSeries Line(string name, Func<ParetoPoint, double> height) => new(name, [.. front.Points.Select(p => (Math.Log10(p.Limit), height(p)))]);
        LineSeries reached = Line(front.Method, p => p.Plan.Mse);
        LineSeries[] series = front.Points.Any(p => p.LowerBound is not null) ? [reached, Line("lower bound", p => p.LowerBound ?? double.NaN)] : [reached];
        return new SvgFigure("ota-feel: aggregation against sensing error", [new LinePanel("Pareto front", new Axis("log10 of epsilon_0"), new Axis("MSE (7)", 0), series)])
        {
            PanelHeight = 380,
        };
    }
}
