using System.Text.Json;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Planning.Tests.OtaFeel;

public sealed class ParetoFrontTests
{
    // More streams than antennas, and weights that fall by device in one task and rise in the other.
    private static readonly OtaFeelCase Equal = RandomCases.Draw(35, 6, 2, 4, 2, 6, equalWeights: true);
    private static readonly OtaFeelCase Unequal =
        Equal with { Weights = [.. Enumerable.Range(0, 6).Select(k => new[] { Math.Pow(0.4, k), Math.Pow(0.4, 5 - k) })] };

    [Fact]
    public void BindingLimits_EqualWeights_AreOneAtFullPower()
    {
        double limit = Assert.Single(ParetoFront.BindingLimits(Equal, 5, OtaFeelMethods.Refined));

        Assert.Equal(Equal.CrbLowerBound(6 * Equal.PowerWatts), limit, 1e-9 * limit);
        Assert.Equal(limit, Assert.Single(ParetoFront.Compute(Equal, [limit], OtaFeelMethods.Refined).Points).Plan.CrbLowerBound, 1e-6 * limit);
    }

    [Theory]
    [InlineData(OtaFeelMethods.Refined)]
    [InlineData(OtaFeelMethods.Descent)]
    [InlineData(OtaFeelMethods.Literal)]
    public void Compute_UnequalWeights_EveryLimitBindsAndCostsAggregation(string method)
    {
        IReadOnlyList<double> limits = ParetoFront.BindingLimits(Unequal, 5, method);
        IReadOnlyList<ParetoPoint> points = ParetoFront.Compute(Unequal, limits, method).Points;

        Assert.Equal(limits, points.Select(p => p.Limit));
        Assert.All(points, p => Assert.InRange(p.Plan.CrbLowerBound, 0.999 * p.Limit, p.Limit * (1 + 1e-9)));
        Assert.True(points[0].Plan.Mse > 1.02 * points[^1].Plan.Mse, $"{points[0].Plan.Mse} and {points[^1].Plan.Mse}");
    }

    [Fact]
    public void Compute_Refined_NeverRisesAndIsNoWorseThanEveryLimitByItself()
    {
        var alone = new List<ParetoPoint>();
        IReadOnlyList<double> limits = ParetoFront.BindingLimits(Unequal, 8, OtaFeelMethods.Refined);
        IReadOnlyList<ParetoPoint> points = ParetoFront.Compute(Unequal, limits, OtaFeelMethods.Refined, alone.Add).Points;

        foreach ((ParetoPoint together, ParetoPoint before) in points.Zip(alone.OrderBy(p => p.Limit)))
        {
            Assert.Equal(before.Limit, together.Limit);
            Assert.True(together.Plan.Mse <= before.Plan.Mse);
            Assert.InRange(together.LowerBound!.Value, 0, together.Plan.Mse);
        }

        // The plan of a tighter limit keeps the looser one, too, and was a start there.
        Assert.All(points.Zip(points.Skip(1)), pair => Assert.True(pair.Second.Plan.Mse <= pair.First.Plan.Mse * (1 + 2e-5)));
    }

    [Fact]
    public void Compute_InfeasibleLimits_AreLeftOut()
    {
        double smallest = Unequal.CrbLowerBound(6 * Unequal.PowerWatts);

        Assert.Equal(1.5 * smallest, Assert.Single(ParetoFront.Compute(Unequal, [0.5 * smallest, 1.5 * smallest], OtaFeelMethods.Descent).Points).Limit);
    }

    [Fact]
    public void ToJson_PrecodersOfEveryPoint_HaveItsErrorAndItsPower()
    {
        var front = ParetoFront.Compute(Unequal, ParetoFront.BindingLimits(Unequal, 3, OtaFeelMethods.Descent), OtaFeelMethods.Descent);

        JsonElement[] points = [.. JsonDocument.Parse(front.ToJson()).RootElement.GetProperty("points").EnumerateArray()];
        Assert.Equal(3, points.Length);
        foreach ((JsonElement json, ParetoPoint point) in points.Zip(front.Points))
        {
            ComplexMatrix[] precoders =
            [
                .. json.GetProperty("precoders").EnumerateArray().Select(c => ComplexMatrix.Create(
                    2, 2, (m, i) => new System.Numerics.Complex(c[m][i][0].GetDouble(), c[m][i][1].GetDouble()))),
            ];
            var plan = OtaFeelPlan.Create(Unequal, point.Plan.Pulses, precoders);
            Assert.Equal(json.GetProperty("mse").GetDouble(), plan.Mse, 1e-9 * plan.Mse);
            Assert.Equal(json.GetProperty("powerWatts").GetDouble(), plan.PowerWatts, 1e-9 * plan.PowerWatts);
            Assert.Equal(json.GetProperty("crbLowerBound").GetDouble(), plan.CrbLowerBound, 1e-9 * plan.CrbLowerBound);
        }
    }
}
