namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Between SoapySDR's nanoseconds and ticks. Whole seconds are split off first, so that a tick survives the way there and back.</summary>
internal static class SoapyTime
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The tick nearest to a time.</summary>
    public static long ToTicks(long nanoseconds, double rateHz)
    {
        (long seconds, long rest) = Math.DivRem(nanoseconds, NanosecondsPerSecond);
        double whole = seconds * rateHz, floor = Math.Floor(whole);
        return (long)floor + (long)Math.Round(whole - floor + (rest * rateHz / NanosecondsPerSecond));
    }

    /// <summary>The nanosecond nearest to a tick.</summary>
    public static long ToNanoseconds(long ticks, double rateHz)
    {
        long seconds = (long)(ticks / rateHz);
        double rest = ticks - (seconds * rateHz);
        return (seconds * NanosecondsPerSecond) + (long)Math.Round(rest * NanosecondsPerSecond / rateHz);
    }
}
