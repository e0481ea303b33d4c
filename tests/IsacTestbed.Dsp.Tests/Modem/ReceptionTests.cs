using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Dsp.Tests.Modem;

public sealed class ReceptionTests
{
    private static readonly PacketFormat QpskHalf = new(Modulation.Qpsk, CodeRate.Half);

    public static TheoryData<Modulation, CodeRate, int> Formats()
    {
        var data = new TheoryData<Modulation, CodeRate, int>();
        foreach (Modulation modulation in Enum.GetValues<Modulation>())
        {
            foreach (CodeRate rate in Enum.GetValues<CodeRate>())
            {
                data.Add(modulation, rate, 2);
                data.Add(modulation, rate, 4);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Receive_EachFormatAtComfortableSnr_Decodes(Modulation modulation, CodeRate rate, int samplesPerSymbol)
    {
        var format = new PacketFormat(modulation, rate, samplesPerSymbol);
        byte[] payload = TestLink.RandomBytes(11, 300);
        var link = new TestLink(1) { SnrLinear = Decibel(modulation == Modulation.Qam16 ? 19 : 12) };
        (float[] re, float[] im) = link.Send(format, payload, 0xDEADBEEF, 0xCAFE0001);

        // The receiver is built for another modulation and rate: the header says which.
        PacketReception reception = new PacketDemodulator(new PacketFormat(Modulation.Qpsk, CodeRate.Half, samplesPerSymbol)).Receive(re, im);

        Assert.True(reception.PayloadValid);
        Assert.Equal(payload, reception.Payload.ToArray());
        Assert.Equal((0xDEADBEEF, 0xCAFE0001, 300), (reception.SequenceNumber, reception.Stream, reception.PayloadBytes));
        Assert.Equal((modulation, rate), (reception.Modulation, reception.CodeRate));
    }

    [Theory]
    [InlineData(2, 0.15)]
    [InlineData(2, 0.25)]
    [InlineData(4, 0.5)]
    [InlineData(4, 1.0)]
    public void Receive_WithoutNoise_LeavesOnlyPulseDistortion(int samplesPerSymbol, double rollOff)
    {
        // What remains is the interference of cut pulses: below -35 dB for the smallest roll-off, far lower for the others.
        var format = new PacketFormat(Modulation.Qam16, CodeRate.ThreeQuarters, samplesPerSymbol, rollOff);
        (float[] re, float[] im) = new TestLink(1).Send(format, TestLink.RandomBytes(2, 200));
        PacketReception reception = new PacketDemodulator(format).Receive(re, im);
        Assert.True(reception.PayloadValid);
        Assert.InRange(reception.ErrorVectorMagnitude, 0, rollOff < 0.2 ? 0.0178 : 0.006);
        Assert.Equal(100, reception.TimingSamples, 0.01);
        Assert.Equal(0, reception.FrequencyOffsetCyclesPerSample, 1e-6);
    }

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(100.5, 0, 0, 1)]
    [InlineData(99.27, 2.5e-3, 1.1, 1e-3)]
    [InlineData(250.63, -2.5e-3, -2.9, 3e4)]
    [InlineData(12.9, 1e-3, 3.0, 1)]
    public void Receive_ImpairedPackets_DecodesAndEstimates(double delay, double cyclesPerSample, double phase, double gain)
    {
        // +-2.5e-3 cycles per sample at two samples a symbol are the +-5e-3 of the symbol rate that are promised. 12 packets each. Standard
        // deviations expected at 8 dB: delay about sqrt(3 / (2 pi^2 bandwidth^2 2 E/N0)) = 0.03 samples for 122 symbols; offset
        // about 4e-6 cycles per symbol from group to group of pilots over 5000 symbols; SNR 0.15 dB from 850 known symbols.
        byte[] payload = TestLink.RandomBytes(21, 500);
        const double Snr = 6.31;
        var demodulator = new PacketDemodulator(QpskHalf);
        double delayError = 0, offsetError = 0, snrSum = 0, errorVector = 0;
        const int Packets = 12;
        for (uint trial = 0; trial < Packets; trial++)
        {
            var link = new TestLink(trial) { Delay = delay, CyclesPerSample = cyclesPerSample, Phase = phase, Gain = gain, SnrLinear = Snr };
            (float[] re, float[] im) = link.Send(QpskHalf, payload);
            PacketReception reception = demodulator.Receive(re, im);
            Assert.True(reception.PayloadValid);
            delayError += Math.Pow(reception.TimingSamples - delay, 2);
            offsetError += Math.Pow(reception.FrequencyOffsetCyclesPerSample - cyclesPerSample, 2);
            snrSum += reception.SnrLinear;

            errorVector += reception.ErrorVectorMagnitude / Packets;
        }

        // The error vector to the nearest point: per axis E(|1 + n| - 1)^2 with n of variance 1/SNR around unit levels is 0.96 / SNR here. One
        // packet scatters by 0.8 % from its 4000 symbols and about 2 % from the tracked gain, the mean of twelve by 0.6 %.
        Assert.InRange(errorVector * Math.Sqrt(Snr), 0.95, 1.03);
        Assert.InRange(Math.Sqrt(delayError / Packets), 0, 0.05);
        Assert.InRange(Math.Sqrt(offsetError / Packets), 0, 5e-6);
        Assert.InRange(10 * Math.Log10(snrSum / Packets / Snr), -0.25, 0.15);
    }

    [Theory]
    [InlineData(Modulation.Qpsk, 10, 1e-5)]
    [InlineData(Modulation.Qpsk, 12, 1e-4)]
    [InlineData(Modulation.Qam16, 19, 1e-5)]
    public void Receive_PhaseNoise_IsTracked(Modulation modulation, double snrDb, double phaseNoise)
    {
        // 1e-5 rad^2 a symbol walks by a fifth of a turn (one sigma) over a long packet; without pilots none of these would decode.
        var format = new PacketFormat(modulation, CodeRate.Half);
        byte[] payload = TestLink.RandomBytes(3, 2000);
        var demodulator = new PacketDemodulator(format, new PacketReceiverOptions { PhaseNoisePerSymbol = phaseNoise });
        for (uint trial = 0; trial < 6; trial++)
        {
            (float[] re, float[] im) = new TestLink(trial) { SnrLinear = Decibel(snrDb), PhaseNoisePerSymbol = phaseNoise }.Send(format, payload);
            Assert.True(demodulator.Receive(re, im).PayloadValid);
        }
    }

    [Fact]
    public void Receive_Multipath_NeedsAndUsesTheEqualiser()
    {
        // A strong echo one and a half symbols later closes the eye of 16-QAM for a single gain; eleven taps open it.
        var format = new PacketFormat(Modulation.Qam16, CodeRate.Half);
        byte[] payload = TestLink.RandomBytes(4, 400);
        var plain = new PacketDemodulator(format);
        var equalised = new PacketDemodulator(format, new PacketReceiverOptions { EqualiserTaps = 15 });
        double plainSnr = 0, equalisedSnr = 0;
        for (uint trial = 0; trial < 5; trial++)
        {
            (float[] re, float[] im) = new TestLink(trial) { SnrLinear = Decibel(26), Delay = 80.3, CyclesPerSample = 1e-3, Echoes = [(0.3, -0.3), (-0.1, 0.05)] }.Send(format, payload);
            PacketReception withEqualiser = equalised.Receive(re, im);
            Assert.True(withEqualiser.PayloadValid);
            plainSnr += plain.Receive(re, im).SnrLinear;
            equalisedSnr += withEqualiser.SnrLinear;
        }

        Assert.True(equalisedSnr > 10 * plainSnr, $"{equalisedSnr:0.0} against {plainSnr:0.0}");
    }

    [Theory]
    [InlineData(Modulation.PiOver2Bpsk, 0)]
    [InlineData(Modulation.Qam16, 0)]
    [InlineData(Modulation.Qam16, 1)]
    [InlineData(Modulation.Qam16, PacketLayout.MaximumPayloadBytes)]
    public void Receive_SmallestAndLargestPayload_Decodes(Modulation modulation, int bytes)
    {
        var format = new PacketFormat(modulation, CodeRate.ThreeQuarters);
        byte[] payload = TestLink.RandomBytes(5, bytes);
        (float[] re, float[] im) = new TestLink(1) { SnrLinear = Decibel(21), CyclesPerSample = 1e-3 }.Send(format, payload);
        PacketReception reception = new PacketDemodulator(format).Receive(re, im);
        Assert.True(reception.PayloadValid);
        Assert.Equal(payload, reception.Payload.ToArray());
    }

    [Fact]
    public void Receive_WindowEndsWithinThePacket_IsTruncatedAndNeverAnOutage()
    {
        byte[] payload = TestLink.RandomBytes(6, 100);
        (float[] re, float[] im) = new TestLink(1) { SnrLinear = 100, Tail = 0 }.Send(QpskHalf, payload);
        var demodulator = new PacketDemodulator(QpskHalf);
        Assert.True(demodulator.Receive(re, im).PayloadValid);
        for (int length = 0; length < re.Length - 40; length += 97)
        {
            PacketReception reception = demodulator.Receive(re.AsSpan(0, length), im.AsSpan(0, length));
            Assert.False(reception.PayloadValid);
            Assert.True(reception.Truncated || !reception.Detected, $"{length} of {re.Length} samples");
        }
    }

    [Fact]
    public void Receive_FirstSamplesCutOff_ReportsANegativeStart()
    {
        (float[] re, float[] im) = new TestLink(1) { SnrLinear = 30, Delay = 0 }.Send(QpskHalf, TestLink.RandomBytes(6, 100));
        PacketReception reception = new PacketDemodulator(QpskHalf).Receive(re.AsSpan(20), im.AsSpan(20));
        Assert.True(reception.PayloadValid);
        Assert.Equal(-20, reception.TimingSamples, 0.1);
    }

    [Fact]
    public void Receive_SecondPacketInTheWindow_IsFoundBehindTheFirst()
    {
        byte[] one = TestLink.RandomBytes(7, 60), two = TestLink.RandomBytes(8, 90);
        (float[] re1, float[] im1) = new TestLink(1) { SnrLinear = 20, Delay = 50 }.Send(QpskHalf, one, 1);
        (float[] re2, float[] im2) = new TestLink(2) { SnrLinear = 20, Delay = 33 }.Send(QpskHalf, two, 2);
        float[] re = [.. re1, .. re2], im = [.. im1, .. im2];
        var demodulator = new PacketDemodulator(QpskHalf);
        PacketReception first = demodulator.Receive(re, im);
        int next = (int)first.TimingSamples + new PacketModulator(QpskHalf).LengthInSamples(first.PayloadBytes) - 20;
        PacketReception second = demodulator.Receive(re.AsSpan(next), im.AsSpan(next));
        Assert.Equal((1u, 2u), (first.SequenceNumber, second.SequenceNumber));
        Assert.Equal(two, second.Payload.ToArray());
    }

    [Fact]
    public void Receive_SearchLength_LimitsWhereThePacketMayBegin()
    {
        (float[] re, float[] im) = new TestLink(1) { SnrLinear = 20, Delay = 1000 }.Send(QpskHalf, TestLink.RandomBytes(7, 60));
        var demodulator = new PacketDemodulator(QpskHalf);
        Assert.False(demodulator.Receive(re, im, 700).Detected);
        Assert.True(demodulator.Receive(re, im, 1010).PayloadValid);
    }

    [Fact]
    public void Receive_HeaderDestroyed_IsDetectedButNotValid()
    {
        (float[] re, float[] im) = new TestLink(1) { SnrLinear = 100, Delay = 0 }.Send(QpskHalf, TestLink.RandomBytes(7, 60));
        // Samples of the header's data are replaced by others of the same packet in reverse; preamble and payload stay.
        int from = (PacketLayout.PreambleSymbols + PacketLayout.PulseHalfSpanSymbols) * 2, count = PacketLayout.HeaderSymbols * 2;
        Array.Reverse(re, from, count);
        Array.Reverse(im, from, count);
        PacketReception reception = new PacketDemodulator(QpskHalf).Receive(re, im);
        Assert.True(reception.Detected);
        Assert.False(reception.HeaderValid);
        Assert.False(reception.PayloadValid);
        Assert.Equal(0, reception.Payload.Length);
    }

    [Fact]
    public void Receive_AtSnrWhereMostFail_NeverPassesAWrongPayload()
    {
        // CRC-32 lets one in 4e9 wrong payloads pass. Rate 3/4 at an SNR where nearly all payloads fail behind valid headers.
        var format = new PacketFormat(Modulation.Qam16, CodeRate.ThreeQuarters);
        byte[] payload = TestLink.RandomBytes(9, 40);
        var demodulator = new PacketDemodulator(format);
        int failed = 0;
        const int Packets = 150;
        for (uint trial = 0; trial < Packets; trial++)
        {
            (float[] re, float[] im) = new TestLink(trial) { SnrLinear = Decibel(8.5), Tail = 30 }.Send(format, payload, trial);
            PacketReception reception = demodulator.Receive(re, im);
            Assert.True(!reception.PayloadValid || reception.Payload.Span.SequenceEqual(payload));
            Assert.True(!reception.HeaderValid || reception.SequenceNumber == trial);
            failed += reception is { HeaderValid: true, PayloadValid: false } ? 1 : 0;
        }

        Assert.InRange(failed, Packets / 2, Packets);
    }

    [Fact]
    public void Receive_SilenceAndNotANumber_DetectsNothing()
    {
        var demodulator = new PacketDemodulator(QpskHalf, new PacketReceiverOptions { EqualiserTaps = 5 });
        Assert.False(demodulator.Receive(new float[5000], new float[5000]).Detected);
        Assert.False(demodulator.Receive([], []).Detected);
        var broken = new float[5000];
        Array.Fill(broken, float.NaN);
        Assert.False(demodulator.Receive(broken, broken).Detected);
    }

    [Fact]
    public void Statistic_OfWhiteNoise_CrossesAtTheChosenRate()
    {
        // The statistic's exact law is claimed: over n positions the expected count is n p whatever their correlation. The count of correlated
        // crossings scatters more than a binomial one; crossings cluster over about two samples at most, so five times sqrt(2 n p).
        const double Probability = 1e-2;
        const int Positions = 200_000;
        var detector = new PreambleDetector(QpskHalf, Probability);
        float[] re = new float[Positions + (2 * detector.PeriodSamples)], im = new float[re.Length];
        var random = new CounterRandom(1, RandomPurpose.Test);
        for (int i = 0; i < re.Length; i++)
        {
            (double a, double b) = random.NormalPairAt((ulong)i);
            (re[i], im[i]) = ((float)(1e-3 * a), (float)(1e-3 * b));
        }

        int crossings = 0;
        var statistics = new float[PreambleDetector.MaximumChunk];
        for (int start = 0; start < Positions; start += statistics.Length)
        {
            detector.Statistics(re, im, start, statistics.AsSpan(0, Math.Min(statistics.Length, Positions - start)));
            crossings += statistics.AsSpan(0, Math.Min(statistics.Length, Positions - start)).ToArray().Count(value => value > detector.Threshold);
        }

        double expected = Positions * Probability, tolerance = 5 * Math.Sqrt(2 * expected);
        Assert.InRange(crossings, expected - tolerance, expected + tolerance);
    }

    [Fact]
    public void Receive_AfterWarmUp_AllocatesOnlyThePayload()
    {
        byte[] payload = TestLink.RandomBytes(7, 1000);
        (float[] re, float[] im) = new TestLink(1) { SnrLinear = 20 }.Send(QpskHalf, payload);
        var demodulator = new PacketDemodulator(QpskHalf, new PacketReceiverOptions { EqualiserTaps = 11 });
        demodulator.Receive(re, im);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(demodulator.Receive(re, im).PayloadValid);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1000, 1100);
    }

    private static double Decibel(double value) => Math.Pow(10, value / 10);
}
