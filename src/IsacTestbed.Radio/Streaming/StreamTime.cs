namespace IsacTestbed.Radio;

/// <summary>Converts hardware times to ticks of the sample clock and back, to the nearest one, also for times as large as those of day.</summary>
/// <remarks>
/// The product of seconds and rate is split so that its large part is exact in integers: a double alone is eight ticks wide at the present time of
/// day and 30.72 MS/s. A tick survives the way through nanoseconds and back at any rate below 1 GS/s; it is exact in both steps at whole rates, and
/// off by less than a millionth of a tick before rounding at others.
/// </remarks>
public static class StreamTime
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The tick nearest to a time in nanoseconds.</summary>
    /// <param name="nanoseconds">Time since the clock's zero.</param>
    /// <param name="rateHz">Sample rate, positive and finite.</param>
    public static long TickFromNanoseconds(long nanoseconds, double rateHz)
    {
        (long seconds, long rest) = Math.DivRem(nanoseconds, NanosecondsPerSecond);
        return TickFromSeconds(seconds, rest * 1e-9, rateHz);
    }

    /// <summary>The tick nearest to a time in whole seconds and a fraction.</summary>
    /// <param name="wholeSeconds">Whole seconds since the clock's zero.</param>
    /// <param name="fraction">The rest in seconds, of either sign.</param>
    /// <param name="rateHz">Sample rate, positive and finite.</param>
    public static long TickFromSeconds(long wholeSeconds, double fraction, double rateHz)
    {
        (long wholeRate, double rateRest) = Split(rateHz);
        return checked((wholeSeconds * wholeRate) + (long)Math.Round((wholeSeconds * rateRest) + (fraction * rateHz)));
    }

    /// <summary>The time of a tick in nanoseconds, to the nearest one.</summary>
    /// <param name="tick">The tick.</param>
    /// <param name="rateHz">Sample rate, positive and finite.</param>
    public static long NanosecondsFromTick(long tick, double rateHz)
    {
        (long seconds, double fraction) = SecondsFromTick(tick, rateHz);
        return checked((seconds * NanosecondsPerSecond) + (long)Math.Round(fraction * NanosecondsPerSecond));
    }

    /// <summary>The time of a tick as whole seconds and a fraction in [0, 1).</summary>
    /// <param name="tick">The tick.</param>
    /// <param name="rateHz">Sample rate, positive and finite.</param>
    public static (long WholeSeconds, double Fraction) SecondsFromTick(long tick, double rateHz)
    {
        (long wholeRate, double rateRest) = Split(rateHz);
        long seconds = (long)Math.Floor(tick / rateHz);
        double fraction = (tick - (seconds * wholeRate) - (seconds * rateRest)) / rateHz;

        // The quotient above is rounded: it may be one second off at the border between two.
        double shift = Math.Floor(fraction);
        fraction -= shift;
        return fraction < 1 ? (seconds + (long)shift, fraction) : (seconds + (long)shift + 1, 0);
    }

    private static (long Whole, double Remainder) Split(double rateHz)
    {
        if (!(rateHz > 0) || double.IsInfinity(rateHz))
        {
            throw new ArgumentOutOfRangeException(nameof(rateHz), rateHz, "A sample rate is positive and finite.");
        }

        long whole = (long)rateHz;
        return (whole, rateHz - whole);
    }
}
