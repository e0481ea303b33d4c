using System.Numerics;
using IsacTestbed.Control.Records;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Control.OtaFeel;

/// <summary>Measures the aggregation error (7): the mean squared distance of what the combiners give from the sums that were wanted.</summary>
/// <remarks>
/// Symbols and noise of different intervals are independent and so are their errors: with n intervals the mean of the squared errors has
/// their own deviation over the root of n as its standard error, and 1.96 of these are the 95 % interval. For Gaussian errors of I tasks
/// that are equally large the deviation is the mean over the root of I: 1000 intervals of two tasks give +/- 4.4 %. Not thread safe.
/// </remarks>
internal sealed class AggregationMeter
{
    private double _sum;
    private double _squares;

    /// <summary>Intervals so far.</summary>
    public int Intervals { get; private set; }

    /// <summary>Adds an interval.</summary>
    /// <param name="received">y[t], N entries.</param>
    /// <param name="receiver">M[t], N rows and I columns.</param>
    /// <param name="wanted">The weighted sums of the devices' symbols, I entries.</param>
    /// <returns>The sums that the combiners gave, I entries.</returns>
    public Complex[] Add(ReadOnlySpan<Complex> received, ComplexMatrix receiver, ReadOnlySpan<Complex> wanted)
    {
        Complex[] sums = new Complex[wanted.Length];
        double error = 0;
        for (int i = 0; i < sums.Length; i++)
        {
            Complex sum = Complex.Zero;
            for (int n = 0; n < received.Length; n++)
            {
                sum += Complex.Conjugate(receiver[n, i]) * received[n];
            }

            sums[i] = sum;
            Complex difference = sum - wanted[i];
            error += (difference.Real * difference.Real) + (difference.Imaginary * difference.Imaginary);
        }

        Intervals++;
        _sum += error;
        _squares += error * error;
        return sums;
    }

    /// <summary>The mean squared error and its 95 % interval.</summary>
    /// <exception cref="InvalidOperationException">Fewer than two intervals.</exception>
    public (double Mse, double Lower, double Upper) Read()
    {
        if (Intervals < 2)
        {
            throw new InvalidOperationException($"{Intervals} intervals say nothing about an error's size.");
        }

        double mean = _sum / Intervals;
        double half = Comparison.Deviations * Math.Sqrt(Math.Max(0, (_squares / Intervals) - (mean * mean)) / (Intervals - 1));
        return (mean, Math.Max(0, mean - half), mean + half);
    }
}
