using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Planning.Tests.Iscc;

/// <summary>Users that differ by decades, each with one path to the access point and one to the target.</summary>
public sealed class LineOfSightTests
{
    private static readonly IsccPlanner Planner = new(TimeProvider.System);

    [Theory]
    [InlineData(1, 60, 40)]
    [InlineData(2, 40, 30)]
    [InlineData(3, 30, 20)]
    public void Refined_UsersThatDifferByDecades_IsWithinTwoPercentAndNothingIsBelowItsBound(int users, int draws, int leastFeasible)
    {
        int feasible = 0;
        for (ulong seed = 0; seed < (ulong)draws; seed++)
        {
            IsccCase problem = new LineOfSightCases(users).Draw(seed);
            IsccAnswer refined = Planner.Solve(problem, IsccMethods.Refined);
            Assert.True(refined.Feasible || refined.InfeasibilityProven, $"draw {seed}: {string.Join("; ", refined.Reasons)}");
            if (refined.RelativeGap is { } gap)
            {
                feasible++;
                Assert.True(gap is >= 0 and <= 0.02, $"draw {seed}: {gap:P2} above the bound");
            }

            IsccAnswer paper = Planner.Solve(problem, IsccMethods.ScaAdmm);
            Assert.False(paper.Feasible && !refined.Feasible, $"draw {seed}: sca-admm has a plan");
            Assert.True(!paper.Feasible || paper.EnergyCost >= refined.LowerBound, $"draw {seed}: {paper.EnergyCost} below the bound {refined.LowerBound}");
        }

        Assert.True(feasible >= leastFeasible, $"{feasible} feasible");
    }
}
