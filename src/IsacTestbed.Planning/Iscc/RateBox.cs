namespace IsacTestbed.Planning.Iscc;

/// <summary>A box of spectral efficiencies and powers, a range of each per user, and what <see cref="BoundTree"/> knows of it.</summary>
/// <param name="count">Number of users.</param>
/// <param name="budgetWatts">Power budget of a user.</param>
/// <param name="clockPrice">mu to start from.</param>
/// <param name="loadPrice">nu of the set of all users to start from.</param>
/// <param name="bound">A lower bound of the cost.</param>
internal sealed class RateBox(int count, double budgetWatts, double clockPrice, double loadPrice, double bound)
{
    /// <summary>Lower ends; a user at 0 may stay silent.</summary>
    public double[] Low { get; private init; } = new double[count];

    /// <summary>Upper ends.</summary>
    public double[] High { get; private init; } = [.. Enumerable.Repeat(double.PositiveInfinity, count)];

    /// <summary>What the users send; see <see cref="InterferenceFloor"/>.</summary>
    public BeamPowers Sent { get; private init; } = new(count, budgetWatts);

    /// <summary>mu.</summary>
    public double ClockPrice { get; set; } = clockPrice;

    /// <summary>nu, one per cut of <see cref="LoadCuts"/>.</summary>
    public double[] CutPrices { get; set; } = [loadPrice];

    /// <summary>The cuts in this box.</summary>
    public LoadLimit[] Loads { get; set; } = [];

    /// <summary>A lower bound of the cost.</summary>
    public double Bound { get; set; } = bound;

    /// <summary>Per user how much the cost varies over the range.</summary>
    public double[] Spread { get; private init; } = new double[count];

    /// <summary>Per user how much it varies over what its power may be.</summary>
    public double[] PowerSpread { get; private init; } = new double[count];

    /// <summary>What a user pays for its x = gamma / (1 + gamma), by all cuts it belongs to.</summary>
    public double LoadPrice(int user)
    {
        double price = 0;
        for (int c = 0; c < CutPrices.Length; c++)
        {
            price += Loads[c].Weights[user] * CutPrices[c];
        }

        return price;
    }

    /// <summary>Where what arrives of a user is best divided; null if nowhere.</summary>
    public ArrivalSplit? Arrival { get; set; }

    /// <summary>A box of its own with the same ranges and knowledge.</summary>
    public RateBox Copy() => new(Low.Length, budgetWatts, ClockPrice, 0, Bound)
    {
        Low = [.. Low],
        High = [.. High],
        Sent = Sent.Copy(),
        CutPrices = [.. CutPrices],
        Loads = [.. Loads],
        Spread = [.. Spread],
        PowerSpread = [.. PowerSpread],
    };
}
