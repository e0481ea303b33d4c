using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>Beams that need no iteration; every base station uses what it knows of its own channels, and its full power.</summary>
internal static class ClosedFormBeams
{
    // Below this share of a channel's power, what is left of it outside the span of the others is rounding.
    private const double NullTolerance = 1e-20;

    /// <summary>Maximum ratio transmission: each beam along its user's channel, equal powers.</summary>
    public static BeamSet MaximumRatio(IReadOnlyList<StationLinks> links) =>
        PerUser(links, (station, own) => station.Vector(own));

    /// <summary>
    /// Interference minimising transmission: each beam in the directions of least leakage to all other users of the network, along what is
    /// left of its own channel there; equal powers. With more antennas than users that is zero forcing.
    /// </summary>
    public static BeamSet InterferenceMinimising(IReadOnlyList<StationLinks> links) => PerUser(links, LeastLeakage);

    /// <summary>
    /// Each beam maximises its signal over the noise and the leakage to all other users at its share of the power, equal powers: the start of
    /// the iterations.
    /// </summary>
    public static BeamSet SignalToLeakage(IReadOnlyList<StationLinks> links) => PerUser(links, (station, own) =>
    {
        NetworkShape shape = station.Shape;
        var leakage = new ComplexMatrix(shape.Antennas, shape.Antennas);
        for (int link = 0; link < shape.Cells * shape.Users; link++)
        {
            if (link != own)
            {
                AddOuter(leakage, station, link, 1.0 / shape.Users);
            }
        }

        for (int i = 0; i < shape.Antennas; i++)
        {
            leakage.Re[(i * shape.Antennas) + i] += 1;
        }

        var channel = station.Vector(own);
        CholeskyFactor.TryCreate(leakage)?.Solve(channel);
        return channel;
    });

    /// <summary>Conjugate beamforming: beams along the channels of the own targets, equal powers; target j goes to column j mod K.</summary>
    public static BeamSet Conjugate(IReadOnlyList<StationLinks> links)
    {
        NetworkShape shape = links[0].Shape;
        var beams = new BeamSet(shape);
        for (int m = 0; m < shape.Cells; m++)
        {
            for (int c = 0; c < Math.Max(shape.Users, shape.Targets); c++)
            {
                var direction = links[m].Vector(shape.TargetLink(m, c % shape.Targets));
                if (direction.Normalise())
                {
                    beams.Add(m, c % shape.Users, 1, direction);
                }
            }
        }

        beams.ScaleToFullPower();
        return beams;
    }

    /// <summary>Adds a multiple of h h^H to a matrix.</summary>
    public static void AddOuter(ComplexMatrix matrix, StationLinks station, int link, double factor)
    {
        ReadOnlySpan<double> re = station.RealRow(link), im = station.ImaginaryRow(link);
        int n = re.Length;
        Span<double> conjugate = n <= 128 ? stackalloc double[n] : new double[n];
        for (int i = 0; i < n; i++)
        {
            conjugate[i] = -im[i];
        }

        for (int i = 0; i < n; i++)
        {
            ComplexRows.AddMultiple(factor * re[i], factor * im[i], re, conjugate, matrix.Re.AsSpan(i * n, n), matrix.Im.AsSpan(i * n, n));
        }
    }

    private static BeamSet PerUser(IReadOnlyList<StationLinks> links, Func<StationLinks, int, ComplexVector> direction)
    {
        NetworkShape shape = links[0].Shape;
        var beams = new BeamSet(shape);
        for (int m = 0; m < shape.Cells; m++)
        {
            for (int k = 0; k < shape.Users; k++)
            {
                ComplexVector beam = direction(links[m], shape.UserLink(m, k));
                if (beam.Normalise())
                {
                    beams.Add(m, k, Math.Sqrt(1.0 / shape.Users), beam);
                }
            }
        }

        // A user without a channel leaves its share to the others.
        beams.ScaleToFullPower();
        return beams;
    }

    private static ComplexVector LeastLeakage(StationLinks station, int own)
    {
        NetworkShape shape = station.Shape;
        var channel = station.Vector(own);
        double power = channel.SquaredNorm();
        var leakage = new ComplexMatrix(shape.Antennas, shape.Antennas);
        for (int link = 0; link < shape.Cells * shape.Users; link++)
        {
            if (link != own)
            {
                AddOuter(leakage, station, link, 1);
            }
        }

        // Directions in the order of their leakage; those that leak as little as the first, up to rounding, belong to it.
        var eigen = new JacobiWorkspace(shape.Antennas);
        eigen.Decompose(leakage);
        double largest = eigen.Values[^1], least = Math.Max(eigen.Values[0], 0) + (1e-12 * largest);
        ComplexVector shares = eigen.Vectors.Times(channel);
        for (int j = 0; j < shape.Antennas; j++)
        {
            shares[j] = eigen.Values[j] <= least ? shares[j] : 0;
        }

        ComplexVector beam = eigen.Vectors.AdjointTimes(shares);
        return beam.SquaredNorm() > NullTolerance * power ? beam : channel;
    }
}
