using System.Diagnostics;
using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Benchmarks.Planning;

/// <summary>Solving times of the isac-fl planner, how they grow, and how far golden section ends from the certified optimum.</summary>
internal static class PlanBench
{
    private static readonly IsacFlPlanner Planner = new(TimeProvider.System);

    /// <summary>Runs all measurements and prints them.</summary>
    /// <param name="output">Receives the tables.</param>
    public static void Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _ = Time(Case(1, 5, 1000), IsacFlMethods.Exact, 50);
        _ = Time(Case(1, 5, 1000), IsacFlMethods.GoldenSection, 50);
        Line(output, $"isac-fl planner, {Environment.ProcessorCount} logical processors");
        Line(output, $"median of runs; K devices, L_max snapshots");
        Line(output, $"method          K      L_max   milliseconds  iterations  relative gap");
        foreach ((int devices, int snapshots, string method) in new[]
        {
            (5, 1000, IsacFlMethods.Exact), (5, 1000, IsacFlMethods.GoldenSection), (10_000, 1000, IsacFlMethods.Exact),
            (10_000, 1000, IsacFlMethods.GoldenSection),
        })
        {
            (double seconds, IsacFlAnswer answer) = Time(Case(1, devices, snapshots), method, devices > 1000 ? 3 : 21);
            Line(
                output,
                $"{method,-14} {devices,6} {snapshots,7} {seconds * 1e3,12:F3} {answer.Iterations,11} {answer.RelativeGap?.ToString("E1", CultureInfo.InvariantCulture) ?? "none",13}");
            if (method == IsacFlMethods.Exact)
            {
                double target = devices > 1000 ? 5 : 0.01;
                Line(output, $"  exact, K = {devices}: x {seconds / target:F3} of the target of {target * 1e3:F0} ms");
            }
        }

        int[] fleetSizes = [1000, 3000, 10_000];
        int[] snapshotCounts = [100, 300, 1000, 3000, 10_000];
        foreach (string method in new[] { IsacFlMethods.Exact, IsacFlMethods.GoldenSection })
        {
            // Fleets small enough for one thread would bend the fit: all of these are divided among threads.
            Fit(output, method, "K", [.. fleetSizes.Select(k => (k, Time(Case(2, k, 300), method, 3)))]);
            Fit(output, method, "L_max", [.. snapshotCounts.Select(n => (n, Time(Case(2, 500, n), method, 5)))]);
        }

        Compare(output, 1000);
        WorstTimes(output, 300);
    }

    private static void Fit(TextWriter output, string method, string variable, (int Size, (double Seconds, IsacFlAnswer Answer) Run)[] runs)
    {
        double[] x = [.. runs.Select(run => Math.Log(run.Size))], y = [.. runs.Select(run => Math.Log(run.Run.Seconds))];
        double[] perIteration = [.. runs.Select(run => Math.Log(run.Run.Seconds / run.Run.Answer.Iterations))];
        string times = string.Join(
            ", ", runs.Select(run => string.Create(CultureInfo.InvariantCulture, $"{run.Size}: {run.Run.Seconds * 1e3:F2} ms/{run.Run.Answer.Iterations}")));
        Line(output, $"{method}: time ~ {variable}^{Slope(x, y):F2}, per iteration ~ {variable}^{Slope(x, perIteration):F2} ({times})");
    }

    private static double Slope(double[] x, double[] y)
    {
        double meanX = x.Average(), meanY = y.Average();
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }

    private static void Compare(TextWriter output, int cases)
    {
        var ratios = new List<double>();
        int repaired = 0;
        for (ulong seed = 0; seed < (ulong)cases; seed++)
        {
            IsacFlCase c = Case(100 + seed, 5, 1000);
            IsacFlAnswer golden = Planner.Solve(c, IsacFlMethods.GoldenSection);
            ratios.Add(golden.Objective / Planner.Solve(c, IsacFlMethods.Exact).Objective);
            repaired += golden.BoundsRepaired == true ? 1 : 0;
        }

        ratios.Sort();
        Line(
            output,
            $"golden-section over exact objective, {cases} random cases of 5 devices: worst {ratios[0]:F4}, 1 % {ratios[cases / 100]:F4}, 10 % {ratios[cases / 10]:F4}, median {ratios[cases / 2]:F6}; bounds (29) had to be repaired in {100.0 * repaired / cases:F1} %");
    }

    private static void WorstTimes(TextWriter output, int cases)
    {
        var runs = new List<(double Seconds, IsacFlAnswer Answer)>();
        for (ulong seed = 0; seed < (ulong)cases; seed++)
        {
            runs.Add(Time(Case(5000 + seed, 5, 1000), IsacFlMethods.Exact, 1));
        }

        double[] seconds = [.. runs.Select(run => run.Seconds).Order()];
        Line(
            output,
            $"exact, {cases} random cases of 5 devices: median {seconds[cases / 2] * 1e3:F3} ms, 99 % {seconds[cases * 99 / 100] * 1e3:F3} ms, longest {seconds[^1] * 1e3:F3} ms, most splits {runs.Max(run => run.Answer.Iterations)}, largest gap {runs.Max(run => run.Answer.RelativeGap):E1}");
    }

    private static (double Seconds, IsacFlAnswer Answer) Time(IsacFlCase c, string method, int repeats)
    {
        var seconds = new double[repeats];
        IsacFlAnswer? answer = null;
        for (int i = 0; i < repeats; i++)
        {
            answer = Planner.Solve(c, method);
            seconds[i] = answer.SolveTime.TotalSeconds;
        }

        Array.Sort(seconds);
        return answer is { Feasible: true } ? (seconds[repeats / 2], answer) : throw new UnreachableException("Benchmark cases are feasible.");
    }

    /// <summary>A feasible case around the paper's Table II: distances, fading, budgets and clocks differ from device to device.</summary>
    private static IsacFlCase Case(ulong seed, int devices, int maxSnapshots)
    {
        var random = new CounterRandom(seed, RandomPurpose.Placement);
        var list = new IsacFlDevice[devices];
        for (int k = 0; k < devices; k++)
        {
            ulong index = 8 * (ulong)k;
            double Uniform(double low, double high) => low + ((high - low) * random.UniformAt(index++));
            list[k] = new IsacFlDevice(
                string.Create(CultureInfo.InvariantCulture, $"d{k}"), 1e-4 * Uniform(0.5, 2), Uniform(10, 30), Uniform(20, 35), 10,
                Uniform(0.3, 3), Uniform(0.3, 3), 20 * Math.Pow(8, Uniform(0, 1)), Uniform(1e-6, 2e-5), 1e6, Uniform(0.02, 0.15));
        }

        return new IsacFlCase(
            100, 20, 0.3, 4, 2e-3, 1e-4, 1e6, new PowerRange(0.05, 2), new PowerRange(0.01, 2), maxSnapshots, list);
    }

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
