using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Dsp.Tests.Modem;

public sealed class BitErrorTests
{
    [Theory]
    [InlineData(Modulation.PiOver2Bpsk, 4)]
    [InlineData(Modulation.Qpsk, 4)]
    [InlineData(Modulation.Qpsk, 9)]
    [InlineData(Modulation.Qam16, 8)]
    [InlineData(Modulation.Qam16, 14)]
    public void Demap_HardDecisionsInNoise_FollowTheGaussianTail(Modulation modulation, double snrDb)
    {
        // Exact Gray-mapped bit error rates; five standard deviations of the binomial count.
        double snr = Math.Pow(10, snrDb / 10);
        double expected = modulation switch
        {
            Modulation.PiOver2Bpsk => GaussianTail.Q(Math.Sqrt(2 * snr)),
            Modulation.Qpsk => GaussianTail.Q(Math.Sqrt(snr)),
            _ => (0.75 * GaussianTail.Q(Math.Sqrt(snr / 5))) + (0.5 * GaussianTail.Q(3 * Math.Sqrt(snr / 5))) - (0.25 * GaussianTail.Q(5 * Math.Sqrt(snr / 5))),
        };
        const int Symbols = 200_000;
        int perSymbol = Constellation.BitsPerSymbol(modulation), errors = 0;
        byte[] bits = Bits(3, Symbols * perSymbol);
        float[] ratios = Transmit(modulation, bits, snr, 4);
        for (int i = 0; i < bits.Length; i++)
        {
            errors += ratios[i] < 0 != (bits[i] == 1) ? 1 : 0;
        }

        double mean = expected * bits.Length;
        Assert.InRange(errors, mean - (5 * Math.Sqrt(mean)), mean + (5 * Math.Sqrt(mean)));
    }

    [Theory]
    [InlineData(CodeRate.Half)]
    [InlineData(CodeRate.TwoThirds)]
    [InlineData(CodeRate.ThreeQuarters)]
    public void Decode_QpskOverNoise_IsWithinAQuarterDecibelOfTheUnionBound(CodeRate rate)
    {
        // Where the bound says 1e-4 and is tight. 2 million bits hold 200 errors in bursts of a few, so the rate is known to some 20 %; the
        // curve changes by a factor of 1.8 in a quarter of a decibel.
        const int BlockBytes = 1000, Blocks = 250;
        double ebN0 = ConvolutionalBound.RequiredEbN0(rate, 1e-4), snr = ebN0 * 2 * PuncturePattern.RateOf(rate);
        int steps = ConvolutionalCode.Steps(BlockBytes), codedBits = PuncturePattern.CodedBits(rate, steps);
        var coded = new byte[codedBits + (codedBits % 2)];
        var quantised = new sbyte[coded.Length];
        var soft = new sbyte[2 * steps];
        var decoded = new byte[BlockBytes];
        var decoder = new ViterbiDecoder();
        long errors = 0;
        for (uint block = 0; block < Blocks; block++)
        {
            byte[] data = TestLink.RandomBytes(1000 + block, BlockBytes);
            ConvolutionalCode.Encode(data, rate, coded.AsSpan(0, codedBits));
            SoftQuantiser.Quantise(Transmit(Modulation.Qpsk, coded, snr, block), quantised);
            PuncturePattern.Restore(rate, quantised.AsSpan(0, codedBits), soft);
            decoder.Decode(soft, decoded);
            for (int i = 0; i < data.Length; i++)
            {
                errors += System.Numerics.BitOperations.PopCount((uint)(data[i] ^ decoded[i]));
            }
        }

        double measured = errors / (8.0 * BlockBytes * Blocks);
        double better = ConvolutionalBound.BitErrorRate(rate, ebN0 * Math.Pow(10, 0.025)), worse = ConvolutionalBound.BitErrorRate(rate, ebN0 / Math.Pow(10, 0.025));
        Assert.True(measured > better && measured < worse, $"Measured {measured:0.00e+0}, expected {better:0.00e+0} to {worse:0.00e+0}.");
    }

    [Fact]
    public void Quantise_FiveBitSoftValues_LoseLittleAgainstFineOnes()
    {
        // The same noise decoded with soft bits of 31 levels and by a decoder in double precision without quantisation. A
        // loss of 0.1 dB would make 1.27 times as many errors; the same noise makes the comparison sharper than either count.
        const int BlockBytes = 100, Blocks = 400;
        int steps = ConvolutionalCode.Steps(BlockBytes);
        double snr = Math.Pow(10, 0.27);
        var coded = new byte[2 * steps];
        var soft = new sbyte[2 * steps];
        var decoded = new byte[BlockBytes];
        var decoder = new ViterbiDecoder();
        long coarse = 0, fine = 0;
        for (uint block = 0; block < Blocks; block++)
        {
            byte[] data = TestLink.RandomBytes(1000 + block, BlockBytes);
            ConvolutionalCode.Encode(data, CodeRate.Half, coded);
            float[] ratios = Transmit(Modulation.Qpsk, coded, snr, block);
            SoftQuantiser.Quantise(ratios, soft);
            decoder.Decode(soft, decoded);
            byte[] reference = DecodeUnquantised(ratios, BlockBytes);
            for (int i = 0; i < data.Length; i++)
            {
                coarse += System.Numerics.BitOperations.PopCount((uint)(data[i] ^ decoded[i]));
                fine += System.Numerics.BitOperations.PopCount((uint)(data[i] ^ reference[i]));
            }
        }

        Assert.True(fine > 200, $"{fine} errors are too few to compare.");
        Assert.InRange(coarse / (double)fine, 0.9, 1.27);
    }

    // Textbook Viterbi on states and bits, nothing shared with the decoder under test but the encoder's outputs.
    private static byte[] DecodeUnquantised(float[] ratios, int bytes)
    {
        int steps = ConvolutionalCode.Steps(bytes);
        double[] metrics = [0, .. Enumerable.Repeat(double.NegativeInfinity, 63)];
        var from = new byte[steps, 64];
        (int A, int B)[] outputs = [.. Enumerable.Range(0, 128).Select(i => ConvolutionalCode.Output(i >> 1, i & 1))];
        for (int t = 0; t < steps; t++)
        {
            double[] next = [.. Enumerable.Repeat(double.NegativeInfinity, 64)];
            for (int state = 0; state < 64; state++)
            {
                for (int bit = 0; bit < 2; bit++)
                {
                    (int a, int b) = outputs[(2 * state) + bit];
                    double metric = metrics[state] + ((1 - (2 * a)) * ratios[2 * t]) + ((1 - (2 * b)) * ratios[(2 * t) + 1]);
                    int to = ((state << 1) | bit) & 63;
                    if (metric > next[to])
                    {
                        (next[to], from[t, to]) = (metric, (byte)state);
                    }
                }
            }

            metrics = next;
        }

        var result = new byte[bytes];
        for (int t = steps - 1, state = 0; t >= 0; state = from[t, state], t--)
        {
            if (t < 8 * bytes)
            {
                result[t >> 3] |= (byte)((state & 1) << (7 - (t & 7)));
            }
        }

        return result;
    }

    private static byte[] Bits(uint seed, int count)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 5);
        var bits = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bits[i] = (byte)(random.UInt64At((ulong)i >> 6) >> (i & 63) & 1);
        }

        return bits;
    }

    private static float[] Transmit(Modulation modulation, byte[] bits, double snr, uint seed)
    {
        int symbols = bits.Length / Constellation.BitsPerSymbol(modulation);
        float[] re = new float[symbols], im = new float[symbols], snrs = new float[symbols], ratios = new float[bits.Length];
        Constellation.Map(modulation, bits, re, im);
        var noise = new CounterRandom(seed, RandomPurpose.Test, 6);
        double sigma = Math.Sqrt(1 / (2 * snr));
        for (int k = 0; k < symbols; k++)
        {
            (double a, double b) = noise.NormalPairAt((ulong)k);
            re[k] += (float)(sigma * a);
            im[k] += (float)(sigma * b);
        }

        snrs.AsSpan().Fill((float)snr);
        Constellation.Demap(modulation, re, im, snrs, ratios);
        return ratios;
    }
}
