using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Dsp.Tests.Modem;

public sealed class WaveformTests
{
    [Theory]
    [InlineData(Modulation.PiOver2Bpsk, 2, 0.25)]
    [InlineData(Modulation.Qpsk, 2, 0.15)]
    [InlineData(Modulation.Qpsk, 4, 1)]
    [InlineData(Modulation.Qam16, 4, 0.15)]
    public void Modulate_Waveform_HasTheStatedPowerAndPeak(Modulation modulation, int samplesPerSymbol, double rollOff)
    {
        var format = new PacketFormat(modulation, CodeRate.Half, samplesPerSymbol, rollOff);
        var modulator = new PacketModulator(format);
        const int Bytes = 3000;
        int length = modulator.LengthInSamples(Bytes);
        float[] re = new float[length], im = new float[length];
        modulator.Modulate(TestLink.RandomBytes(1, Bytes), 1, 2, re, im);
        double energy = 0, peak = 0;
        for (int n = 0; n < length; n++)
        {
            double power = ((double)re[n] * re[n]) + ((double)im[n] * im[n]);
            energy += power;
            peak = Math.Max(peak, Math.Sqrt(power));
        }

        // 16-QAM symbol energies scatter by 0.32 squared each: 12,000 symbols are within 0.015 at five sigma; overlap adds as little.
        int symbols = ((length - 1) / samplesPerSymbol) - (2 * PacketLayout.PulseHalfSpanSymbols) + 1;
        Assert.InRange(energy / (symbols * samplesPerSymbol) / PacketModulator.MeanPower, 0.975, 1.025);
        Assert.InRange(peak, 0.5 * modulator.PeakAmplitude, modulator.PeakAmplitude);
        Assert.InRange(modulator.PeakAmplitude, 0, 1);
    }

    [Fact]
    public void Modulate_BpskEnvelope_StaysFartherFromZeroThanItsPeakSuggests()
    {
        // The quarter turn is there for the amplifier: peak to mean power below that of QPSK with the same pulse.
        Assert.True(PeakToMean(Modulation.PiOver2Bpsk) < 0.9 * PeakToMean(Modulation.Qpsk));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Modulate_Spectrum_LiesWithinTheRollOff(int samplesPerSymbol)
    {
        // Energy outside (1 + roll-off) / 2 of the symbol rate, by a plain Fourier sum, is what cutting the pulse leaves: below -35 dB.
        var format = new PacketFormat(Modulation.Qpsk, CodeRate.Half, samplesPerSymbol, 0.25);
        var modulator = new PacketModulator(format);
        int length = modulator.LengthInSamples(20);
        float[] re = new float[length], im = new float[length];
        modulator.Modulate(TestLink.RandomBytes(1, 20), 1, 2, re, im);
        double inside = 0, outside = 0;
        const int Bins = 512;
        for (int bin = 0; bin < Bins; bin++)
        {
            double frequency = ((double)bin / Bins) - 0.5;
            System.Numerics.Complex sum = 0;
            for (int n = 0; n < length; n++)
            {
                sum += new System.Numerics.Complex(re[n], im[n]) * System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * frequency * n);
            }

            double power = sum.Magnitude * sum.Magnitude;
            if (Math.Abs(frequency) * samplesPerSymbol > 0.5 * 1.25)
            {
                outside += power;
            }
            else
            {
                inside += power;
            }
        }

        Assert.True(outside < inside * Math.Pow(10, -3.5), $"{10 * Math.Log10(outside / inside):0.0} dB");
    }

    [Fact]
    public void Modulate_WrongDestination_NamesBothLengths()
    {
        var modulator = new PacketModulator(new PacketFormat(Modulation.Qpsk, CodeRate.Half));
        ArgumentException error = Assert.Throws<ArgumentException>(() => modulator.Modulate([1], 1, 2, new float[10], new float[10]));
        Assert.Contains($"{modulator.LengthInSamples(1)}", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => modulator.LengthInSamples(PacketLayout.MaximumPayloadBytes + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PacketFormat(Modulation.Qpsk, CodeRate.Half, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PacketFormat(Modulation.Qpsk, CodeRate.Half, 2, double.NaN));
    }

    private static double PeakToMean(Modulation modulation)
    {
        var modulator = new PacketModulator(new PacketFormat(modulation, CodeRate.Half));
        int length = modulator.LengthInSamples(1000);
        float[] re = new float[length], im = new float[length];
        modulator.Modulate(TestLink.RandomBytes(1, 1000), 1, 2, re, im);
        // Header and preamble have an envelope of their own; only the payload is compared.
        double peak = 0;
        for (int n = 1500; n < length - 100; n++)
        {
            peak = Math.Max(peak, ((double)re[n] * re[n]) + ((double)im[n] * im[n]));
        }

        return peak / PacketModulator.MeanPower;
    }
}
