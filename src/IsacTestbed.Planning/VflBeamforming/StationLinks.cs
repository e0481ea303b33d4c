using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>
/// What one base station knows: its own channels to every user and target of the network, scaled so that the power limit and every noise
/// power are one.
/// </summary>
/// <remarks>Mutable, so that samples of a training set can pass through it; whoever fills it owns it.</remarks>
internal sealed class StationLinks
{
    /// <summary>Links of zeros.</summary>
    public StationLinks(NetworkShape shape)
    {
        Shape = shape;
        Re = new double[shape.Links * shape.Antennas];
        Im = new double[shape.Links * shape.Antennas];
    }

    /// <summary>The sizes.</summary>
    public NetworkShape Shape { get; }

    /// <summary>Real parts: one row of N_T entries per link, users first, as <see cref="NetworkShape.UserLink"/> counts.</summary>
    public double[] Re { get; }

    /// <summary>Imaginary parts.</summary>
    public double[] Im { get; }

    /// <summary>The links of every base station of a case.</summary>
    public static StationLinks[] Of(VflBeamformingCase problem)
    {
        NetworkShape shape = problem.Shape;
        double user = Math.Sqrt(problem.PowerWatts / problem.UserNoiseWatts), target = Math.Sqrt(problem.PowerWatts / problem.SensingNoiseWatts);
        return
        [
            .. Enumerable.Range(0, shape.Cells).Select(n =>
            {
                var links = new StationLinks(shape);
                for (int m = 0; m < shape.Cells; m++)
                {
                    links.Fill(shape.UserLink(m, 0), problem.Channels[n][m], user);
                    links.Fill(shape.TargetLink(m, 0), problem.SensingChannels[n][m], target);
                }

                return links;
            }),
        ];
    }

    /// <summary>Real parts of one link.</summary>
    public ReadOnlySpan<double> RealRow(int link) => Re.AsSpan(link * Shape.Antennas, Shape.Antennas);

    /// <summary>Imaginary parts of one link.</summary>
    public ReadOnlySpan<double> ImaginaryRow(int link) => Im.AsSpan(link * Shape.Antennas, Shape.Antennas);

    /// <summary>One link as a vector.</summary>
    public ComplexVector Vector(int link)
    {
        var vector = new ComplexVector(Shape.Antennas);
        CopyTo(link, vector);
        return vector;
    }

    /// <summary>Copies one link into a vector.</summary>
    public void CopyTo(int link, ComplexVector vector)
    {
        RealRow(link).CopyTo(vector.Re);
        ImaginaryRow(link).CopyTo(vector.Im);
    }

    private void Fill(int firstLink, ComplexMatrix rows, double scale)
    {
        int start = firstLink * Shape.Antennas;
        for (int i = 0; i < rows.Re.Length; i++)
        {
            Re[start + i] = scale * rows.Re[i];
            Im[start + i] = scale * rows.Im[i];
        }
    }
}
