using System.Numerics;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.Iscc;

public sealed class SensingBeamsTests
{
    /// <summary>
    /// A strong user and a weak one whose strongest echoes arrive from the same direction; the strong one has a second path from another. Alone
    /// along the first it needs a hundredth of its budget, but then the weak one drowns: the two thresholds of 2 cannot both hold in one
    /// direction at any powers, since p / (1 + q) and q / (1 + p) would both have to be 2.
    /// </summary>
    [Fact]
    public void Turn_StrongUserBesideAWeakOne_LeavesItsStrongestPath()
    {
        IsccCase problem = Case(Matrix(20, 7, 0, 0), Matrix(2, 0, 0, 0));
        var network = Network.Shared(problem);
        var beams = new SensingBeams(network, SensingFloor.Of(network));
        Assert.Equal(1, beams.Directions[0][0].Magnitude, 6);

        int turns = 0;
        while (!beams.Turn())
        {
            Assert.InRange(++turns, 0, 20);
        }

        var set = new BeamSet(network, [.. network.Uplink.Select(h => h.Right), .. beams.Directions]);
        double[] faint = [1e-9, 1e-9];
        OperatingPoint point = OperatingPoint.TryCreate(set, faint, SensingFloor.Of(network).PowerWatts)!;
        Assert.NotNull(point);
        Assert.All(Enumerable.Range(0, 2), k => Assert.Equal(2, point.Users.Sinr(2 + k), 1e-6));
        Assert.InRange(beams.Directions[0][1].Magnitude, 0.5, 1);
    }

    /// <summary>Where no directions help, every turn says so.</summary>
    [Fact]
    public void Turn_OnePathForAll_NeverFits()
    {
        IsccCase problem = Case(Matrix(20, 0, 0, 0), Matrix(2, 0, 0, 0));
        var network = Network.Shared(problem);
        var beams = new SensingBeams(network, SensingFloor.Of(network) with { PowerWatts = [0.01, 0.5] });
        Assert.All(Enumerable.Range(0, 20), _ => Assert.False(beams.Turn()));
        Assert.All(beams.Directions, u => Assert.Equal(1, u.SquaredNorm(), 9));
    }

    // Two users before two antennas each way, unit noise and budget.
    private static IsccCase Case(params ComplexMatrix[] echoes)
    {
        IsccCase any = RandomCases.Draw(1005);
        return any with
        {
            MaxPowerWatts = 1,
            ApNoiseWatts = 1,
            SensingNoiseWatts = 1,
            SensingSinrThreshold = 2,
            Users = [.. any.Users.Take(2)],
            Channels = [Matrix(1, 1, 0, 0), Matrix(1, 1, 0, 0)],
            SensingChannels = echoes,
        };
    }

    private static ComplexMatrix Matrix(Complex a, Complex d, Complex b, Complex c) =>
        ComplexMatrix.Create(2, 2, (i, j) => (i, j) switch { (0, 0) => a, (1, 1) => d, (0, 1) => b, _ => c });
}
