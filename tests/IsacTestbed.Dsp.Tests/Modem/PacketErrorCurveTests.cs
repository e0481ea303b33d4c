using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Dsp.Tests.Modem;

public sealed class PacketErrorCurveTests
{
    private static readonly PacketFormat QpskHalf = new(Modulation.Qpsk, CodeRate.Half);

    [Fact]
    public void Measure_QpskHalfThroughTheWholeReceiver_IsWithinOneDecibelOfTheTextbook()
    {
        // 125 bytes, at the textbook's SNR for a packet error rate of 0.1 and half a decibel below and above. The curve falls by a factor
        // of about four in those 0.5 dB, so 150 packets place it to about 0.1 dB. It cannot beat the bound by more than that either: the
        // bound is above the truth at this rate, but by less than a factor of two, a quarter of a decibel.
        double textbook = ConvolutionalBound.RequiredEbN0ForPackets(CodeRate.Half, 0.1, 1000), half = Math.Pow(10, 0.05);
        PacketErrorCurve curve = PacketErrorCurve.Measure(QpskHalf, 125, [textbook / half, textbook, textbook * half * half], 150, 150, 1);
        Assert.InRange(10 * Math.Log10(curve.RequiredSnr(0.1) / textbook), -0.35, 1);
    }

    [Fact]
    public void Measure_SameSeed_GivesTheSamePoints()
    {
        PacketErrorCurve first = PacketErrorCurve.Measure(QpskHalf, 20, [0.7, 1.4], 25, 25, 3);
        PacketErrorCurve second = PacketErrorCurve.Measure(QpskHalf, 20, [0.7, 1.4], 25, 25, 3);
        Assert.Equal(first.Points, second.Points);
        Assert.True(first.Points[0].Errors > first.Points[1].Errors);
    }

    [Fact]
    public void RequiredSnr_StraightLineInLogRate_IsInterpolatedAndNotExtrapolated()
    {
        // From 1 at 0 dB to 1e-4 at 4 dB: 1e-2 is at 2 dB.
        var curve = new PacketErrorCurve(QpskHalf, 100, [new PacketErrorPoint(1, 10_000, 10_000), new PacketErrorPoint(Math.Pow(10, 0.4), 10_000, 1)]);
        Assert.Equal(2, 10 * Math.Log10(curve.RequiredSnr(1e-2)), 1e-9);
        double eta = new PacketModulator(QpskHalf).SpectralEfficiency(100);
        Assert.Equal(Math.Pow(10, 0.2) / (Math.Pow(2, eta) - 1), curve.Gap(1e-2), 1e-9);
        Assert.Throws<InvalidOperationException>(() => curve.RequiredSnr(1e-5));
    }

    [Fact]
    public void SpectralEfficiency_LongPackets_ApproachesTheFormatsRateWithPilots()
    {
        // 2 bits times 1/2 times 15/16 for the pilots; 65,535 bytes leave a fraction of a percent for the rest.
        Assert.Equal(15.0 / 16, new PacketModulator(QpskHalf).SpectralEfficiency(65535), 0.005);
        Assert.Equal(0, new PacketModulator(QpskHalf).SpectralEfficiency(0));
    }

    [Fact]
    public void BitErrorRate_AtTheTextbooksPoint_IsTheTextbooksValue()
    {
        // The K = 7 rate 1/2 soft-decision curve passes 1e-5 at 4.2 dB.
        Assert.Equal(4.2, 10 * Math.Log10(ConvolutionalBound.RequiredEbN0(CodeRate.Half, 1e-5)), 0.1);
    }
}
