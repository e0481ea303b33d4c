namespace IsacTestbed.Core.Tests.Units;

public sealed class DeviceTimeTests
{
    /// <summary>At 245.76 MS/s a tick is no whole number of nanoseconds: ticks far out must come back exactly.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(245_760_001)]
    [InlineData(245_760_000L * 3600 + 7)]
    public void FromSeconds_OfAnyTick_GivesTheTickBack(long ticks)
    {
        var time = new DeviceTime(ticks, 245.76e6);
        Assert.Equal(time, DeviceTime.FromSeconds(time.Seconds, time.RateHz));
    }

    [Fact]
    public void TicksSince_AndAddTicks_AreInverse()
    {
        var earlier = new DeviceTime(long.MaxValue - 10, 1e6);
        Assert.Equal(10, earlier.AddTicks(10).TicksSince(earlier));
        Assert.Throws<OverflowException>(() => earlier.AddTicks(11));
        Assert.Throws<OverflowException>(() => earlier.TicksSince(new DeviceTime(-20, 1e6)));
    }

    [Fact]
    public void Comparison_AcrossRates_IsRefused()
    {
        DeviceTime slow = new(1, 1e6), fast = new(1, 2e6);
        Assert.Throws<ArgumentException>(() => slow < fast);
        Assert.Throws<ArgumentException>(() => slow.TicksSince(fast));
        Assert.NotEqual(slow, fast);
    }

    [Fact]
    public void Comparison_AtOneRate_OrdersByTicks()
    {
        DeviceTime one = new(1, 1e6), two = new(2, 1e6);
        Assert.True(one < two && two > one && one <= two && two >= one && one.CompareTo(two) < 0);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    [InlineData(1, double.NaN)]
    [InlineData(1, double.PositiveInfinity)]
    [InlineData(double.NaN, 1)]
    [InlineData(double.NegativeInfinity, 1)]
    public void FromSeconds_ImpossibleArguments_AreRefused(double seconds, double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DeviceTime.FromSeconds(seconds, rate));
}
