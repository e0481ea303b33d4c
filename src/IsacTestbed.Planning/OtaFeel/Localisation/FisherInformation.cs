using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>The Fisher information about the three coordinates of a target, and the Cramer-Rao bound.</summary>
/// <remarks>
/// Entry (i, j) is 2 Re of the sum over devices of tr(D_i E_k D_j^H), with D_i the derivative of a_k a_k^T and E_k the transmitted energy
/// by direction over the noise: T C_k C_k^H / varsigma_k^2 in (22), which lacks the factor 2 and the real part. Where the scene says that the
/// echo's phase is unknown, what a device's phase takes away is left out: the part of D_i along j a_k a_k^T. Mutable, not thread safe.
/// </remarks>
public sealed class FisherInformation
{
    private readonly double[,] _matrix = new double[3, 3];

    /// <summary>One entry, per square metre.</summary>
    /// <param name="row">0 for x, 1 for y, 2 for z.</param>
    /// <param name="column">Likewise.</param>
    public double this[int row, int column] => _matrix[row, column];

    /// <summary>The information (22) of a design in which every device sees its own echo in white noise alone.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="target">v.</param>
    /// <param name="precoders">C_k, M rows each.</param>
    /// <param name="length">T.</param>
    /// <param name="noiseVariances">varsigma_k^2.</param>
    public static FisherInformation Of(
        SensingScene scene, Location target, IReadOnlyList<ComplexMatrix> precoders, int length, IReadOnlyList<double> noiseVariances)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(precoders);
        ArgumentNullException.ThrowIfNull(noiseVariances);
        var information = new FisherInformation();
        for (int k = 0; k < scene.Devices.Count; k++)
        {
            information.Add(scene, k, target, EchoEnergy.Of(precoders[k], length, noiseVariances[k]));
        }

        return information;
    }

    /// <summary>A matrix of its upper triangle, row by row.</summary>
    /// <param name="entries">Six entries.</param>
    public static FisherInformation FromUpperTriangle(ReadOnlySpan<double> entries)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(entries.Length, 6);
        var information = new FisherInformation();
        int next = 0;
        for (int i = 0; i < 3; i++)
        {
            for (int j = i; j < 3; j++)
            {
                information._matrix[i, j] = information._matrix[j, i] = entries[next++];
            }
        }

        return information;
    }

    /// <summary>The upper triangle row by row, six entries: what a device shares of it.</summary>
    public double[] UpperTriangle() => [_matrix[0, 0], _matrix[0, 1], _matrix[0, 2], _matrix[1, 1], _matrix[1, 2], _matrix[2, 2]];

    /// <summary>Adds the information of one device.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="device">Number of the device.</param>
    /// <param name="target">v.</param>
    /// <param name="energy">E_k, M by M, Hermitian.</param>
    /// <param name="interference">
    /// Power with which other devices' echoes arrive along a_k, over the noise: their echo is a_k times a scalar of this variance, white over
    /// the frame. 0: none.
    /// </param>
    public void Add(SensingScene scene, int device, Location target, ComplexMatrix energy, double interference = 0)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(energy);
        ComplexMatrix? metric = null;
        if (interference > 0)
        {
            // (I + q a a^H)^-1 = I - q / (1 + q |a|^2) a a^H.
            Complex[] response = scene.Response(device, target);
            double damping = interference / (1 + (interference * Inner(response, response).Real));
            metric = ComplexMatrix.Create(
                response.Length, response.Length, (i, j) => (i == j ? 1 : 0) - (damping * response[i] * Complex.Conjugate(response[j])));
        }

        Add(scene, device, target, energy, metric);
    }

    /// <summary>Adds the information of one device in noise of a given covariance over the antennas.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="device">Number of the device.</param>
    /// <param name="target">v.</param>
    /// <param name="energy">E_k, M by M, Hermitian.</param>
    /// <param name="metric">The inverse of the covariance, M by M, in the unit in which the energy has the noise; null for white noise of one.</param>
    internal void Add(SensingScene scene, int device, Location target, ComplexMatrix energy, ComplexMatrix? metric)
    {
        int n = scene.Antennas;
        var a = new Complex[n];
        Complex[][] d = [new Complex[n], new Complex[n], new Complex[n]];
        scene.Evaluate(device, target, a, d[0], d[1], d[2]);

        double spread = Form(a, energy, a).Real;

        // The correlation of D_i with the derivative by the phase, j a a^T, and the information about the phase itself.
        Span<double> withPhase = stackalloc double[3];
        double phase = scene.UnknownEchoPhase ? 2 * Weighted(a, a).Real * spread : 0;
        for (int i = 0; i < 3 && phase > 0; i++)
        {
            withPhase[i] = 2 * ((Weighted(a, d[i]) * spread) + (Weighted(a, a) * Form(d[i], energy, a))).Imaginary;
        }

        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                // tr((p q^T) E (r s^T)^H W) = (r^H W p)(q^T E s^*) over the four pairs of terms of D = d a^T + a d^T.
                Complex sum = (Weighted(d[j], d[i]) * spread) + (Weighted(a, d[i]) * Form(a, energy, d[j]))
                    + (Weighted(d[j], a) * Form(d[i], energy, a)) + (Weighted(a, a) * Form(d[i], energy, d[j]));
                _matrix[i, j] += (2 * sum.Real) - (phase > 0 ? withPhase[i] * withPhase[j] / phase : 0);
            }
        }

        Complex Weighted(Complex[] left, Complex[] right) => metric is null ? Inner(left, right) : Inner(left, Product(metric, right));
    }

    /// <summary>The Cramer-Rao bound (19): trace of the inverse, in square metres; infinite where a direction is not observed.</summary>
    public double CramerRaoBound()
    {
        double[,]? inverse = Inverse();
        return inverse is null ? double.PositiveInfinity : inverse[0, 0] + inverse[1, 1] + inverse[2, 2];
    }

    /// <summary>The inverse, or null if a direction is not observed.</summary>
    public double[,]? Inverse()
    {
        var inverse = new double[3, 3];
        double[,] m = _matrix;
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                int a = (i + 1) % 3, b = (i + 2) % 3, c = (j + 1) % 3, d = (j + 2) % 3;
                inverse[j, i] = (m[a, c] * m[b, d]) - (m[a, d] * m[b, c]);
            }
        }

        double determinant = (m[0, 0] * inverse[0, 0]) + (m[0, 1] * inverse[1, 0]) + (m[0, 2] * inverse[2, 0]);

        // Against rounding of a matrix of lower rank, whose diagonal sets the scale.
        if (!(determinant > 1e-14 * m[0, 0] * m[1, 1] * m[2, 2]))
        {
            return null;
        }

        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                inverse[i, j] /= determinant;
            }
        }

        return inverse;
    }

    private static Complex[] Product(ComplexMatrix matrix, Complex[] x)
    {
        var product = new Complex[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < x.Length; j++)
            {
                product[i] += matrix[i, j] * x[j];
            }
        }

        return product;
    }

    // x^H y.
    private static Complex Inner(Complex[] x, Complex[] y)
    {
        Complex sum = Complex.Zero;
        for (int i = 0; i < x.Length; i++)
        {
            sum += Complex.Conjugate(x[i]) * y[i];
        }

        return sum;
    }

    // x^T E y^*.
    private static Complex Form(Complex[] x, ComplexMatrix energy, Complex[] y)
    {
        Complex sum = Complex.Zero;
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < y.Length; j++)
            {
                sum += x[i] * energy[i, j] * Complex.Conjugate(y[j]);
            }
        }

        return sum;
    }
}
