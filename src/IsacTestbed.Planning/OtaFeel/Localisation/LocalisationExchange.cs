namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>
/// A federated localisation message by message, for links that take their time: coarse search, rounds of scaled gradients from its best places
/// side by side, a comparison of where they end. Not thread safe.
/// </summary>
/// <remarks>Loop while <see cref="Locals"/> is not null: send it, and give the sums over the devices to <see cref="Receive"/>.</remarks>
public sealed class LocalisationExchange
{
    private readonly LocalMessages _messages;
    private readonly SearchRegion _region;
    private readonly double _stride;
    private readonly IEnumerator<double[][]> _steps;
    private double[] _sums = [];

    /// <summary>Begins a localisation.</summary>
    /// <param name="losses">The local loss of every device that takes part, at least one.</param>
    /// <param name="region">Where to look.</param>
    /// <param name="rounds">Rounds of gradients, at least 1.</param>
    /// <param name="scalingInterval">The scaling is asked for anew after so many rounds, at least 1.</param>
    /// <param name="candidates">Places that are followed, at least 1; every message grows in proportion.</param>
    /// <param name="stride">Share of the scaled gradient that a step takes, above 0, at most 1; small ones average the noise of the air.</param>
    public LocalisationExchange(
        IReadOnlyList<LocalisationLoss> losses, SearchRegion region, int rounds, int scalingInterval = 1, int candidates = 6, double stride = 0.5)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(region);
        ArgumentOutOfRangeException.ThrowIfZero(losses.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(scalingInterval, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 1);
        if (!(stride is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(stride), stride, "The stride is above 0 and at most 1.");
        }

        (_messages, _region, _stride) = (new LocalMessages([.. losses]), region, stride);
        _steps = Steps(rounds, scalingInterval, candidates);
        Advance();
    }

    /// <summary>What each device sends next, one vector per device, all of one length; null when the location is found.</summary>
    public IReadOnlyList<double[]>? Locals { get; private set; }

    /// <summary>The path of the place that ends with the smallest sum of losses: the start, and the estimate after each round; empty before the end.</summary>
    public IReadOnlyList<Location> Path { get; private set; } = [];

    /// <summary>Takes the sums of the vectors that were sent.</summary>
    /// <param name="sums">As long as each of them.</param>
    /// <exception cref="InvalidOperationException">Nothing was sent, or the lengths differ.</exception>
    public void Receive(double[] sums)
    {
        ArgumentNullException.ThrowIfNull(sums);
        if (Locals is not { } locals || sums.Length != locals[0].Length)
        {
            throw new InvalidOperationException($"The aggregation of {Locals?[0].Length ?? 0} numbers gave {sums.Length}.");
        }

        _sums = sums;
        Advance();
    }

    private void Advance() => Locals = _steps.MoveNext() ? _steps.Current : null;

    private IEnumerator<double[][]> Steps(int rounds, int scalingInterval, int candidates)
    {
        IReadOnlyList<Location> grid = _region.Grid();
        yield return _messages.Losses(grid);
        List<Location>[] paths =
        [
            .. Enumerable.Range(0, grid.Count).OrderBy(i => _sums[i]).Take(candidates).Select(i => new List<Location>(rounds + 1) { grid[i] }),
        ];
        FisherInformation[] scalings = [];
        for (int round = 0; round < rounds; round++)
        {
            Location[] places = [.. paths.Select(path => path[^1])];
            if (round % scalingInterval == 0)
            {
                yield return _messages.Scalings(places);
                scalings = [.. places.Select((_, c) => FisherInformation.FromUpperTriangle(_sums.AsSpan(6 * c, 6)))];
            }

            yield return _messages.Gradients(places);
            for (int c = 0; c < paths.Length; c++)
            {
                Location next = ScoringStep.From(places[c], scalings[c], _sums.AsSpan(3 * c, 3), 1e-3, _stride);
                paths[c].Add(_region.Clamp(Within(places[c], next, _region.CellDiagonal)));
            }
        }

        yield return _messages.Losses([.. paths.Select(path => path[^1])]);
        Path = paths[Array.IndexOf(_sums, _sums.Min())];
    }

    // Far from the target the information tells little of the loss: a step stays within a cell of the grid.
    private static Location Within(Location from, Location to, double limit)
    {
        double distance = Math.Sqrt(from.SquaredDistanceTo(to)), share = distance > limit ? limit / distance : 1;
        return new Location(from.X + (share * (to.X - from.X)), from.Y + (share * (to.Y - from.Y)), from.Z + (share * (to.Z - from.Z)));
    }
}
