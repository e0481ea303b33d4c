namespace IsacTestbed.Ether;

/// <summary>The ticks from <paramref name="First"/> up to, not including, <paramref name="End"/>.</summary>
internal readonly record struct TickInterval(long First, long End)
{
    public bool Overlaps(long first, long end) => First < end && first < End;
}
