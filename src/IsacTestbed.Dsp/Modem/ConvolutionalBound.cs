namespace IsacTestbed.Dsp.Modem;

/// <summary>The union bounds of the K = 7 code with soft decisions on additive white Gaussian noise.</summary>
/// <remarks>
/// For antipodal signalling on each coded bit (BPSK, and QPSK with Gray mapping): a wrong path at distance d is chosen with probability
/// Q(sqrt(2 d R Eb/N0)). Bit errors: P_b at most 1/k sum over d of B_d Q(...), where B_d is the number of wrong information bits on all paths
/// of distance d that leave the zero path within a puncturing period of k steps (Viterbi 1971; Proakis, "Digital Communications", 8.2).
/// The spectrum is found from the trellis itself. The bounds are tight where they are small. Eb counts information bits only.
/// </remarks>
public static class ConvolutionalBound
{
    // Distances beyond the free one that are summed; the rest is negligible where the bound is below 1e-2.
    private const int ExtraDistances = 14;

    /// <summary>Smallest distance between two code sequences.</summary>
    public static int FreeDistance(CodeRate rate)
    {
        (double[] paths, _) = Spectrum(rate, 12);
        return Array.FindIndex(paths, count => count > 0);
    }

    /// <summary>Counts the paths that leave the zero path and return to it, by distance.</summary>
    /// <param name="rate">The punctured code; paths leaving at each step of its period are added.</param>
    /// <param name="maximumDistance">Largest distance.</param>
    /// <returns>Number of paths and total number of information ones on them, index is the distance.</returns>
    public static (double[] Paths, double[] InformationBits) Spectrum(CodeRate rate, int maximumDistance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximumDistance);
        ReadOnlySpan<byte> pattern = PuncturePattern.Of(rate);
        double[] paths = new double[maximumDistance + 1], bits = new double[maximumDistance + 1];
        for (int phase = 0; phase < pattern.Length; phase++)
        {
            Walk(pattern, phase, paths, bits);
        }

        return (paths, bits);
    }

    /// <summary>Bound of the bit error rate.</summary>
    /// <param name="rate">The code.</param>
    /// <param name="ebN0Linear">Energy per information bit over noise density, linear.</param>
    public static double BitErrorRate(CodeRate rate, double ebN0Linear)
    {
        (_, double[] bits) = Spectrum(rate, FreeDistance(rate) + ExtraDistances);
        return Sum(rate, bits, ebN0Linear);
    }

    /// <summary>Bound of the packet error rate: any first error event in any of its steps.</summary>
    /// <param name="rate">The code.</param>
    /// <param name="ebN0Linear">Energy per information bit over noise density, linear.</param>
    /// <param name="informationBits">Bits that must all be right.</param>
    public static double PacketErrorRate(CodeRate rate, double ebN0Linear, int informationBits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(informationBits);
        (double[] paths, _) = Spectrum(rate, FreeDistance(rate) + ExtraDistances);
        return Math.Min(1, informationBits * Sum(rate, paths, ebN0Linear));
    }

    /// <summary>Eb/N0 at which the bit error bound has a value, linear.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not between 0 and 1e-2, where the bound means something.</exception>
    public static double RequiredEbN0(CodeRate rate, double bitErrorRate)
    {
        if (!(bitErrorRate is > 0 and <= 1e-2))
        {
            throw new ArgumentOutOfRangeException(nameof(bitErrorRate), bitErrorRate, "Must be above 0 and at most 1e-2.");
        }

        (_, double[] bits) = Spectrum(rate, FreeDistance(rate) + ExtraDistances);
        return Invert(ebN0 => Sum(rate, bits, ebN0), bitErrorRate);
    }

    /// <summary>Eb/N0 at which the packet error bound has a value, linear.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not between 0 and 1 or there are no bits.</exception>
    public static double RequiredEbN0ForPackets(CodeRate rate, double packetErrorRate, int informationBits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(informationBits);
        if (!(packetErrorRate is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(packetErrorRate), packetErrorRate, "Must be above 0 and below 1.");
        }

        (double[] paths, _) = Spectrum(rate, FreeDistance(rate) + ExtraDistances);
        return Invert(ebN0 => informationBits * Sum(rate, paths, ebN0), packetErrorRate);
    }

    private static double Invert(Func<double, double> bound, double value)
    {
        double low = -5, high = 20;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = bound(Math.Pow(10, middle / 10)) > value ? (middle, high) : (low, middle);
        }

        return Math.Pow(10, high / 10);
    }

    private static double Sum(CodeRate rate, double[] weights, double ebN0)
    {
        double sum = 0, codeRate = PuncturePattern.RateOf(rate);
        for (int d = 0; d < weights.Length; d++)
        {
            sum += weights[d] == 0 ? 0 : weights[d] * GaussianTail.Q(Math.Sqrt(2 * d * codeRate * ebN0));
        }

        return sum / PuncturePattern.Of(rate).Length;
    }

    // Moves the numbers of paths, by state and distance, along the trellis until all have returned or grown beyond the largest distance.
    private static void Walk(ReadOnlySpan<byte> pattern, int phase, double[] paths, double[] bits)
    {
        int size = paths.Length;
        double[,] count = new double[ConvolutionalCode.States, size], ones = new double[ConvolutionalCode.States, size];
        int first = Distance(0, 1, pattern[phase]);
        if (first >= size)
        {
            return;
        }

        (count[1, first], ones[1, first]) = (1, 1);
        bool alive = true;
        for (int step = 1; alive; step++)
        {
            double[,] nextCount = new double[ConvolutionalCode.States, size], nextOnes = new double[ConvolutionalCode.States, size];
            alive = false;
            byte kept = pattern[(phase + step) % pattern.Length];
            for (int state = 1; state < ConvolutionalCode.States; state++)
            {
                for (int bit = 0; bit < 2; bit++)
                {
                    int to = ((state << 1) | bit) & (ConvolutionalCode.States - 1), weight = Distance(state, bit, kept);
                    for (int d = 0; d + weight < size; d++)
                    {
                        if (count[state, d] == 0)
                        {
                            continue;
                        }

                        double moved = count[state, d], movedOnes = ones[state, d] + (bit * moved);
                        if (to == 0)
                        {
                            paths[d + weight] += moved;
                            bits[d + weight] += movedOnes;
                        }
                        else
                        {
                            nextCount[to, d + weight] += moved;
                            nextOnes[to, d + weight] += movedOnes;
                            alive = true;
                        }
                    }
                }
            }

            (count, ones) = (nextCount, nextOnes);
        }
    }

    private static int Distance(int state, int bit, byte kept)
    {
        (int a, int b) = ConvolutionalCode.Output(state, bit);
        return ((kept & 1) != 0 ? a : 0) + ((kept & 2) != 0 ? b : 0);
    }
}
