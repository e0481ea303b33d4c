namespace IsacTestbed.Dsp.Modem;

/// <summary>Symbol mapping with unit mean energy, and the max-log soft demapper.</summary>
/// <remarks>
/// QPSK: the first bit is the sign of the real part, the second that of the imaginary part; zero is positive. 16-QAM: two bits for the
/// real axis, two for the imaginary; the first is the sign and the second says whether the level is 1 or 3, over sqrt(10). pi/2-BPSK:
/// symbol k is turned by k quarter turns. Log-likelihood ratios are ln P(0)/P(1).
/// </remarks>
internal static class Constellation
{
    private const float QpskLevel = 0.70710678f;
    private const float QamLevel = 0.31622777f;

    public static int BitsPerSymbol(Modulation modulation) => modulation switch
    {
        Modulation.PiOver2Bpsk => 1,
        Modulation.Qpsk => 2,
        Modulation.Qam16 => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(modulation), modulation, "Not a modulation of this modem."),
    };

    /// <summary>Maps bits, one per element, to symbols.</summary>
    /// <param name="bits">Bits per symbol times the number of symbols.</param>
    /// <param name="re">Receives the real parts.</param>
    /// <param name="im">Receives the imaginary parts.</param>
    public static void Map(Modulation modulation, ReadOnlySpan<byte> bits, Span<float> re, Span<float> im)
    {
        switch (modulation)
        {
            case Modulation.PiOver2Bpsk:
                for (int k = 0; k < re.Length; k++)
                {
                    float level = 1 - (2 * bits[k]);
                    (re[k], im[k]) = QuarterTurns(level, 0, k);
                }

                break;
            case Modulation.Qpsk:
                for (int k = 0; k < re.Length; k++)
                {
                    re[k] = QpskLevel * (1 - (2 * bits[2 * k]));
                    im[k] = QpskLevel * (1 - (2 * bits[(2 * k) + 1]));
                }

                break;
            default:
                for (int k = 0; k < re.Length; k++)
                {
                    re[k] = QamLevel * (1 - (2 * bits[4 * k])) * (1 + (2 * bits[(4 * k) + 1]));
                    im[k] = QamLevel * (1 - (2 * bits[(4 * k) + 2])) * (1 + (2 * bits[(4 * k) + 3]));
                }

                break;
        }
    }

    /// <summary>Max-log likelihood ratios of equalised symbols.</summary>
    /// <param name="re">Real parts, unit gain.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="snr">Per symbol: gain power over noise variance, linear.</param>
    /// <param name="ratios">Receives bits-per-symbol ratios for each symbol.</param>
    /// <returns>Sum of squared distances to the nearest constellation points.</returns>
    public static double Demap(Modulation modulation, ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> snr, Span<float> ratios)
    {
        im = im[..re.Length];
        snr = snr[..re.Length];
        double error = 0;
        switch (modulation)
        {
            case Modulation.PiOver2Bpsk:
                for (int k = 0; k < re.Length; k++)
                {
                    (float x, float y) = QuarterTurns(re[k], im[k], -k);
                    ratios[k] = 4 * snr[k] * x;
                    float d = MathF.Abs(x) - 1;
                    error += (d * d) + (y * y);
                }

                break;
            case Modulation.Qpsk:
                ratios = ratios[..(2 * re.Length)];
                for (int k = 0; k < re.Length; k++)
                {
                    float scale = 4 * QpskLevel * snr[k], x = re[k], y = im[k];
                    ratios[2 * k] = scale * x;
                    ratios[(2 * k) + 1] = scale * y;
                    float dx = MathF.Abs(x) - QpskLevel, dy = MathF.Abs(y) - QpskLevel;
                    error += (dx * dx) + (dy * dy);
                }

                break;
            default:
                ratios = ratios[..(4 * re.Length)];
                for (int k = 0; k < re.Length; k++)
                {
                    error += DemapAxis(re[k], snr[k], out ratios[4 * k], out ratios[(4 * k) + 1]);
                    error += DemapAxis(im[k], snr[k], out ratios[(4 * k) + 2], out ratios[(4 * k) + 3]);
                }

                break;
        }

        return error;
    }

    // Levels +1, +3, -1, -3 (times QamLevel) for 00, 01, 10, 11.
    private static float DemapAxis(float value, float snr, out float sign, out float magnitude)
    {
        float absolute = MathF.Abs(value);
        float near = absolute - QamLevel, far = absolute - (3 * QamLevel);
        float nearSquared = near * near, farSquared = far * far;
        float other = absolute + QamLevel;
        float nearest = MathF.Min(nearSquared, farSquared);
        sign = MathF.CopySign(snr * ((other * other) - nearest), value);
        magnitude = snr * (farSquared - nearSquared);
        return nearest;
    }

    private static (float Re, float Im) QuarterTurns(float re, float im, int turns) => (turns & 3) switch
    {
        0 => (re, im),
        1 => (-im, re),
        2 => (-re, -im),
        _ => (im, -re),
    };
}
