using System.Diagnostics;
using System.Globalization;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Benchmarks.Planning;

/// <summary>Solving times of the iscc planner, and how they grow with users and antennas.</summary>
internal static class IsccBench
{
    private static readonly IsccPlanner Planner = new(TimeProvider.System);

    /// <summary>Runs all measurements and prints them.</summary>
    /// <param name="output">Receives the tables.</param>
    public static void Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        for (ulong seed = 0; seed < 60; seed++)
        {
            _ = Planner.Solve(Scene(2, 64).Draw(seed), IsccMethods.Refined);
        }

        Line(output, $"iscc planner, one thread; median over ten draws");
        Line(output, $"method          K  antennas  milliseconds  of target  largest gap");
        foreach ((int users, string method, double target) in new[]
        {
            (2, IsccMethods.Refined, 0.010), (10, IsccMethods.Refined, 1), (2, IsccMethods.ScaAdmm, 0.075), (10, IsccMethods.ScaAdmm, 1),
        })
        {
            (double seconds, double gap) = Median(Scene(users, 64), method, 10);
            Line(output, $"{method,-14} {users,2} {64,9} {seconds * 1e3,13:F2} {seconds / target,10:F2} {(double.IsNaN(gap) ? "none" : gap.ToString("P3", CultureInfo.InvariantCulture)),12}");
        }

        Fit(output, "K", [2, 3, 5, 7, 10], n => Scene(n, 64));
        Fit(output, "antennas", [16, 24, 32, 48, 64, 96], n => Scene(2, n));
    }

    // Users within 20 m of the target, so that arrays of 16 antennas can sense it too.
    private static IsccScene Scene(int users, int antennas) => new()
    {
        Users = users,
        ApAntennas = antennas,
        TransmitAntennas = antennas,
        ReceiveAntennas = antennas,
        MaxSensingMeters = 20,
        ApCyclesPerSecond = 5e9 * users,
    };

    private static void Fit(TextWriter output, string variable, int[] sizes, Func<int, IsccScene> scene)
    {
        double[] seconds = [.. sizes.Select(n => Median(scene(n), IsccMethods.Refined, 7).Seconds)];
        double[] x = [.. sizes.Select(n => Math.Log(n))], y = [.. seconds.Select(s => Math.Log(s))];
        double meanX = x.Average(), meanY = y.Average();
        double slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
        Line(output, $"refined: time ~ {variable}^{slope:F2} ({string.Join(", ", sizes.Zip(seconds, (n, s) => FormattableString.Invariant($"{n}: {s * 1e3:F2} ms")))})");
    }

    private static (double Seconds, double Gap) Median(IsccScene scene, string method, int draws)
    {
        double[] times = new double[draws];
        double gap = double.NaN;
        for (int i = 0; i < draws; i++)
        {
            IsccCase problem = scene.Draw((ulong)(100 + i));
            _ = Planner.Solve(problem, method);
            long start = Stopwatch.GetTimestamp();
            IsccAnswer answer = Planner.Solve(problem, method);
            times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            gap = answer.RelativeGap is { } found ? double.IsNaN(gap) ? found : Math.Max(gap, found) : gap;
        }

        Array.Sort(times);
        return (times[draws / 2], gap);
    }

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
