namespace IsacTestbed.Planning.Iscc;

/// <summary>A box of spectral efficiencies, one range per user, and what <see cref="BoundTree"/> knows of it.</summary>
/// <param name="count">Number of users.</param>
/// <param name="clockPrice">mu to start from.</param>
/// <param name="loadPrice">nu of the set of all users to start from.</param>
/// <param name="bound">A lower bound of the cost.</param>
internal sealed class RateBox(int count, double clockPrice, double loadPrice, double bound)
{
    /// <summary>Lower ends; a user at 0 may stay silent.</summary>
    public double[] Low { get; private init; } = new double[count];

    /// <summary>Upper ends.</summary>
    public double[] High { get; private init; } = [.. Enumerable.Repeat(double.PositiveInfinity, count)];

    /// <summary>What each user's data have at least along the dominant direction of its uplink, in watts; see <see cref="InterferenceFloor"/>.</summary>
    public double[] Data { get; private init; } = new double[count];

    /// <summary>What its sensing beam has at least along that of its echo.</summary>
    public double[] Sensing { get; private init; } = new double[count];

    /// <summary>mu.</summary>
    public double ClockPrice { get; set; } = clockPrice;

    /// <summary>nu, one per set of <see cref="LoadCuts"/>.</summary>
    public double[] CutPrices { get; set; } = [loadPrice];

    /// <summary>D, one per set.</summary>
    public double[] Dimensions { get; set; } = [];

    /// <summary>A lower bound of the cost.</summary>
    public double Bound { get; set; } = bound;

    /// <summary>Per user how much the cost varies over the range.</summary>
    public double[] Spread { get; private init; } = new double[count];

    /// <summary>A box of its own with the same ranges and knowledge.</summary>
    public RateBox Copy() => new(Low.Length, ClockPrice, 0, Bound)
    {
        Low = [.. Low],
        High = [.. High],
        Data = [.. Data],
        Sensing = [.. Sensing],
        CutPrices = [.. CutPrices],
        Dimensions = [.. Dimensions],
        Spread = [.. Spread],
    };
}
