using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests;

public sealed class QuasiNewtonAscentTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(50)]
    public void Climb_RosenbrocksValleyTurnedUp_ReachesItsTop(int length)
    {
        double[] point = [.. Enumerable.Range(0, length).Select(i => i % 2 == 0 ? -1.2 : 1.0)];

        (double value, int steps) = new QuasiNewtonAscent(length).Climb(Rosenbrock, point, 0, 2000, CancellationToken.None);

        Assert.InRange(value, -1e-12, 0);
        Assert.All(point, x => Assert.Equal(1, x, 1e-5));
        Assert.InRange(steps, 10, 1999);
    }

    [Fact]
    public void Climb_FewSteps_ReturnsThePointWhoseValueItReports()
    {
        for (int most = 0; most < 12; most++)
        {
            double[] point = [-1.2, 1, -1.2, 1], gradient = new double[4];

            (double value, int steps) = new QuasiNewtonAscent(4).Climb(Rosenbrock, point, 0, most, CancellationToken.None);

            Assert.Equal(most, steps);
            Assert.Equal(Rosenbrock(point, gradient), value);
        }
    }

    [Fact]
    public void Climb_Cancelled_Throws() => Assert.Throws<OperationCanceledException>(
        () => new QuasiNewtonAscent(2).Climb(Rosenbrock, [-1.2, 1], 0, 100, new CancellationToken(canceled: true)));

    // Minus the sum of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2.
    private static double Rosenbrock(double[] x, double[] gradient)
    {
        Array.Clear(gradient);
        double sum = 0;
        for (int i = 0; i + 1 < x.Length; i++)
        {
            double bend = x[i + 1] - (x[i] * x[i]), rest = 1 - x[i];
            sum -= (100 * bend * bend) + (rest * rest);
            gradient[i] += (400 * bend * x[i]) + (2 * rest);
            gradient[i + 1] -= 200 * bend;
        }

        return sum;
    }
}
