using System.Diagnostics;
using System.Globalization;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Benchmarks.Planning;

/// <summary>Solving times of the ota-feel planner, how they grow, how far the methods end from each other and from the bound.</summary>
internal static class OtaFeelBench
{
    private const double TargetSeconds = 0.05;
    private static readonly OtaFeelPlanner Planner = new(TimeProvider.System);

    /// <summary>Runs all measurements and prints them.</summary>
    /// <param name="output">Receives the tables.</param>
    public static void Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var paper = new PaperScenario.Settings();
        _ = Time(paper, OtaFeelMethods.Descent, 30);
        Line(output, $"ota-feel planner, K = 15, M = 4, N = 16, T = 16, I = 2, at most 500 iterations; median over ten drawn scenarios, best of three each");
        foreach ((string method, double tolerance) in new[]
        {
            (OtaFeelMethods.Descent, 1e-3), (OtaFeelMethods.Descent, 1e-4), (OtaFeelMethods.Descent, 1e-6), (OtaFeelMethods.Literal, 1e-4), (OtaFeelMethods.Refined, 1e-4),
        })
        {
            (double seconds, double iterations, double gap) = Time(paper, method, 10, tolerance);
            string bound = double.IsNaN(gap) ? string.Empty : FormattableString.Invariant($", gap to the bound {gap:F3}");
            Line(
                output,
                $"  {method,-12} relative change {tolerance:E0} {seconds * 1e3,9:F2} ms {iterations,6:F0} iterations {seconds / iterations * 1e6,8:F1} us each{bound}");
            if (method == OtaFeelMethods.Descent)
            {
                Line(output, $"  x {seconds / TargetSeconds:F3} of the target of {TargetSeconds * 1e3:F0} ms");
            }
        }

        Fit(output, "K", [5, 10, 20, 40], size => paper with { Devices = size, PulseLength = 64 });
        Fit(output, "M", [2, 4, 8], size => paper with { DeviceAntennas = size });
        Fit(output, "N", [8, 16, 32, 64], size => paper with { ServerAntennas = size });
        Fit(output, "T", [16, 64, 256], size => paper with { PulseLength = size });
        Line(output, $"aggregation error: orthogonal pulses (refined, and the bound for any such plan) against one common pulse");
        foreach (int devices in new[] { 5, 10, 15 })
        {
            OtaFeelCase problem = PaperScenario.Create(1, paper with { Devices = devices }).Case;
            OtaFeelAnswer refined = Planner.Solve(problem, OtaFeelMethods.Refined);
            double common = SplitFrame.Create(problem, 0).Aggregation.Mse;
            Line(output, $"  K = {devices,2}: {refined.Plan!.Mse:E3} (bound {refined.LowerBound:E3}) against {common:E3}: x {refined.Plan.Mse / common:F0}");
        }
    }

    private static void Fit(TextWriter output, string variable, int[] sizes, Func<int, PaperScenario.Settings> settings)
    {
        // Per iteration: how many it takes depends on the case more than on its size.
        double[] seconds = [.. sizes.Select(size => Time(settings(size), OtaFeelMethods.Descent, 5)).Select(run => run.Seconds / run.Iterations)];
        double[] x = [.. sizes.Select(size => Math.Log(size))], y = [.. seconds.Select(s => Math.Log(s))];
        double meanX = x.Average(), meanY = y.Average();
        double slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
        string times = string.Join(", ", sizes.Zip(seconds, (size, s) => string.Create(CultureInfo.InvariantCulture, $"{size}: {s * 1e6:F1} us")));
        Line(output, $"bcd, time per iteration ~ {variable}^{slope:F2} ({times})");
    }

    private static (double Seconds, double Iterations, double Gap) Time(
        PaperScenario.Settings settings, string method, int scenarios, double tolerance = 1e-4)
    {
        var runs = new List<(double Seconds, double Iterations, double Gap)>();
        for (ulong seed = 1; seed <= (ulong)scenarios; seed++)
        {
            OtaFeelCase problem = PaperScenario.Create(seed, settings).Case with { Tolerance = tolerance };
            OtaFeelAnswer[] answers = [.. Enumerable.Range(0, 3).Select(_ => Planner.Solve(problem, method))];
            if (!answers[0].Feasible)
            {
                throw new UnreachableException("Benchmark cases are feasible.");
            }

            runs.Add((answers.Min(a => a.SolveTime.TotalSeconds), answers[0].Iterations, answers[0].RelativeGap ?? double.NaN));
        }

        return (Median(runs.Select(r => r.Seconds)), Median(runs.Select(r => r.Iterations)), Median(runs.Select(r => r.Gap)));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
