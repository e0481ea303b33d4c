namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>What is maximised: the paper's weighted sum of rates, or a variant that is fair to the targets.</summary>
/// <remarks>Immutable and thread safe.</remarks>
internal sealed class RateUtility
{
    private readonly double[]? _leak;
    private readonly int _targets;
    private readonly double _sharpness;

    private RateUtility(double rho, double[]? leak, int targets, double sharpness)
    {
        Rho = rho;
        _leak = leak;
        _targets = targets;
        _sharpness = sharpness;
    }

    /// <summary>Weight of the communication rate.</summary>
    public double Rho { get; }

    /// <summary>Whether echoes of several targets of a cell can be told apart, so that it may pay to light all of them.</summary>
    public bool TellsTargetsApart => _leak is not null;

    /// <summary>The objective of (10).</summary>
    public static RateUtility Paper(double rho) => new(rho, null, 0, 0);

    /// <summary>
    /// The sum of rates where the echo of target i disturbs target j of the same cell only by what the combiner of (5) lets through:
    /// |b_j^H b_i|^2 / N_R^2, which the sensing channels tell where a base station receives with the array it transmits with.
    /// </summary>
    /// <param name="links">The links of each base station.</param>
    /// <param name="rho">Weight of the communication rate.</param>
    public static RateUtility Discriminating(IReadOnlyList<StationLinks> links, double rho) => new(rho, Leaks(links), links[0].Shape.Targets, 0);

    /// <summary>
    /// With the combiner's discrimination, and M J times the least target rate in place of their sum; smoothed: a soft minimum that lies at
    /// most ln(M J) / sharpness above the least rate.
    /// </summary>
    /// <param name="links">The links of each base station.</param>
    /// <param name="rho">Weight of the communication rate.</param>
    /// <param name="sharpness">Per bit/s/Hz.</param>
    public static RateUtility Fair(IReadOnlyList<StationLinks> links, double rho, double sharpness) =>
        new(rho, Leaks(links), links[0].Shape.Targets, sharpness);

    /// <summary>How much of the echo of target <paramref name="other"/> reaches the receiver of <paramref name="target"/>: 1 in (8).</summary>
    public double EchoLeak(int cell, int target, int other) => _leak is null ? 1 : _leak[(((cell * _targets) + target) * _targets) + other];

    /// <summary>The sensing part of the utility and its slopes.</summary>
    /// <param name="rates">Rate of each target.</param>
    /// <param name="slopes">Receives the derivatives with respect to the rates.</param>
    public double Sensing(ReadOnlySpan<double> rates, Span<double> slopes)
    {
        double sum = 0, least = double.PositiveInfinity;
        foreach (double rate in rates)
        {
            sum += rate;
            least = Math.Min(least, rate);
        }

        if (_sharpness == 0)
        {
            slopes.Fill(1);
            return sum;
        }

        double weights = 0;
        for (int i = 0; i < rates.Length; i++)
        {
            slopes[i] = Math.Exp(-_sharpness * (rates[i] - least));
            weights += slopes[i];
        }

        for (int i = 0; i < rates.Length; i++)
        {
            slopes[i] *= rates.Length / weights;
        }

        return rates.Length * (least - (Math.Log(weights / rates.Length) / _sharpness));
    }

    // The share of one unit vector's power along another: both channels are multiples of the array's response.
    private static double[] Leaks(IReadOnlyList<StationLinks> links)
    {
        NetworkShape shape = links[0].Shape;
        double[] leaks = new double[shape.Cells * shape.Targets * shape.Targets];
        for (int m = 0; m < shape.Cells; m++)
        {
            for (int j = 0; j < shape.Targets; j++)
            {
                for (int i = 0; i < shape.Targets; i++)
                {
                    var a = links[m].Vector(shape.TargetLink(m, j));
                    var b = links[m].Vector(shape.TargetLink(m, i));
                    double norms = a.SquaredNorm() * b.SquaredNorm(), inner = a.Inner(b).Magnitude;
                    leaks[(((m * shape.Targets) + j) * shape.Targets) + i] = norms > 0 ? inner * inner / norms : 0;
                }
            }
        }

        return leaks;
    }
}
