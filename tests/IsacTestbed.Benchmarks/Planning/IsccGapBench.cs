using System.Globalization;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.Tests.Iscc;

namespace IsacTestbed.Benchmarks.Planning;

/// <summary>How far iscc's refined plans are from their bounds over cases drawn down to single antennas and overloaded arrays, and over scenes as in Table I.</summary>
internal static class IsccGapBench
{
    private const ulong First = 1000;
    private const int Draws = 200;
    private const int Placements = 16;
    private const int RayleighDraws = 20;
    private const string Columns = "draws  feasible  proven infeasible  open  gap below 2 %  median gap  largest  median ms  longest ms";

    // The gap that a refined plan is to stay below.
    private const double Target = 0.02;
    private static readonly int[] Users = [1, 2, 4, 10];
    private static readonly int[] Antennas = [4, 8, 16, 24, 64];

    // Users, antennas (access point, transmit, echo) and decibels (uplink, echo) per pair of antennas.
    private static readonly RayleighCases[] Rayleigh =
    [
        new(2, 2, 2, 2, 20, 10),
        new(2, 2, 2, 2, 10, 5),
        new(2, 4, 2, 2, 20, 10),
        new(2, 4, 2, 2, 10, 5),
        new(2, 4, 2, 4, 20, 10),
        new(2, 4, 2, 4, 10, 5),
        new(2, 4, 4, 4, 20, 10),
        new(2, 4, 4, 4, 10, 5),
        new(2, 4, 4, 4, 0, 0),
        new(2, 8, 4, 8, 0, 0),
        new(3, 2, 2, 4, 20, 10),
        new(3, 4, 4, 4, 10, 5),
        new(3, 4, 4, 4, 0, 0),
        new(4, 4, 2, 4, 20, 10),
        new(4, 4, 4, 4, 20, 10),
        new(4, 8, 4, 8, 10, 5),
        new(6, 8, 4, 8, 20, 10),
        new(8, 16, 8, 16, 10, 5),
    ];

    /// <summary>Solves the draws and prints one line per class.</summary>
    /// <param name="output">Receives the table.</param>
    public static void Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var planner = new IsccPlanner(TimeProvider.System);
        for (ulong seed = 0; seed < 30; seed++)
        {
            _ = planner.Solve(RandomCases.Draw(seed), IsccMethods.Refined);
        }

        Line(output, $"{"iscc refined; times on two threads",-40} {Columns}");
        Line(output, $"draws {First} to {First + Draws - 1}: 1 to 10 users, 1 to 64 antennas each");
        (IsccCase Problem, IsccAnswer Answer)[] solved = Solve(planner, Enumerable.Range(0, Draws).Select(i => RandomCases.Draw(First + (ulong)i)));
        Report(output, "all", solved);
        Report(output, "line of sight, AP antennas > users", solved.Where(s => !Rich(s.Problem) && !Loaded(s.Problem)));
        Report(output, "line of sight, AP antennas <= users", solved.Where(s => !Rich(s.Problem) && Loaded(s.Problem)));
        Report(output, "rich, AP antennas > users", solved.Where(s => Rich(s.Problem) && !Loaded(s.Problem)));
        Report(output, "rich, AP antennas <= users", solved.Where(s => Rich(s.Problem) && Loaded(s.Problem)));
        Report(output, "one transmit antenna", solved.Where(s => s.Problem.Channels[0].Columns == 1));
        Report(output, "echoes of two paths", solved.Where(s => s.Problem.SensingChannels.Any(h => !IsRankOne(h))));
        Line(output, $"scenes as in Table I, placements {First} to {First + Placements - 1}, 0.2, 0.5 and 1 s, access point of 5 GHz per user");
        (string Name, (IsccCase Problem, IsccAnswer Answer)[] Solved)[] scenes =
        [
            .. Users.SelectMany(users => Antennas.Select(antennas => ($"{users} users, {antennas} antennas", Solve(planner, Scenes(users, antennas))))),
        ];
        foreach ((string name, (IsccCase Problem, IsccAnswer Answer)[] cases) in scenes)
        {
            Report(output, name, cases);
        }

        Report(output, "all scenes", scenes.SelectMany(s => s.Solved));
        Line(output, $"Rayleigh uplinks, 0.3 s, access point of 5 GHz per user: users, antennas (access point / transmit / echo), dB per pair of antennas (uplink, echo)");
        foreach (bool oneTarget in (bool[])[true, false])
        {
            foreach (RayleighCases cases in Rayleigh)
            {
                string name = FormattableString.Invariant(
                    $"{cases.Users}, {cases.ApAntennas}/{cases.TransmitAntennas}/{cases.ReceiveAntennas}, {cases.UplinkDecibels}, {cases.EchoDecibels}, echo {(oneTarget ? "of one path" : "Rayleigh")}");
                Report(output, name, Solve(planner, Enumerable.Range(0, RayleighDraws).Select(i => cases.Draw(First + (ulong)i, oneTarget))));
            }
        }

        output.WriteLine();
        foreach ((IsccCase problem, IsccAnswer answer) in solved.Where(s => s.Answer is { Feasible: false, InfeasibilityProven: false } || s.Answer.RelativeGap > Target))
        {
            int draw = Array.FindIndex(solved, s => s.Answer == answer);
            string result = answer.RelativeGap is { } gap ? gap.ToString("P1", CultureInfo.InvariantCulture) : "open";
            Line(output, $"draw {First + (ulong)draw}: {problem.Users.Count} users, antennas {problem.Channels[0].Rows} / {problem.Channels[0].Columns} / {problem.SensingChannels[0].Rows} (access point, transmit, echo), {(Rich(problem) ? "rich" : "line of sight")}: {result}");
        }
    }

    private static (IsccCase Problem, IsccAnswer Answer)[] Solve(IsccPlanner planner, IEnumerable<IsccCase> cases) =>
        [.. cases.Select(c => (c, planner.Solve(c, IsccMethods.Refined)))];

    private static IEnumerable<IsccCase> Scenes(int users, int antennas) =>
        from latency in (double[])[0.2, 0.5, 1]
        from placement in Enumerable.Range(0, Placements)
        select new IsccScene
        {
            Users = users,
            ApAntennas = antennas,
            TransmitAntennas = antennas,
            ReceiveAntennas = antennas,
            LatencySeconds = latency,
            ApCyclesPerSecond = 5e9 * Math.Max(2, users),
        }.Draw(First + (ulong)placement);

    private static void Report(TextWriter output, string name, IEnumerable<(IsccCase Problem, IsccAnswer Answer)> solved)
    {
        IsccAnswer[] answers = [.. solved.Select(s => s.Answer)];
        double[] gaps = [.. answers.Where(a => a.RelativeGap is not null).Select(a => a.RelativeGap!.Value).Order()];
        double[] times = [.. answers.Select(a => a.SolveTime.TotalMilliseconds).Order()];
        string tight = gaps.Length > 0 ? FormattableString.Invariant($"{gaps.Count(g => g <= Target)} of {gaps.Length}") : "none";
        string median = gaps.Length > 0 ? gaps[gaps.Length / 2].ToString("P2", CultureInfo.InvariantCulture) : "-";
        string largest = gaps.Length > 0 ? gaps[^1].ToString("P1", CultureInfo.InvariantCulture) : "-";
        Line(output, $"{name,-40} {answers.Length,5} {gaps.Length,9} {answers.Count(a => a.InfeasibilityProven),18} {answers.Count(a => a is { Feasible: false, InfeasibilityProven: false }),5} {tight,14} {median,11} {largest,8} {(times.Length > 0 ? times[times.Length / 2] : 0),10:F1} {(times.Length > 0 ? times[^1] : 0),11:F0}");
    }

    private static bool Loaded(IsccCase problem) => problem.Channels[0].Rows <= problem.Users.Count;

    private static bool Rich(IsccCase problem) => problem.Channels.Any(h => !IsRankOne(h));

    // Whether all rows are multiples of the first one.
    private static bool IsRankOne(IsacTestbed.Planning.LinearAlgebra.ComplexMatrix matrix)
    {
        for (int i = 1; i < matrix.Rows; i++)
        {
            for (int j = 1; j < matrix.Columns; j++)
            {
                if (((matrix[i, j] * matrix[0, 0]) - (matrix[i, 0] * matrix[0, j])).Magnitude > 1e-9 * (matrix[i, j] * matrix[0, 0]).Magnitude)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
