using System.Numerics;
using IsacTestbed.Control.Arrays;
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
    public void Strength_NoisyEchoes_ErrsAsTheCoefficientsDo()
    {
        const int Trials = 4000;
        const double Variance = 0.3;
        var combiners = new EchoCombiners(Cell);
        var random = new CounterRandom(5, RandomPurpose.Test, 2, 0);
        double square = 0, difference = 0, claimed = 0, together = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            // Without an echo, what is found is the error.
            var noise = ComplexMatrix.Create(6, 6, (r, t) =>
            {
                (double re, double im) = random.NormalPairAt((ulong)((36 * trial) + (6 * r) + t));
                return new Complex(re, im) * Math.Sqrt(Variance / 2);
            });
            var sounded = new SoundedAmplitudes(
                new SoundedChannels([new ChannelEstimate("station-1", "station-1", noise, 0, 1, Variance, Verdict.Valid, string.Empty)]), 64);
            UncertainAmplitude[] errors = [combiners.Strength(sounded, "station-1", 0), combiners.Strength(sounded, "station-1", 1)];
            Assert.Equal(0, (errors[1].Value - combiners.Strengths(noise)[1]).Magnitude, 1e-9);
            square += Math.Pow(errors[0].Value.Magnitude, 2) / Trials;
            difference += Math.Pow((errors[0].Value - errors[1].Value).Magnitude, 2) / Trials;
            (claimed, together) = (errors[0].Variance, (errors[0] - errors[1]).Variance);
        }

        // The mean of 4000 exponentials deviates by 1.6 % of theirs; four of these.
        Assert.Equal(1, square / claimed, 0.064);
        Assert.Equal(1, difference / together, 0.064);
        Assert.True(claimed > Variance / 36);
    }

    [Fact]
    public void Illumination_BeamAtTarget_IsTheGainOfBothArrays()
    {
        var combiners = new EchoCombiners(Cell);
        Complex[] beam = [.. Response(Cell.Targets[1]).Select(a => Complex.Conjugate(a) / Math.Sqrt(6))];
        Assert.Equal(6, combiners.Illumination(1, beam).Magnitude, 1e-9);
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
