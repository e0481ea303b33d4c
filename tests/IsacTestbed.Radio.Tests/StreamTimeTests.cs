using IsacTestbed.Core;

namespace IsacTestbed.Radio.Tests;

public sealed class StreamTimeTests
{
    /// <summary>Rates of real radios, and awkward ones: thirds, an LTE multiple, just below 1 GS/s.</summary>
    public static TheoryData<double> Rates => [1, 1e6, 30.72e6, 61.44e6, 245.76e6, 200e6 / 3, 100e6 / 7, 33_333_333.333, 999_999_937];

    [Theory]
    [MemberData(nameof(Rates))]
    public void Tick_ThroughNanoseconds_ComesBack(double rateHz)
    {
        var random = new CounterRandom(1, RandomPurpose.Test);

        // From the clock's zero to a hundred years: far beyond what a double holds to the tick.
        double most = Math.Min(3e9 * rateHz, long.MaxValue / 4.0);
        for (ulong i = 0; i < 2000; i++)
        {
            long tick = (long)(most * Math.Pow(random.UniformAt(2 * i), 4)) + random.IntegerAt((2 * i) + 1, 1000);
            Assert.Equal(tick, StreamTime.TickFromNanoseconds(StreamTime.NanosecondsFromTick(tick, rateHz), rateHz));
            (long whole, double fraction) = StreamTime.SecondsFromTick(tick, rateHz);
            Assert.InRange(fraction, 0, Math.BitDecrement(1.0));
            Assert.Equal(tick, StreamTime.TickFromSeconds(whole, fraction, rateHz));
        }
    }

    [Fact]
    public void Tick_OfTheTimeOfDay_IsExactInDecimals()
    {
        var random = new CounterRandom(2, RandomPurpose.Test);
        foreach (decimal rate in (decimal[])[30.72e6m, 245.76e6m, 56e6m, 12_345_678.5m])
        {
            for (ulong i = 0; i < 500; i++)
            {
                long nanoseconds = 1_700_000_000_000_000_000 + (long)(random.UniformAt(i) * 1e17);
                decimal exact = nanoseconds * rate / 1_000_000_000m;
                long tick = StreamTime.TickFromNanoseconds(nanoseconds, (double)rate);

                // Half a tick of rounding, and the millionth that the remarks state.
                Assert.InRange(Math.Abs(tick - exact), 0, 0.500001m);
            }
        }
    }

    [Theory]
    [InlineData(-1, 1e6, -1000)]
    [InlineData(-30_720_000, 30.72e6, -1_000_000_000)]
    [InlineData(0, 30.72e6, 0)]
    [InlineData(1, 245.76e6, 4)]
    [InlineData(3, 245.76e6, 12)]
    public void Nanoseconds_OfATick_AreTheNearest(long tick, double rateHz, long nanoseconds)
    {
        Assert.Equal(nanoseconds, StreamTime.NanosecondsFromTick(tick, rateHz));
        Assert.Equal(tick, StreamTime.TickFromNanoseconds(nanoseconds, rateHz));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Rate_ThatIsNone_IsRefused(double rateHz) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StreamTime.TickFromNanoseconds(1, rateHz));
}
