using System.Globalization;

namespace IsacTestbed.Rpc;

/// <summary>The grpc-timeout header: at most eight digits and a unit, H, M, S, m, u or n.</summary>
internal static class RpcTimeout
{
    private const long MaxValue = 99_999_999;
    private const long NanosecondsPerTick = 100;

    // A CancellationTokenSource cannot wait longer.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    private static readonly (char Unit, long Ticks)[] Units =
    [
        ('u', TimeSpan.TicksPerMicrosecond), ('m', TimeSpan.TicksPerMillisecond), ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute), ('H', TimeSpan.TicksPerHour),
    ];

    /// <summary>Writes a positive time in the finest unit that holds it, rounded up so that it never becomes zero.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout.Ticks <= MaxValue / NanosecondsPerTick)
        {
            return (timeout.Ticks * NanosecondsPerTick).ToString(CultureInfo.InvariantCulture) + "n";
        }

        foreach ((char unit, long ticks) in Units)
        {
            long value = (timeout.Ticks / ticks) + (timeout.Ticks % ticks == 0 ? 0 : 1);
            if (value <= MaxValue)
            {
                return value.ToString(CultureInfo.InvariantCulture) + unit;
            }
        }

        return MaxValue.ToString(CultureInfo.InvariantCulture) + "H";
    }

    /// <summary>Reads the header; false when it is malformed.</summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            return false;
        }

        if (text[^1] == 'n')
        {
            timeout = TimeSpan.FromTicks((value + NanosecondsPerTick - 1) / NanosecondsPerTick);
            return true;
        }

        foreach ((char unit, long ticks) in Units)
        {
            if (unit == text[^1])
            {
                timeout = value > TimeSpan.MaxValue.Ticks / ticks ? TimeSpan.MaxValue : TimeSpan.FromTicks(value * ticks);
                return true;
            }
        }

        return false;
    }

    /// <summary>A source that cancels when the time has passed; a time of more than 49 days counts as 49 days.</summary>
    public static CancellationTokenSource StartTimer(TimeSpan timeout, TimeProvider clock) =>
        new(timeout < Longest ? timeout : Longest, clock);
}
