using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Planning.Tests.Iscc;

/// <summary>The least power of two beams that may arrive with only so much, against beams and a closed form.</summary>
public sealed class CappedPowerTests
{
    // Whatever two beams attain with what arrives of them takes at least the bound.
    [Fact]
    public void Least_AnyTwoBeams_IsNoMoreThanTheirPower()
    {
        int held = 0;
        double best = 0;
        for (ulong seed = 0; seed < 4000; seed++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Test, 84);
            double cosine = random.UniformAt(0), sine = Math.Sqrt(1 - (cosine * cosine)), threshold = 3 * random.UniformAt(1), gain = Math.Pow(10, 4 * random.UniformAt(2));
            Complex Entry(int index, double scale)
            {
                (double re, double im) = random.NormalPairAt((ulong)(10 + index));
                return scale * new Complex(re, im);
            }

            // b is the first axis, a = (cosine, sine).
            double data = Math.Pow(10, -(3 * random.UniformAt(3)));
            Complex[] f = [Entry(0, data), Entry(1, data)], u = [Entry(2, 0.5), Entry(3, 1)];
            double dataAtAp = Squared(f[0]), sensingAtAp = Squared(u[0]);
            double dataAtEcho = Squared((cosine * f[0]) + (sine * f[1])), sensingAtEcho = Squared((cosine * u[0]) + (sine * u[1]));
            double floor = sensingAtEcho - (threshold * dataAtEcho), sinr = dataAtAp / ((1 / gain) + sensingAtAp);
            if (!(floor > 0))
            {
                continue;
            }

            held++;
            double power = Squared(f[0]) + Squared(f[1]) + Squared(u[0]) + Squared(u[1]);
            var beams = new TwoBeams(threshold, gain, floor, sine * sine);
            double least = new CappedPower(beams, dataAtAp + sensingAtAp, dataAtEcho + sensingAtEcho, 1e6 * power).Least(sinr);
            Assert.True(least <= power * (1 + 1e-9), $"seed {seed}: {least} where the beams have {power}");
            Assert.True(least >= beams.Least(sinr), $"seed {seed}");
            best = Math.Max(best, least / power);
        }

        Assert.True(held > 2000 && best > 0.95, $"{held} pairs, the best at {best} of its power");
    }

    // A sensing beam alone: (c r^(1/2) + d^(1/2) y)^2 = s with the part y beside b.
    [Theory]
    [InlineData(0.2, 1e-3)]
    [InlineData(0.9, 1e-2)]
    [InlineData(0.99, 0.2)]
    public void Least_SensingThatMayHardlyArrive_IsTheClosedForm(double cosine, double arriving)
    {
        const double Floor = 1.3;
        double separation = 1 - (cosine * cosine);
        double beside = (Math.Sqrt(Floor) - (cosine * Math.Sqrt(arriving))) / Math.Sqrt(separation), expected = arriving + (beside * beside);
        double least = new CappedPower(new TwoBeams(0.4, 50, Floor, separation), arriving, 1e3, 1e6).Least(0);
        Assert.InRange(least, expected * (1 - 1e-3), expected * (1 + 1e-9));
    }

    // Nothing fits: the beam cannot reach s along a with less than s arriving there.
    [Fact]
    public void Least_LessMayArriveThanIsNeeded_ExceedsTheBudget() =>
        Assert.True(new CappedPower(new TwoBeams(0.4, 50, 1, 0.5), 10, 0.9, 7).Least(1) > 7);

    private static double Squared(Complex z) => (z.Real * z.Real) + (z.Imaginary * z.Imaginary);
}
