using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Planning.Tests.Iscc;

/// <summary>Channels without a dominant direction, where <c>refined</c> and its bound have the least to hold on to.</summary>
public sealed class RayleighTests
{
    private const int Draws = 3;
    private const int Starts = 40;

    // Not those that the planner itself begins with.
    private const int First = 1000;
    private static readonly IsccPlanner Planner = new(TimeProvider.System);

    // Where the bound is loose its proof is not worth less: designs that start anywhere end at points no bound chose, and the best of them
    // are about as cheap as points can be.
    [Theory]
    [InlineData(2, 2, 2, 2, 10, 5)]
    [InlineData(3, 2, 2, 4, 20, 10)]
    [InlineData(3, 4, 4, 4, 0, 0)]
    [InlineData(4, 4, 2, 4, 10, 10)]
    public void Refined_DesignsFromAnywhere_CostNoLessThanTheBoundAndHardlyLessThanThePlan(
        int users, int ap, int transmit, int receive, double uplink, double echo)
    {
        int found = 0, cases = 0;
        foreach ((bool oneTarget, ulong seed) in All())
        {
            IsccCase problem = new RayleighCases(users, ap, transmit, receive, uplink, echo).Draw(seed, oneTarget);
            if (Planner.Solve(problem, IsccMethods.Refined) is not { Feasible: true } answer)
            {
                continue;
            }

            cases++;
            var network = Network.Shared(problem);
            var refinement = new BeamRefinement(network, SensingFloor.Of(network));
            for (int i = 0; i < Starts; i++)
            {
                (BeamSet beams, double[] powers) = ScatteredStart.Anywhere(network, First + i);
                if (refinement.From(beams, powers, 0, CancellationToken.None) is { Score.Stage: ScoreStage.Cost } point)
                {
                    found++;
                    Assert.True(point.Score.Value >= answer.LowerBound, $"draw {seed}: {point.Score.Value} below the bound {answer.LowerBound}");
                    Assert.True(point.Score.Value >= 0.99 * answer.EnergyCost, $"draw {seed}: {point.Score.Value} where the plan costs {answer.EnergyCost}");
                }
            }
        }

        Assert.True(cases >= Draws && found >= 10 * cases, $"{found} points of {cases} cases");
    }

    [Theory]
    [InlineData(2, 4, 4, 4, 20, 10)]
    [InlineData(2, 8, 4, 8, 0, 0)]
    [InlineData(3, 4, 4, 4, 10, 5)]
    [InlineData(4, 8, 4, 8, 10, 5)]
    [InlineData(8, 16, 8, 16, 10, 5)]
    public void Refined_MoreAntennasThanBeams_IsWithinTwoPercent(int users, int ap, int transmit, int receive, double uplink, double echo)
    {
        foreach ((bool oneTarget, ulong seed) in All())
        {
            IsccAnswer answer = Planner.Solve(new RayleighCases(users, ap, transmit, receive, uplink, echo).Draw(seed, oneTarget), IsccMethods.Refined);
            Assert.True(answer.Feasible || answer.InfeasibilityProven, $"draw {seed}: neither plan nor proof");
            Assert.InRange(answer.RelativeGap ?? 0, 0, 0.02);
        }
    }

    private static IEnumerable<(bool OneTarget, ulong Seed)> All() =>
        from oneTarget in (bool[])[true, false]
        from seed in Enumerable.Range(1, Draws)
        select (oneTarget, (ulong)seed);
}
