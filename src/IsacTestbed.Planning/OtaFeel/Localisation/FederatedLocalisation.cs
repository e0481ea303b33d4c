namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>How the server comes by the sum of what the devices hold: over perfect links, or over the air.</summary>
/// <param name="locals">One vector per device, all of one length.</param>
/// <returns>An estimate of their sum.</returns>
public delegate double[] SumAggregation(IReadOnlyList<double[]> locals);

/// <summary>
/// Joint localisation by federated gradients: the localisation part of Algorithm 2. Only sums over the devices reach the server, each
/// through one <see cref="SumAggregation"/>.
/// </summary>
/// <remarks>
/// As printed, gradients of (18) from a random start stall far from the target: the array response repeats, and the coordinates are seen
/// with very different accuracy. So the first round sums the local losses on an agreed grid, whose best place is the start, and the second
/// one the local Fisher informations there (six numbers), with which the server scales every step. Both are sums, and so travel over the
/// air like the gradients. Immutable.
/// </remarks>
public sealed class FederatedLocalisation
{
    private readonly LocalisationLoss[] _losses;
    private readonly SearchRegion _region;
    private readonly SumAggregation _aggregation;
    private readonly double _stride;

    /// <summary>Creates the estimation.</summary>
    /// <param name="losses">The local loss of every device that takes part, at least one.</param>
    /// <param name="region">Where to look.</param>
    /// <param name="aggregation">Sums what the devices send.</param>
    /// <param name="stride">Share of the scaled gradient that a step takes, above 0, at most 1; small ones average the noise of the air.</param>
    public FederatedLocalisation(
        IReadOnlyList<LocalisationLoss> losses, SearchRegion region, SumAggregation aggregation, double stride = 0.5)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(region);
        ArgumentNullException.ThrowIfNull(aggregation);
        ArgumentOutOfRangeException.ThrowIfZero(losses.Count);
        if (!(stride is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(stride), stride, "The stride is above 0 and at most 1.");
        }

        (_losses, _region, _aggregation, _stride) = ([.. losses], region, aggregation, stride);
    }

    /// <summary>Sums without error: the paper's perfect links.</summary>
    public static SumAggregation PerfectLinks { get; } = locals =>
    {
        double[] sum = new double[locals[0].Length];
        foreach (double[] local in locals)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += local[i];
            }
        }

        return sum;
    };

    /// <summary>The round of the coarse search.</summary>
    /// <returns>The best place of the grid.</returns>
    public Location CoarseSearch()
    {
        IReadOnlyList<Location> grid = _region.Grid();
        double[] sums = Aggregate([.. _losses.Select(loss => grid.Select(loss.At).ToArray())]);
        return grid[Array.IndexOf(sums, sums.Min())];
    }

    /// <summary>Coarse search, scaling, then rounds of gradients.</summary>
    /// <param name="rounds">Rounds of gradients, at least 1.</param>
    /// <param name="scalingInterval">The scaling is asked for anew after so many rounds, at least 1.</param>
    /// <returns>The estimate after the coarse search and after each round.</returns>
    public IReadOnlyList<Location> Run(int rounds, int scalingInterval = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(scalingInterval, 1);
        var path = new List<Location>(rounds + 1) { CoarseSearch() };
        FisherInformation scaling = new();
        for (int round = 0; round < rounds; round++)
        {
            Location place = path[^1];
            if (round % scalingInterval == 0)
            {
                scaling = Scaling(place);
            }

            path.Add(_region.Clamp(ScoringStep.From(place, scaling, Gradient(place), 1e-3, _stride)));
        }

        return path;
    }

    /// <summary>Rounds of plain gradients with one learning rate, as Algorithm 2 is printed.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="rounds">Rounds, at least 1.</param>
    /// <param name="learningRate">Square metres by which the gradient is multiplied.</param>
    /// <returns>The start, and the estimate after each round.</returns>
    public IReadOnlyList<Location> RunPlain(Location start, int rounds, double learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        var path = new List<Location>(rounds + 1) { start };
        for (int round = 0; round < rounds; round++)
        {
            Location place = path[^1];
            double[] gradient = Gradient(place);
            path.Add(_region.Clamp(new Location(
                place.X - (learningRate * gradient[0]), place.Y - (learningRate * gradient[1]), place.Z - (learningRate * gradient[2]))));
        }

        return path;
    }

    private double[] Gradient(Location place) => Aggregate(
    [
        .. _losses.Select(loss =>
        {
            double[] gradient = new double[3];
            _ = loss.Gradient(place, gradient);
            return gradient;
        }),
    ]);

    private FisherInformation Scaling(Location place) => FisherInformation.FromUpperTriangle(Aggregate(
    [
        .. _losses.Select(loss =>
        {
            var information = new FisherInformation();
            loss.AddInformation(place, information);
            return information.UpperTriangle();
        }),
    ]));

    private double[] Aggregate(double[][] locals)
    {
        double[] sum = _aggregation(locals);
        return sum.Length == locals[0].Length
            ? sum
            : throw new InvalidOperationException($"The aggregation of {locals[0].Length} numbers gave {sum.Length}.");
    }
}
