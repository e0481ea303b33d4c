using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Streams received by one array, each with its best linear combiner (MMSE). With received directions v_i per square root watt in units
/// of the noise, powers p and M = I + G, G = P^(1/2) V^H V P^(1/2), everything follows from M^-1: the SINR of stream i is (1 - m) / m with
/// m = (M^-1)_ii.
/// </summary>
internal sealed class StreamLoad
{
    private readonly ComplexMatrix _received;
    private readonly ComplexMatrix _inverse;

    private StreamLoad(ComplexMatrix received, ComplexMatrix inverse)
    {
        _received = received;
        _inverse = inverse;
    }

    /// <summary>Computes M^-1.</summary>
    /// <param name="gram">V^H V.</param>
    /// <param name="power">One per stream, in watts.</param>
    public static StreamLoad Of(ComplexMatrix gram, ReadOnlySpan<double> power)
    {
        int n = power.Length;
        ComplexMatrix received = new(n, n), load = new(n, n);
        for (int i = 0; i < n; i++)
        {
            double root = Math.Sqrt(power[i]);
            for (int j = 0; j <= i; j++)
            {
                double scale = root * Math.Sqrt(power[j]);
                int at = (i * n) + j, mirrored = (j * n) + i;
                (double re, double im) = (gram.Re[at] * scale, gram.Im[at] * scale);
                (received.Re[mirrored], received.Im[mirrored]) = (re, -im);
                (received.Re[at], received.Im[at]) = (re, im);
                (load.Re[at], load.Im[at]) = (i == j ? 1 + re : re, im);
            }
        }

        CholeskyFactor factor = CholeskyFactor.TryCreate(load) ?? throw new ArithmeticException("The received streams have no finite covariance.");
        return new StreamLoad(received, factor.Inverse());
    }

    /// <summary>SINR of every stream under its MMSE combiner.</summary>
    public double[] Sinr()
    {
        double[] sinr = new double[_inverse.Rows];
        for (int i = 0; i < sinr.Length; i++)
        {
            sinr[i] = Sinr(i);
        }

        return sinr;
    }

    /// <summary>SINR of one stream.</summary>
    /// <remarks>
    /// 1 - m is taken as the sum of (M^-1)_ij G_ji: the difference itself would leave a faint stream no digits, and its upload may take the whole latency.
    /// </remarks>
    public double Sinr(int stream)
    {
        int n = _inverse.Rows;
        double taken = 0;
        for (int j = 0; j < n; j++)
        {
            int at = (stream * n) + j;
            taken += (_inverse.Re[at] * _received.Re[at]) + (_inverse.Im[at] * _received.Im[at]);
        }

        return Math.Max(0, taken) / _inverse.Re[(stream * n) + stream];
    }

    /// <summary>
    /// Power of stream i behind the combiner of stream k, all in units in which stream k's own power plus interference plus noise is
    /// 1 - m_k.
    /// </summary>
    public double Power(int k, int i)
    {
        int n = _inverse.Rows;
        double re = (k == i ? 1 : 0) - _inverse.Re[(k * n) + i], im = _inverse.Im[(k * n) + i];
        return (re * re) + (im * im);
    }

    /// <summary>Interference plus noise behind the combiner of stream k, in the same units.</summary>
    public double Disturbance(int k)
    {
        double m = _inverse.Re[(k * _inverse.Rows) + k];
        return m * (1 - m);
    }

    /// <summary>
    /// The combiner of stream k, T^-1 v_k for T = I + V P V^H, in units of the noise: w = V P^(1/2) M^-1 e_k / p_k^(1/2).
    /// </summary>
    /// <param name="received">v_i for every stream.</param>
    /// <param name="power">The powers this was computed with; that of stream k is above zero.</param>
    /// <param name="k">The stream.</param>
    public ComplexVector Combiner(IReadOnlyList<ComplexVector> received, ReadOnlySpan<double> power, int k)
    {
        var combiner = new ComplexVector(received[0].Length);
        for (int i = 0; i < received.Count; i++)
        {
            combiner.Add(_inverse[i, k] * Math.Sqrt(power[i] / power[k]), received[i]);
        }

        return combiner;
    }
}
