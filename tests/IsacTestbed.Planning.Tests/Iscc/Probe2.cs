using IsacTestbed.Planning.Iscc;
using Xunit.Abstractions;

namespace IsacTestbed.Planning.Tests.Iscc;

public sealed class Probe2(ITestOutputHelper output)
{
    [Fact]
    public void Methods()
    {
        var planner = new IsccPlanner(TimeProvider.System);
        foreach (int users in (int[])[2, 10])
        {
            foreach (double tau in (double[])[0.2, 0.3, 0.5, 1])
            {
                IsccCase problem = new IsccScene { Users = users, LatencySeconds = tau, ApCyclesPerSecond = users == 2 ? 10e9 : 50e9 }.Draw(3);
                foreach (string m in IsccMethods.All)
                {
                    IsccAnswer a = planner.Solve(problem, m);
                    output.WriteLine($"{users} {tau} {m,-14} {a.EnergyCost:G6} it {a.Iterations} {a.SolveTime.TotalMilliseconds:F2} ms alpha {a.Plan?.Offloading[0]:F4} {string.Join(";", a.Reasons)}");
                }
            }
        }
        for (ulong seed = 0; seed < 60; seed++)
        {
            IsccCase p = RandomCases.Draw(seed);
            string line = $"{seed} K={p.Users.Count}";
            foreach (string m in IsccMethods.All)
            {
                try
                {
                    IsccAnswer a = planner.Solve(p, m);
                    line += $" {m}:{a.EnergyCost:G5}({a.Iterations},{a.SolveTime.TotalMilliseconds:F0}ms)";
                }
                catch (Exception e) when (e is not OperationCanceledException) { line += $" CRASH {e.Message} {e.StackTrace?.Split('\n')[0]}"; }
            }
            output.WriteLine(line);
        }
    }
}
