using System.Numerics;
using IsacTestbed.Control.VflBeamforming;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Control.Tests.VflBeamforming;

/// <summary>What a base station makes of its targets' bearings and of a sounded echo.</summary>
public sealed class EchoCombinersTests
{
    private static readonly CellSection Cell = VflBeamformingBench.Cell(1, 3, -2, 6, 30, (20, -5), (25, 14), (9, 6), (12, -5));

    [Fact]
    public void Separating_OwnTargetAndTheOther_PassesOneAndNoneOfTheOther()
    {
        var combiners = new EchoCombiners(Cell);
        Complex[][] steering = [.. Cell.Targets.Select(Response)];
        for (int j = 0; j < 2; j++)
        {
            Assert.Equal(Math.Sqrt(6), Inner(combiners.Matched[j], steering[j]).Magnitude, 1e-9);
            Assert.Equal(Math.Sqrt(6), Inner(combiners.Separating[j], steering[j]).Magnitude, 1e-9);
            Assert.Equal(0, Inner(combiners.Separating[j], steering[1 - j]).Magnitude, 1e-9);
            Assert.Equal(1, combiners.Matched[j].Sum(w => w.Magnitude * w.Magnitude), 1e-9);
        }
    }

    [Fact]
    public void EchoChannels_SumOfTwoEchoes_AreTheStrengthsOfEach()
    {
        Complex[] strengths = [new(0.3, -0.4), new(-2, 1)];
        Complex[][] steering = [.. Cell.Targets.Select(Response)];
        var echo = ComplexMatrix.Create(6, 6, (r, t) => (strengths[0] * steering[0][r] * steering[0][t]) + (strengths[1] * steering[1][r] * steering[1][t]));
        ComplexMatrix channels = new EchoCombiners(Cell).EchoChannels(echo);

        // A beam at a target comes back with N^2 |alpha|^2 of its power behind the combiner's gain of N.
        for (int j = 0; j < 2; j++)
        {
            Complex back = Complex.Zero;
            for (int i = 0; i < 6; i++)
            {
                back += Complex.Conjugate(channels[j, i]) * Complex.Conjugate(steering[j][i]) / Math.Sqrt(6);
            }

            Assert.Equal(0, (back - (6 * strengths[j])).Magnitude, 1e-9);
        }
    }

    [Fact]
    public void StrengthCovariance_NoisyEchoes_IsThatOfTheirStrengths()
    {
        const int Trials = 4000;
        const double Variance = 0.3;
        var combiners = new EchoCombiners(Cell);
        var random = new CounterRandom(5, RandomPurpose.Test, 2, 0);
        Complex[,] sums = new Complex[2, 2];
        for (int trial = 0; trial < Trials; trial++)
        {
            // Without an echo, what is found is the error.
            var noise = ComplexMatrix.Create(6, 6, (r, t) =>
            {
                (double re, double im) = random.NormalPairAt((ulong)((36 * trial) + (6 * r) + t));
                return new Complex(re, im) * Math.Sqrt(Variance / 2);
            });
            Complex[] errors = combiners.Strengths(noise);
            for (int i = 0; i < 2; i++)
            {
                for (int k = 0; k < 2; k++)
                {
                    sums[i, k] += errors[i] * Complex.Conjugate(errors[k]) / Trials;
                }
            }
        }

        // The mean of 4000 products of Gaussian errors deviates by their power over the root of 4000, 1.6 %; four of these.
        double power = Variance * combiners.StrengthCovariance(0, 0).Real;
        for (int i = 0; i < 2; i++)
        {
            for (int k = 0; k < 2; k++)
            {
                Assert.InRange((sums[i, k] - (Variance * combiners.StrengthCovariance(i, k))).Magnitude, 0, 0.064 * power);
            }
        }

        Assert.True(power > Variance / 36);
    }

    // By the array of the emulated air, so that bearings mean the same on both sides.
    private static Complex[] Response(PlacedTarget target)
    {
        var array = new UniformLinearArray(6, BroadsideAzimuthRadians: Math.PI / 6);
        double sine = array.SineOf(new Position(target.X, target.Y, target.Z) - new Position(3, -2, 0));
        return [.. Enumerable.Range(0, 6).Select(i => array.Steering(i, sine))];
    }

    private static Complex Inner(Complex[] combiner, Complex[] vector) =>
        combiner.Zip(vector, (w, a) => Complex.Conjugate(w) * a).Aggregate(Complex.Zero, (sum, term) => sum + term);
}
