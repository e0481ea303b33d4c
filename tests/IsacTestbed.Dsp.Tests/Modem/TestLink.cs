using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Dsp.Tests.Modem;

/// <summary>A packet through a channel made in the test: everything seeded, all in double before the last rounding.</summary>
internal sealed class TestLink(ulong seed)
{
    public double Delay { get; init; } = 100;

    public double CyclesPerSample { get; init; }

    public double Phase { get; init; }

    public double Gain { get; init; } = 1;

    public double SnrLinear { get; init; } = double.PositiveInfinity;

    public double PhaseNoisePerSymbol { get; init; }

    public int Tail { get; init; } = 150;

    /// <summary>Complex gains of paths at multiples of one symbol and a half.</summary>
    public (double Re, double Im)[] Echoes { get; init; } = [];

    public static byte[] RandomBytes(ulong seed, int count)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 1);
        var bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)(random.UInt64At((ulong)i / 8) >> (8 * (i % 8)));
        }

        return bytes;
    }

    public (float[] Re, float[] Im) Send(PacketFormat format, byte[] payload, uint sequenceNumber = 7, uint stream = 3)
    {
        var modulator = new PacketModulator(format);
        int length = modulator.LengthInSamples(payload.Length);
        float[] re = new float[length], im = new float[length];
        modulator.Modulate(payload, sequenceNumber, stream, re, im);
        return Pass(format, re, im);
    }

    public (float[] Re, float[] Im) Pass(PacketFormat format, float[] re, float[] im)
    {
        int whole = (int)Math.Floor(Delay);
        double fraction = Delay - whole;
        int window = whole + re.Length + Tail;
        double[] yRe = new double[window], yIm = new double[window];
        AddPath(re, im, whole, fraction, Gain, 0, yRe, yIm);
        for (int i = 0; i < Echoes.Length; i++)
        {
            AddPath(re, im, whole + ((i + 1) * 3 * format.SamplesPerSymbol / 2), fraction, Gain * Echoes[i].Re, Gain * Echoes[i].Im, yRe, yIm);
        }

        double noise = PacketModulator.MeanPower * format.SamplesPerSymbol * Gain * Gain / SnrLinear;
        double sigma = Math.Sqrt(noise / 2), walk = Math.Sqrt(PhaseNoisePerSymbol / format.SamplesPerSymbol), phase = Phase;
        CounterRandom noiseRandom = new(seed, RandomPurpose.Test, 2), walkRandom = new(seed, RandomPurpose.Test, 3);
        float[] outRe = new float[window], outIm = new float[window];
        for (int n = 0; n < window; n++)
        {
            (double a, double b) = noiseRandom.NormalPairAt((ulong)n);
            (double sin, double cos) = Math.SinCos((2 * Math.PI * CyclesPerSample * n) + phase);
            outRe[n] = (float)((yRe[n] * cos) - (yIm[n] * sin) + (sigma * a));
            outIm[n] = (float)((yRe[n] * sin) + (yIm[n] * cos) + (sigma * b));
            phase += walk == 0 ? 0 : walk * walkRandom.NormalPairAt((ulong)n).First;
        }

        return (outRe, outIm);
    }

    // Fractional delay by a windowed sinc of 64 samples: flat to the pulse's band edge within -80 dB at two samples per symbol.
    private static void AddPath(float[] re, float[] im, int whole, double fraction, double gainRe, double gainIm, double[] yRe, double[] yIm)
    {
        const int Reach = 32;
        for (int m = fraction == 0 ? 0 : -Reach; m <= (fraction == 0 ? 0 : Reach); m++)
        {
            double t = m - fraction;
            double tap = t == 0 ? 1 : Math.Sin(Math.PI * t) / (Math.PI * t) * Math.Pow(Math.Cos(Math.PI * t / (2 * (Reach + 1))), 2);
            for (int n = 0; n < re.Length; n++)
            {
                int at = whole + m + n;
                if (at >= 0 && at < yRe.Length)
                {
                    yRe[at] += tap * ((gainRe * re[n]) - (gainIm * im[n]));
                    yIm[at] += tap * ((gainRe * im[n]) + (gainIm * re[n]));
                }
            }
        }
    }
}
