using System.Globalization;

namespace IsacTestbed.Core;

/// <summary>An instant of a radio's sample clock: a tick count and the rate of the ticks.</summary>
/// <remarks>
/// Ticks are exact; nanoseconds are not (at 245.76 MS/s a sample lasts 4.069... ns). Two times can be compared or subtracted only at
/// the same rate. Default is tick zero of a clock without a rate, equal to no real clock's time.
/// </remarks>
/// <param name="Ticks">Sample periods since the clock's zero.</param>
/// <param name="RateHz">Ticks per second, positive.</param>
public readonly record struct DeviceTime(long Ticks, double RateHz) : IComparable<DeviceTime>
{
    /// <summary>Seconds since the clock's zero, rounded to a double: for display and pacing, never for scheduling.</summary>
    public double Seconds => Ticks / RateHz;

    /// <summary>The tick nearest to <paramref name="seconds"/> on a clock of <paramref name="rateHz"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive, or the seconds are not finite.</exception>
    public static DeviceTime FromSeconds(double seconds, double rateHz)
    {
        if (!(rateHz > 0) || double.IsInfinity(rateHz))
        {
            throw new ArgumentOutOfRangeException(nameof(rateHz), rateHz, "A clock rate is positive and finite.");
        }

        if (!double.IsFinite(seconds))
        {
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "A time is finite.");
        }

        return new DeviceTime((long)Math.Round(seconds * rateHz), rateHz);
    }

    /// <summary>This instant moved by a number of ticks of the same clock.</summary>
    public DeviceTime AddTicks(long ticks) => this with { Ticks = checked(Ticks + ticks) };

    /// <summary>Ticks from <paramref name="earlier"/> to this instant.</summary>
    /// <exception cref="ArgumentException">The two clocks run at different rates.</exception>
    public long TicksSince(DeviceTime earlier)
    {
        RequireSameRate(earlier);
        return checked(Ticks - earlier.Ticks);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The two clocks run at different rates.</exception>
    public int CompareTo(DeviceTime other)
    {
        RequireSameRate(other);
        return Ticks.CompareTo(other.Ticks);
    }

    /// <summary>The tick count and rate, culture independent.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ticks} ticks at {RateHz:G17} Hz");

    /// <summary>Compares two instants of clocks of one rate.</summary>
    public static bool operator <(DeviceTime left, DeviceTime right) => left.CompareTo(right) < 0;

    /// <summary>Compares two instants of clocks of one rate.</summary>
    public static bool operator >(DeviceTime left, DeviceTime right) => left.CompareTo(right) > 0;

    /// <summary>Compares two instants of clocks of one rate.</summary>
    public static bool operator <=(DeviceTime left, DeviceTime right) => left.CompareTo(right) <= 0;

    /// <summary>Compares two instants of clocks of one rate.</summary>
    public static bool operator >=(DeviceTime left, DeviceTime right) => left.CompareTo(right) >= 0;

    private void RequireSameRate(DeviceTime other)
    {
        if (RateHz != other.RateHz)
        {
            throw new ArgumentException($"Times of clocks at {RateHz:G17} Hz and {other.RateHz:G17} Hz cannot be combined.", nameof(other));
        }
    }
}
