using IsacTestbed.Planning.Iscc;
using Xunit.Abstractions;

namespace IsacTestbed.Planning.Tests.Iscc;

public sealed class Probe(ITestOutputHelper output)
{
    [Fact]
    public void Paper()
    {
        var planner = new IsccPlanner(TimeProvider.System);
        foreach (int users in (int[])[2, 2, 2, 2, 10, 10, 10])
        {
            foreach (double tau in (double[])[0.2, 1])
            {
                IsccCase problem = new IsccScene { Users = users, LatencySeconds = tau, ApCyclesPerSecond = users == 2 ? 10e9 : 50e9 }.Draw(3);
                IsccAnswer a = planner.Solve(problem, IsccMethods.Refined);
                output.WriteLine($"{users} {tau} {a.EnergyCost:G6} {a.LowerBound:G6} gap {a.RelativeGap:P4} it {a.Iterations} {a.SolveTime.TotalMilliseconds:F2} ms alpha {a.Plan?.Offloading[0]:F4} {string.Join(";", a.Reasons)} {a.Check?.Users[0].RateBitsPerSecond:G4} {a.Check?.Users[0].UploadSeconds:G4} {a.Check?.Users[0].PowerWatts:G4}");
            }
        }
    }

    [Fact]
    public void Random()
    {
        var planner = new IsccPlanner(TimeProvider.System);
        for (ulong seed = 0; seed < 200; seed++)
        {
            IsccCase p = RandomCases.Draw(seed);
            string shape = $"{seed} {p.SensingChannels.All(h => IsacTestbed.Planning.LinearAlgebra.SpectralNorm.Of(h).IsRankOne)} {p.Channels.All(h => IsacTestbed.Planning.LinearAlgebra.SpectralNorm.Of(h).IsRankOne)} K={p.Users.Count} Ma={p.Channels[0].Rows} Mt={p.Channels[0].Columns} Mr={p.SensingChannels[0].Rows}";
            try
            {
                IsccAnswer a = planner.Solve(p, IsccMethods.Refined);
                output.WriteLine(a.Feasible
                    ? $"{(a.RelativeGap > 0.02 ? "BAD" : "ok")} {shape} gap {a.RelativeGap:P3} it {a.Iterations} {a.SolveTime.TotalMilliseconds:F1} ms"
                    : $"infeasible {(a.InfeasibilityProven ? "proven" : "UNPROVEN")} {shape} {a.SolveTime.TotalMilliseconds:F1} ms {a.Reasons[0]}");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                output.WriteLine($"CRASH {shape} {e.Message} {e.StackTrace?.Split('\n')[0]}");
            }
        }
    }
}
