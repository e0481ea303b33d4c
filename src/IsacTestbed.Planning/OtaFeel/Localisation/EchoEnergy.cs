using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>Energies of own and foreign echoes, and the constant of Theorem 2.</summary>
public static class EchoEnergy
{
    /// <summary>T C C^H / varsigma^2: the transmitted energy by direction over the noise.</summary>
    /// <param name="precoder">C_k, M rows.</param>
    /// <param name="length">Intervals, T.</param>
    /// <param name="noiseVariance">varsigma_k^2.</param>
    public static ComplexMatrix Of(ComplexMatrix precoder, int length, double noiseVariance)
    {
        ArgumentNullException.ThrowIfNull(precoder);
        ComplexMatrix covariance = SmallMatrices.TimesAdjoint(precoder, precoder);
        return covariance.Times(length / noiseVariance);
    }

    /// <summary>Power per interval of the other devices' echoes along a_k over the noise: the sum of |a_l^T C_l|^2 / varsigma_k^2.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="device">The device that receives, k.</param>
    /// <param name="target">v.</param>
    /// <param name="precoders">C_l, M rows each.</param>
    /// <param name="noiseVariance">varsigma_k^2.</param>
    public static double Interference(
        SensingScene scene, int device, Location target, IReadOnlyList<ComplexMatrix> precoders, double noiseVariance)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(precoders);
        double sum = 0;
        for (int l = 0; l < precoders.Count; l++)
        {
            if (l == device)
            {
                continue;
            }

            Complex[] response = scene.Response(l, target);
            for (int i = 0; i < precoders[l].Columns; i++)
            {
                Complex amplitude = Complex.Zero;
                for (int m = 0; m < response.Length; m++)
                {
                    amplitude += response[m] * precoders[l][m, i];
                }

                sum += (amplitude.Real * amplitude.Real) + (amplitude.Imaginary * amplitude.Imaginary);
            }
        }

        return sum / noiseVariance;
    }

    /// <summary>
    /// The expected squared norm of R_lk by (37d): how much of another device's symbols the matched filter lets through.
    /// </summary>
    /// <param name="pulses">The pulses.</param>
    /// <param name="first">Device l.</param>
    /// <param name="second">Device k.</param>
    /// <param name="firstPower">Squared norm of C_l.</param>
    /// <param name="secondPower">Squared norm of C_k.</param>
    /// <param name="powerLimit">P, by which R is divided.</param>
    /// <param name="autocorrelation">
    /// R[tau] of the symbols with R[0] = 1. White symbols (0 elsewhere) leave |C_l|^2 |C_k|^2 / (P^2 T) whatever the pulses are: the step from
    /// (37d) to (37e) is wrong for them. Symbols that are constant over the frame (1 everywhere) leave nothing if the pulses are orthogonal.
    /// </param>
    internal static double ResidualCorrelation(
        PulseSet pulses, int first, int second, double firstPower, double secondPower, double powerLimit, Func<int, double> autocorrelation)
    {
        ArgumentNullException.ThrowIfNull(pulses);
        ArgumentNullException.ThrowIfNull(autocorrelation);
        ReadOnlySpan<Complex> l = pulses[first], k = pulses[second];
        Complex sum = Complex.Zero;
        for (int t = 0; t < l.Length; t++)
        {
            for (int s = 0; s < l.Length; s++)
            {
                double correlation = autocorrelation(t - s);
                sum += correlation * correlation * l[t] * Complex.Conjugate(k[t]) * Complex.Conjugate(l[s]) * k[s];
            }
        }

        return firstPower * secondPower * Math.Max(0, sum.Real) / (powerLimit * powerLimit * l.Length * l.Length);
    }

    /// <summary>
    /// A constant rho for which Theorem 2 is proven at one place of the target: 9 over twice the largest squared norm of the derivatives of
    /// a_k a_k^T. The paper gives no value; with this one CRB_L is below the trace of the inverse of (22) there.
    /// </summary>
    /// <param name="scene">The scene.</param>
    /// <param name="target">v.</param>
    public static double TheoremConstant(SensingScene scene, Location target)
    {
        ArgumentNullException.ThrowIfNull(scene);
        double largest = 0;
        ComplexMatrix identity = ComplexMatrix.Create(scene.Antennas, scene.Antennas, (i, j) => i == j ? 1 : 0);
        for (int k = 0; k < scene.Devices.Count; k++)
        {
            var information = new FisherInformation();
            information.Add(scene, k, target, identity);
            largest = Math.Max(largest, information[0, 0] + information[1, 1] + information[2, 2]);
        }

        return 9 / largest;
    }
}
