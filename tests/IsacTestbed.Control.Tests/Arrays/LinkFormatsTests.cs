using IsacTestbed.Control.Arrays;
using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Control.Tests.Arrays;

/// <summary>The SINR that is said to carry a format carries it.</summary>
public sealed class LinkFormatsTests
{
    private static readonly LinkFormats Formats = new(2, 4000, 4096, 0.05);

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, 9)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void Format_AtItsRequiredSinr_LosesNoMoreThanItSays(int index)
    {
        // Half a decibel for what the receiver has to estimate; at most 5 % of 60 packets are lost, 3 on average: more than 12 with a probability of 1e-5.
        LinkFormat format = Formats.All[index];
        double sinr = format.RequiredSinr * Math.Pow(10, 0.05);
        var curve = PacketErrorCurve.Measure(format.Format, format.PayloadBytes, [sinr, 2 * sinr], 60, 60, 5);
        Assert.InRange(curve.Points[0].Errors, 0, 12);
        Assert.InRange(new PacketModulator(format.Format).LengthInSamples(format.PayloadBytes), 3000, 4000);
        Assert.True(format.Gap > 1, "no modem beats Shannon");
    }

    [Fact]
    public void Carried_IsTheFastestThatFits()
    {
        foreach (double db in (double[])[-10, 0, 3, 6, 10, 14, 30])
        {
            double sinr = Math.Pow(10, db / 10);
            LinkFormat[] fitting = [.. Formats.All.Where(f => f.RequiredSinr <= sinr)];
            LinkFormat chosen = Formats.Carried(sinr);
            Assert.Equal(fitting.Length == 0 ? Formats.All.Min(f => f.RequiredSinr) : chosen.RequiredSinr, chosen.RequiredSinr);
            Assert.All(fitting, f => Assert.True(f.SpectralEfficiency <= chosen.SpectralEfficiency));
        }
    }
}
