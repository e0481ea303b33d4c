using System.Globalization;

namespace IsacTestbed.Core.Tests.Units;

public sealed class DecibelsTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, 10)]
    [InlineData(-30, 1e-3)]
    [InlineData(3.010299956639812, 2)]
    [InlineData(double.NegativeInfinity, 0)]
    public void Conversion_KnownValues_BothWays(double decibels, double ratio)
    {
        Assert.Equal(ratio, new Decibels(decibels).ToPowerRatio().Value, 1e-15 + (1e-14 * ratio));
        Assert.Equal(decibels, new PowerRatio(ratio).ToDecibels().Value, 12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.3)]
    public void PowerRatio_WithoutLogarithm_IsNegativeInfinity(double ratio) =>
        Assert.Equal(double.NegativeInfinity, new PowerRatio(ratio).ToDecibels().Value);

    [Fact]
    public void ToString_InAnyCulture_UsesAPoint()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;
            Assert.Equal("3.46 dB", new Decibels(3.456).ToString());
            Assert.Equal("0.5", new PowerRatio(0.5).ToString());
            Assert.Equal("5 ticks at 0.5 Hz", new DeviceTime(5, 0.5).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
