namespace IsacTestbed.Planning.Iscc;

/// <summary>What arrives of every user's two beams together at one kind of receiver, in watts along the direction of its channel.</summary>
/// <param name="Least">At least that, beside what its SINRs ask for.</param>
/// <param name="Most">At most that.</param>
internal sealed record ArrivalRanges(double[] Least, double[] Most)
{
    /// <summary>Whatever a power budget allows.</summary>
    /// <param name="count">Number of users.</param>
    /// <param name="budgetWatts">Power budget of a user.</param>
    public static ArrivalRanges Any(int count, double budgetWatts) => new(new double[count], [.. Enumerable.Repeat(budgetWatts, count)]);

    /// <summary>One of its own with the same figures.</summary>
    public ArrivalRanges Copy() => new([.. Least], [.. Most]);
}
