namespace IsacTestbed.Planning.Iscc;

/// <summary>What every user sends at least and at most, and how that was found: <see cref="InterferenceFloor"/> goes on from it.</summary>
/// <param name="count">Number of users.</param>
/// <param name="budgetWatts">Power budget of a user.</param>
internal sealed class BeamPowers(int count, double budgetWatts)
{
    /// <summary>The most power of each user's two beams together, in watts.</summary>
    public double[] Budget { get; private init; } = [.. Enumerable.Repeat(budgetWatts, count)];

    /// <summary>The least.</summary>
    public double[] Power { get; private init; } = new double[count];

    /// <summary>What each user's data have at least along the dominant direction of its uplink, in watts.</summary>
    public double[] Data { get; private init; } = new double[count];

    /// <summary>What its sensing beam has at least along that of its echo.</summary>
    public double[] Sensing { get; private init; } = new double[count];

    /// <summary>What arrives at the access point.</summary>
    public ArrivalRanges AtAp { get; private init; } = ArrivalRanges.Any(count, budgetWatts);

    /// <summary>What arrives at the users' echo receivers.</summary>
    public ArrivalRanges AtUsers { get; private init; } = ArrivalRanges.Any(count, budgetWatts);

    /// <summary>The d of <see cref="SpreadArrivals"/> at the access point, one row per user; 0 where none was sought.</summary>
    public double[][] ApSplits { get; private init; } = Rows(count);

    /// <summary>The same at the users' echo receivers.</summary>
    public double[][] EchoSplits { get; private init; } = Rows(count);

    /// <summary>One of its own with the same figures.</summary>
    public BeamPowers Copy() => new(Data.Length, budgetWatts)
    {
        Budget = [.. Budget],
        Power = [.. Power],
        Data = [.. Data],
        Sensing = [.. Sensing],
        AtAp = AtAp.Copy(),
        AtUsers = AtUsers.Copy(),
        ApSplits = [.. ApSplits.Select(row => (double[])[.. row])],
        EchoSplits = [.. EchoSplits.Select(row => (double[])[.. row])],
    };

    private static double[][] Rows(int count) => [.. Enumerable.Range(0, count).Select(_ => new double[SpreadArrivals.BeamsPerUser * count])];
}
