using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.Iscc.Paper;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.Iscc;

/// <summary>Every derivative against central differences: their error is of the order of the squared step plus rounding over the step.</summary>
public sealed class GradientTests
{
    private static readonly IsccCase Problem = new IsccScene
    {
        Users = 3,
        ApAntennas = 6,
        TransmitAntennas = 5,
        ReceiveAntennas = 4,
        MaxSensingMeters = 8,
        LatencySeconds = 0.5,
        ApCyclesPerSecond = 50e9,
    }.Draw(3);

    [Fact]
    public void SinrGradients_Combiner_MatchDifferences()
    {
        ComplexMatrix channel = Random(6, 5, 1);
        ComplexVector combiner = Vector(6, 2), beam = Vector(5, 3), other = Vector(5, 4), foreign = Vector(6, 5);
        SinrGradients At(ComplexVector w) => SinrGradients.Of(channel, w, channel.Times(beam), [channel.Times(other), foreign], 0.7);
        SinrGradients point = At(combiner);
        ComplexVector direction = Vector(6, 6);
        const double Step = 1e-6;
        double Difference(Func<SinrGradients, double> value)
        {
            ComplexVector up = combiner.Clone(), down = combiner.Clone();
            up.Add(Step, direction);
            down.Add(-Step, direction);
            return (value(At(up)) - value(At(down))) / (2 * Step);
        }

        Near(Difference(g => Math.Log2(1 + g.Sinr)), 2 * point.RateByCombiner().Inner(direction).Real);
        Near(Difference(g => g.Signal - (0.3 * g.Disturbance)), 2 * point.MarginByCombiner(0.3).Inner(direction).Real);
    }

    [Fact]
    public void SinrGradients_Covariances_MatchDifferences()
    {
        ComplexMatrix channel = Random(6, 5, 1);
        ComplexVector combiner = Vector(6, 2), beam = Vector(5, 3), other = Vector(5, 4);
        SinrGradients At(double data, double sensing)
        {
            ComplexVector f = beam.Clone(), u = other.Clone();
            f.Scale(Math.Sqrt(data));
            u.Scale(Math.Sqrt(sensing));
            return SinrGradients.Of(channel, combiner, channel.Times(f), [channel.Times(u)], 0.7);
        }

        // Scaling f f^H is the direction D = f f^H, for which tr(l l^H D) = |l^H f|^2.
        SinrGradients point = At(1, 1);
        const double Step = 1e-6;
        double bySignal = (Math.Log2(1 + At(1 + Step, 1).Sinr) - Math.Log2(1 + At(1 - Step, 1).Sinr)) / (2 * Step);
        double byOther = (Math.Log2(1 + At(1, 1 + Step).Sinr) - Math.Log2(1 + At(1, 1 - Step).Sinr)) / (2 * Step);
        Near(bySignal, point.RateBySignal * Math.Pow(point.Link.Inner(beam).Magnitude, 2));
        Near(byOther, point.RateByOther * Math.Pow(point.Link.Inner(other).Magnitude, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AugmentedLagrangian_BeamCovariances_MatchDifferences(bool isData)
    {
        OperatingPoint start = Start();
        var user = new AdmmUser(start.Beams.Network, 0, start, 0.7, 0.1);
        user.UpdatePrimal(10);
        user.UpdateDuals();
        (ComplexMatrix own, ComplexMatrix other) = isData ? (user.Data, user.Sensing) : (user.Sensing, user.Data);
        ComplexMatrix gradient = user.Gradient(own, other, isData);
        ComplexVector x = Vector(user.Space.Size, 8);
        ComplexMatrix direction = Covariance.Outer(x);
        const double Step = 1e-7;
        double difference = (user.Augmented(Covariance.Plus(own, Step, direction), other, isData) - user.Augmented(Covariance.Plus(own, -Step, direction), other, isData)) / (2 * Step);
        Near(difference, Covariance.Inner(gradient, direction));
    }

    [Fact]
    public void InterferencePrices_DataPowers_MatchDifferences()
    {
        OperatingPoint start = Start();
        double[] gradient = InterferencePrices.Of(start).DataGradient;
        // The sensing powers are solved to 1e-9, which a step of 1e-4 turns into 1e-5 of the derivative.
        const double Step = 1e-4;
        for (int k = 0; k < 3; k++)
        {
            double At(double sign)
            {
                double[] data = start.Power[..3];
                data[k] *= Math.Exp(sign * Step);
                return OperatingPoint.TryCreate(start.Beams, data, start.Power.AsSpan(3))!.Score.Value;
            }

            Near((At(1) - At(-1)) / (2 * Step), gradient[k], 1e-3);
        }
    }

    [Theory]
    [InlineData(0.3, 0.05, 0.01, 0)]
    [InlineData(0.7, 0.2, 0.5, 1e-10)]
    public void OffloadTask_Slopes_MatchDifferences(double share, double q, double e, double price)
    {
        var task = new OffloadTask(Problem.Users[0], 0, 1);
        double Value(double a, double seconds) => task.Cost(a, seconds, e) + (price * task.RemoteClock(a, seconds));
        const double Step = 1e-6;
        Near((Value(share + Step, q) - Value(share - Step, q)) / (2 * Step), task.Slope(share, q, e, price));
        Near((Value(share, q + Step) - Value(share, q - Step)) / (2 * Step), task.SlopeInQ(share, q, price));
    }

    [Theory]
    [InlineData(0.5, 0.6, -0.9, 8)]
    [InlineData(0.01, 0.3, 0.4, 8)]
    [InlineData(0, 0.3, -0.5, 2)]
    public void ClockUpdate_Neighbours_CostMore(double weight, double load, double offset, double penalty)
    {
        double Value(double f) => (weight * f * f) + (0.5 * penalty * Math.Pow((load / f) + offset, 2));
        double clock = ClockUpdate.Minimise(weight, load, offset, penalty, 50);
        Assert.InRange(clock, 1e-6, 50);
        Assert.True(Value(clock) <= Value(clock * 1.001) + 1e-12 && Value(clock) <= Value(clock * 0.999) + 1e-12);
    }

    private static OperatingPoint Start()
    {
        var network = Network.Shared(Problem);
        ComplexVector[] directions = [.. Enumerable.Range(0, 3).Select(k => Mixed(network.Uplink[k].Right, (uint)k)), .. Enumerable.Range(0, 3).Select(k => Mixed(network.Echo[k].Right, (uint)(10 + k)))];
        double[] data = [1e-4, 2e-4, 3e-4];
        OperatingPoint? point = OperatingPoint.TryCreate(new BeamSet(network, directions), data, [1e-4, 1e-4, 1e-4]);
        Assert.NotNull(point);
        Assert.Equal(ScoreStage.Cost, point.Score.Stage);
        return point;

        static ComplexVector Mixed(ComplexVector vector, uint part)
        {
            ComplexVector mixed = vector.Clone();
            mixed.Add(0.15, Vector(vector.Length, 20 + part));
            mixed.Normalise();
            return mixed;
        }
    }

    private static ComplexVector Vector(int length, uint part)
    {
        var random = new CounterRandom(1, RandomPurpose.Test, 30, part);
        var vector = new ComplexVector(length);
        for (int i = 0; i < length; i++)
        {
            (vector.Re[i], vector.Im[i]) = random.NormalPairAt((ulong)i);
        }

        return vector;
    }

    private static ComplexMatrix Random(int rows, int columns, uint part)
    {
        ComplexVector entries = Vector(rows * columns, part);
        return ComplexMatrix.Create(rows, columns, (i, j) => entries[(i * columns) + j]);
    }

    private static void Near(double difference, double derivative, double tolerance = 1e-5) =>
        Assert.True(Math.Abs(difference - derivative) <= tolerance * Math.Max(1e-9, Math.Abs(difference)), $"differences give {difference}, the derivative is {derivative}");
}
