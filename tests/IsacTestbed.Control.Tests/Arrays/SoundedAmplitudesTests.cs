using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Control.Tests.Arrays;

public sealed class SoundedAmplitudesTests
{
    private const int Trials = 4000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Through_NoisyCoefficients_ErrsAsItSays(bool dominant)
    {
        // A path of rank one between arrays of four and three elements, coefficients with errors 30 dB below them: the mean square of what
        // w^H H b is off, over what it claims. A sample variance of n circular errors varies by 1 / sqrt(n): 4 of them to either side, and
        // the second order of the rank-one part some per cent.
        const int Rows = 4, Columns = 3;
        const double Variance = 1e-3;
        var random = new CounterRandom(3, RandomPurpose.Test, 31);
        ulong index = 0;
        Complex Normal()
        {
            (double re, double im) = random.NormalPairAt(index++);
            return new Complex(re, im) / Math.Sqrt(2);
        }

        Complex[] left = [.. Enumerable.Range(0, Rows).Select(_ => Normal())], right = [.. Enumerable.Range(0, Columns).Select(_ => Normal())];
        Complex[] combiner = [.. Enumerable.Range(0, Rows).Select(_ => Normal())], beam = [.. Enumerable.Range(0, Columns).Select(_ => Normal())];
        var channel = ComplexMatrix.Create(Rows, Columns, (r, c) => 3 * left[r] * Complex.Conjugate(right[c]));
        Complex truth = Complex.Zero;
        for (int r = 0; r < Rows; r++)
        {
            for (int c = 0; c < Columns; c++)
            {
                truth += Complex.Conjugate(combiner[r]) * channel[r, c] * beam[c];
            }
        }

        double missed = 0, claimed = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            var noisy = ComplexMatrix.Create(Rows, Columns, (r, c) => channel[r, c] + (Math.Sqrt(Variance) * Normal()));
            var sounded = new SoundedAmplitudes(new SoundedChannels([new ChannelEstimate("a", "b", noisy, 0, 1, Variance, Verdict.Valid, string.Empty)]), 100);
            UncertainAmplitude found = dominant ? sounded.ThroughDominant("a", "b", combiner, beam) : sounded.Through("a", "b", combiner, beam);
            Complex error = found.Value - truth;
            missed += (error.Real * error.Real) + (error.Imaginary * error.Imaginary);
            claimed += found.Variance;
        }

        Assert.InRange(missed / claimed, 1 - (4 / Math.Sqrt(Trials)) - 0.02, 1 + (4 / Math.Sqrt(Trials)) + 0.02);
    }
}
