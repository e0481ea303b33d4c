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
/// with very different accuracy. So the first round sums the local losses on an agreed grid, whose best places are followed side by side;
/// the server scales every step by the summed Fisher information (six numbers per place), and a last round compares the places. All are
/// sums, and so travel over the air like the gradients. Immutable.
/// </remarks>
public sealed class FederatedLocalisation
{
    private readonly LocalisationLoss[] _losses;
    private readonly LocalMessages _messages;
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
        _messages = new LocalMessages(_losses);
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
    /// <param name="count">How many places are wanted, at least 1.</param>
    /// <returns>The best places of the grid, the best first.</returns>
    public IReadOnlyList<Location> CoarseSearch(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        IReadOnlyList<Location> grid = _region.Grid();
        double[] sums = Aggregate(_messages.Losses(grid));
        return [.. Enumerable.Range(0, grid.Count).OrderBy(i => sums[i]).Take(count).Select(i => grid[i])];
    }

    /// <summary>Coarse search, then rounds of scaled gradients from its best places side by side, then a comparison of where they end.</summary>
    /// <param name="rounds">Rounds of gradients, at least 1.</param>
    /// <param name="scalingInterval">The scaling is asked for anew after so many rounds, at least 1.</param>
    /// <param name="candidates">Places that are followed, at least 1; every message grows in proportion.</param>
    /// <returns>The path of the place that ends with the smallest sum of losses: the start, and the estimate after each round.</returns>
    public IReadOnlyList<Location> Run(int rounds, int scalingInterval = 1, int candidates = 6)
    {
        var exchange = new LocalisationExchange(_losses, _region, rounds, scalingInterval, candidates, _stride);
        while (exchange.Locals is { } locals)
        {
            exchange.Receive(_aggregation(locals));
        }

        return exchange.Path;
    }

    /// <summary>Rounds of plain gradients with one learning rate, as Algorithm 2 is printed.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="rounds">Rounds, at least 1.</param>
    /// <param name="learningRate">Square metres by which the gradient is multiplied.</param>
    /// <returns>The start, and the estimate after each round.</returns>
    internal IReadOnlyList<Location> RunPlain(Location start, int rounds, double learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        var path = new List<Location>(rounds + 1) { start };
        for (int round = 0; round < rounds; round++)
        {
            Location place = path[^1];
            double[] gradient = Aggregate(_messages.Gradients([place]));
            path.Add(_region.Clamp(new Location(
                place.X - (learningRate * gradient[0]), place.Y - (learningRate * gradient[1]), place.Z - (learningRate * gradient[2]))));
        }

        return path;
    }

    private double[] Aggregate(double[][] locals)
    {
        double[] sum = _aggregation(locals);
        return sum.Length == locals[0].Length
            ? sum
            : throw new InvalidOperationException($"The aggregation of {locals[0].Length} numbers gave {sum.Length}.");
    }
}
