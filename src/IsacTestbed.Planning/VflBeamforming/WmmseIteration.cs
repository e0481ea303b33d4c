using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>
/// Weighted MMSE for the multi-cell downlink (Shi et al., IEEE Trans. Signal Processing 59(9), 2011): receivers, weights and beams in turn;
/// the sum rate (7) never falls.
/// </summary>
/// <remarks>
/// The beams lie in the span of a base station's channels to the users; they are computed in an orthonormal basis of it. The multiplier of
/// the power limit is found by safeguarded Newton steps from that of the iteration before, each a Cholesky factorisation. Holds its memory:
/// not thread safe.
/// </remarks>
internal sealed class WmmseIteration
{
    private readonly IReadOnlyList<StationLinks> _links;
    private readonly NetworkShape _shape;
    private readonly ComplexVector[][] _basis;
    private readonly ComplexVector[][] _reduced;
    private readonly ComplexMatrix[] _gram;
    private readonly ComplexMatrix[] _shifted;
    private readonly double[] _multipliers;
    private readonly ComplexVector[][] _beams;
    private readonly Complex[] _receiver;
    private readonly double[] _weight;

    /// <summary>Prepares the iteration.</summary>
    /// <param name="links">The links of each base station.</param>
    public WmmseIteration(IReadOnlyList<StationLinks> links)
    {
        _links = links;
        _shape = links[0].Shape;
        int users = _shape.Cells * _shape.Users;
        _basis = [.. links.Select(Basis)];
        _reduced =
        [
            .. links.Select((station, n) => Enumerable.Range(0, users).Select(link => Project(_basis[n], station.Vector(link))).ToArray()),
        ];
        _gram = [.. _basis.Select(b => new ComplexMatrix(b.Length, b.Length))];
        _shifted = [.. _basis.Select(b => new ComplexMatrix(b.Length, b.Length))];
        _multipliers = new double[links.Count];
        _beams = [.. _basis.Select(b => Enumerable.Range(0, _shape.Users).Select(_ => new ComplexVector(b.Length)).ToArray())];
        _receiver = new Complex[users];
        _weight = new double[users];
    }

    /// <summary>Iterates to convergence.</summary>
    /// <param name="start">Beams to start from, within the power limit.</param>
    /// <param name="tolerance">Ends where ten iterations raise the rate by less than this share.</param>
    /// <param name="maxIterations">Largest number of iterations.</param>
    /// <param name="trace">Receives R_c of the start and after each iteration.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public BeamSet Run(BeamSet start, double tolerance, int maxIterations, List<double> trace, CancellationToken cancellationToken)
    {
        for (int m = 0; m < _shape.Cells; m++)
        {
            for (int k = 0; k < _shape.Users; k++)
            {
                var beam = new ComplexVector(_shape.Antennas);
                start.Re.AsSpan(start.Start(m, k), _shape.Antennas).CopyTo(beam.Re);
                start.Im.AsSpan(start.Start(m, k), _shape.Antennas).CopyTo(beam.Im);
                _beams[m][k] = Project(_basis[m], beam);
            }
        }

        trace.Add(UpdateReceivers());
        const int window = 10;
        while (trace.Count <= maxIterations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int m = 0; m < _shape.Cells; m++)
            {
                UpdateBeams(m);
            }

            trace.Add(UpdateReceivers());
            if (trace.Count > window && trace[^1] - trace[^(window + 1)] <= tolerance * trace[^1])
            {
                break;
            }
        }

        var result = new BeamSet(_shape);
        for (int m = 0; m < _shape.Cells; m++)
        {
            for (int k = 0; k < _shape.Users; k++)
            {
                for (int i = 0; i < _basis[m].Length; i++)
                {
                    result.Add(m, k, _beams[m][k][i], _basis[m][i]);
                }
            }
        }

        return result;
    }

    // Receivers u = a / T and weights w = T / (T - S) of all users; the weights also give the rate.
    private double UpdateReceivers()
    {
        double rate = 0;
        for (int m = 0; m < _shape.Cells; m++)
        {
            for (int k = 0; k < _shape.Users; k++)
            {
                int link = _shape.UserLink(m, k);
                Complex desired = default;
                double disturbance = 1;
                for (int n = 0; n < _shape.Cells; n++)
                {
                    for (int i = 0; i < _shape.Users; i++)
                    {
                        Complex amplitude = _reduced[n][link].Inner(_beams[n][i]);
                        if (n == m && i == k)
                        {
                            desired = amplitude;
                        }
                        else
                        {
                            disturbance += SquaredModulus(amplitude);
                        }
                    }
                }

                double signal = SquaredModulus(desired);
                _receiver[link] = desired / (signal + disturbance);
                _weight[link] = 1 + (signal / disturbance);
                rate += Math.Log2(_weight[link]);
            }
        }

        return rate;
    }

    private void UpdateBeams(int station)
    {
        ComplexVector[] channels = _reduced[station];
        ComplexMatrix gram = _gram[station];
        int order = gram.Rows;
        if (order == 0)
        {
            return;
        }

        Array.Clear(gram.Re);
        Array.Clear(gram.Im);
        for (int link = 0; link < channels.Length; link++)
        {
            double factor = _weight[link] * SquaredModulus(_receiver[link]);
            ComplexVector h = channels[link];
            for (int i = 0; i < order; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    gram.Re[(i * order) + j] += factor * ((h.Re[i] * h.Re[j]) + (h.Im[i] * h.Im[j]));
                    gram.Im[(i * order) + j] += factor * ((h.Im[i] * h.Re[j]) - (h.Re[i] * h.Im[j]));
                }
            }
        }

        MeetPowerLimit(station);
    }

    // The least mu >= 0 at which the beams (B + mu I)^-1 w_k u_k h_k have at most unit power: Newton steps on 1 / sqrt(power), which is nearly
    // linear in mu, within a bracket.
    private void MeetPowerLimit(int station)
    {
        const int mostSteps = 60;
        const double precision = 1e-12;
        double low = -1, high = double.PositiveInfinity, mu = _multipliers[station], power = 0;
        for (int step = 0; step < mostSteps; step++)
        {
            (power, double slope) = SolveBeams(station, mu);
            if (power <= 1 && (mu == 0 || 1 - power <= precision))
            {
                break;
            }

            (low, high) = power > 1 ? (mu, high) : (low, mu);
            if (power > 1 && power - 1 <= precision)
            {
                break;
            }

            // No power at all, or none that is finite: the slope says nothing.
            double next = double.IsFinite(power) && slope > 0 ? mu + (power * (Math.Sqrt(power) - 1) / slope) : double.NaN;
            if (next <= 0 && low < 0)
            {
                next = 0;
            }
            else if (!(next > low && next < high))
            {
                next = double.IsInfinity(high) ? Math.Max(2 * mu, 1e-12 * Trace(_gram[station])) : 0.5 * (Math.Max(low, 0) + high);
            }

            if (next == mu)
            {
                break;
            }

            mu = next;
        }

        _multipliers[station] = mu;
        double scale = power > 1 && double.IsFinite(power) ? 1 / Math.Sqrt(power) : 1;
        foreach (ComplexVector beam in _beams[station])
        {
            beam.Scale(scale);
        }
    }

    // The beams at a multiplier, their power, and minus half its derivative; an infinite power where the matrix is singular.
    private (double Power, double Slope) SolveBeams(int station, double multiplier)
    {
        ComplexMatrix gram = _gram[station], shifted = _shifted[station];
        gram.Re.CopyTo(shifted.Re, 0);
        gram.Im.CopyTo(shifted.Im, 0);
        for (int i = 0; i < gram.Rows; i++)
        {
            shifted.Re[(i * gram.Rows) + i] += multiplier;
        }

        if (CholeskyFactor.TryCreate(shifted) is not { } factor)
        {
            return (double.PositiveInfinity, 0);
        }

        double power = 0, slope = 0;
        for (int k = 0; k < _shape.Users; k++)
        {
            int link = _shape.UserLink(station, k);
            ComplexVector beam = _beams[station][k];
            Array.Clear(beam.Re);
            Array.Clear(beam.Im);
            beam.Add(_weight[link] * _receiver[link], _reduced[station][link]);
            factor.Solve(beam);
            power += beam.SquaredNorm();
            ComplexVector twice = beam.Clone();
            factor.Solve(twice);
            slope += beam.Inner(twice).Real;
        }

        return (power, slope);
    }

    private static double Trace(ComplexMatrix matrix)
    {
        double sum = 0;
        for (int i = 0; i < matrix.Rows; i++)
        {
            sum += matrix.Re[(i * matrix.Rows) + i];
        }

        return sum;
    }

    private static ComplexVector[] Basis(StationLinks station) =>
        OrthonormalBasis.Of(Enumerable.Range(0, station.Shape.Cells * station.Shape.Users).Select(station.Vector));

    private static ComplexVector Project(ComplexVector[] basis, ComplexVector vector)
    {
        var reduced = new ComplexVector(basis.Length);
        for (int i = 0; i < basis.Length; i++)
        {
            reduced[i] = basis[i].Inner(vector);
        }

        return reduced;
    }

    private static double SquaredModulus(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);
}
