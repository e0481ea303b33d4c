namespace IsacTestbed.Uhd;

/// <summary>A hardware time as libuhd has it: whole seconds and a fraction.</summary>
/// <param name="WholeSeconds">Whole seconds.</param>
/// <param name="Fraction">The rest, in seconds.</param>
internal readonly record struct UhdTime(long WholeSeconds, double Fraction)
{
    /// <summary>This time and some seconds more.</summary>
    public UhdTime Plus(double seconds)
    {
        double fraction = Fraction + seconds, whole = Math.Floor(fraction);
        return new UhdTime(WholeSeconds + (long)whole, fraction - whole);
    }

    /// <summary>Seconds from another time to this one.</summary>
    public double Since(UhdTime earlier) => WholeSeconds - earlier.WholeSeconds + (Fraction - earlier.Fraction);
}
