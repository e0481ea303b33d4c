namespace IsacTestbed.Core.Tests.Scenarios;

public sealed class TargetDwellTests
{
    private const int Dwells = 20_000;

    [Fact]
    public void SineAt_AnyDwell_LiesInItsBeam()
    {
        var target = new TargetDwell(3, 1, 8, 0.9);
        for (long dwell = 0; dwell < Dwells; dwell++)
        {
            double position = ((target.SineAt(dwell) / 0.9) + 1) / 2 * 8;
            Assert.InRange(position, target.BeamAt(dwell), target.BeamAt(dwell) + 1);
        }
    }

    /// <summary>A cell's count deviates by the root of its expectation; five times that is allowed.</summary>
    [Fact]
    public void Bearings_OverDwells_AreUniformInTheSine()
    {
        const int cells = 16;
        var target = new TargetDwell(3, 0, 4, 0.9);
        int[] counts = new int[cells];
        for (long dwell = 0; dwell < Dwells; dwell++)
        {
            counts[Math.Min((int)(((target.SineAt(dwell) / 0.9) + 1) / 2 * cells), cells - 1)]++;
        }

        const double expected = (double)Dwells / cells;
        Assert.All(counts, c => Assert.InRange(c, expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected))));
    }

    /// <summary>Whoever guesses from the dwell before, or from another device, is right as often as chance.</summary>
    [Fact]
    public void Beams_OfNeighbouringDwellsAndOtherTargets_AreIndependent()
    {
        const int beams = 4;
        TargetDwell one = new(3, 0, beams, 0.9), other = new(3, 1, beams, 0.9);
        int next = 0, across = 0;
        for (long dwell = 0; dwell < Dwells; dwell++)
        {
            next += one.BeamAt(dwell) == one.BeamAt(dwell + 1) ? 1 : 0;
            across += one.BeamAt(dwell) == other.BeamAt(dwell) ? 1 : 0;
        }

        const double expected = (double)Dwells / beams;
        double bound = 5 * Math.Sqrt(expected * (1 - (1.0 / beams)));
        Assert.InRange(next, expected - bound, expected + bound);
        Assert.InRange(across, expected - bound, expected + bound);
    }
}
