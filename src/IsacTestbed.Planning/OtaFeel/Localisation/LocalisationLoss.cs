using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>The local loss (18) of one device, its gradient and its Fisher information: all that the device shares.</summary>
/// <remarks>
/// The loss is the negative logarithm of the likelihood up to a constant; where the scene says that the echo's phase is unknown, of the
/// likelihood at its most likely phase. Immutable and thread safe.
/// </remarks>
public sealed class LocalisationLoss
{
    private readonly SensingScene _scene;
    private readonly DeviceStatistics _statistics;

    /// <summary>Creates the loss of one device.</summary>
    /// <param name="scene">The scene; only the place of this device is looked at.</param>
    /// <param name="statistics">The device's statistics.</param>
    public LocalisationLoss(SensingScene scene, DeviceStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(statistics);
        (_scene, _statistics) = (scene, statistics);
    }

    /// <summary>The loss at a place.</summary>
    /// <param name="place">v.</param>
    public double At(Location place)
    {
        int n = _scene.Antennas;
        Span<Complex> a = stackalloc Complex[n];
        _scene.Evaluate(_statistics.Device, place, a, [], [], []);
        (double gain, Complex cross, double energy) = Terms(a);
        return _statistics.SquaredNorm - (2 * (cross * Derotation(cross)).Real) + (gain * energy);
    }

    /// <summary>The loss, and its gradient by the coordinates of the target.</summary>
    /// <param name="place">v.</param>
    /// <param name="gradient">Receives three entries, per metre.</param>
    public double Gradient(Location place, Span<double> gradient)
    {
        int n = _scene.Antennas;
        Span<Complex> a = stackalloc Complex[n], d = stackalloc Complex[3 * n];
        _scene.Evaluate(_statistics.Device, place, a, d[..n], d[n..(2 * n)], d[(2 * n)..]);
        (double gain, Complex cross, double energy) = Terms(a);
        Complex phase = Derotation(cross);
        for (int i = 0; i < 3; i++)
        {
            Span<Complex> by = d.Slice(i * n, n);
            double norm = 2 * Weighted(a, by).Real, turned = 0, moved = 0;
            for (int p = 0; p < n; p++)
            {
                for (int q = 0; q < n; q++)
                {
                    turned += (((by[p] * a[q]) + (a[p] * by[q])) * _statistics.Cross[p, q] * phase).Real;
                    moved += 2 * (by[p] * _statistics.Energy[p, q] * Complex.Conjugate(a[q])).Real;
                }
            }

            gradient[i] = (-2 * turned) + (norm * energy) + (gain * moved);
        }

        return _statistics.SquaredNorm - (2 * (cross * phase).Real) + (gain * energy);
    }

    /// <summary>Adds this device's part of the Fisher information at a place.</summary>
    /// <param name="place">v.</param>
    /// <param name="information">The matrix to which it is added.</param>
    public void AddInformation(Location place, FisherInformation information)
    {
        ArgumentNullException.ThrowIfNull(information);
        information.Add(_scene, _statistics.Device, place, _statistics.Energy, _statistics.Metric);
    }

    // The turn that brings an echo of unknown phase back: the derivative by it vanishes, so that it is a constant in the gradient.
    private Complex Derotation(Complex cross)
    {
        double modulus = cross.Magnitude;
        return _scene.UnknownEchoPhase && modulus > 0 ? Complex.Conjugate(cross) / modulus : Complex.One;
    }

    // x^H y in the metric.
    private Complex Weighted(ReadOnlySpan<Complex> x, ReadOnlySpan<Complex> y)
    {
        Complex sum = Complex.Zero;
        for (int p = 0; p < x.Length; p++)
        {
            Complex weighted = _statistics.Metric is not null ? Complex.Zero : y[p];
            for (int q = 0; q < y.Length && _statistics.Metric is not null; q++)
            {
                weighted += _statistics.Metric[p, q] * y[q];
            }

            sum += Complex.Conjugate(x[p]) * weighted;
        }

        return sum;
    }

    // a^H a in the metric, a^T B Xi^H a and a^T B B^H a^*.
    private (double Gain, Complex Cross, double Energy) Terms(ReadOnlySpan<Complex> a)
    {
        ComplexMatrix f = _statistics.Cross, x = _statistics.Energy;
        double gain = Weighted(a, a).Real, energy = 0;
        Complex cross = Complex.Zero;
        for (int p = 0; p < a.Length; p++)
        {
            for (int q = 0; q < a.Length; q++)
            {
                cross += a[p] * f[p, q] * a[q];
                energy += (a[p] * x[p, q] * Complex.Conjugate(a[q])).Real;
            }
        }

        return (gain, cross, energy);
    }
}
