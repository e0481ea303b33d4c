using System.Text;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Dsp.Tests.Modem;

public sealed class CodingTests
{
    [Fact]
    public void Crc_CheckString_GivesPublishedValues()
    {
        byte[] check = Encoding.ASCII.GetBytes("123456789");
        Assert.Equal(0xCBF43926u, Crc.Compute32(check));
        Assert.Equal(0x29B1, Crc.Compute16(check));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(129)]
    [InlineData(5000)]
    public void Scrambler_Twice_GivesBackTheData(int length)
    {
        byte[] data = TestLink.RandomBytes(1, length), copy = [.. data];
        Scrambler.Apply(copy);
        Assert.True(length == 0 || !copy.AsSpan().SequenceEqual(data));
        Scrambler.Apply(copy);
        Assert.Equal(data, copy);
    }

    [Fact]
    public void Scrambler_OfZeros_IsAMaximumLengthSequence()
    {
        // 15 bits of state visit every nonzero value: in one period of 2^15 - 1 bits exactly 2^14 are ones, and it repeats only then.
        var data = new byte[2 * ((Scrambler.Period / 8) + 1)];
        Scrambler.Apply(data);
        int Bit(int i) => (data[i >> 3] >> (7 - (i & 7))) & 1;
        Assert.Equal(1 << 14, Enumerable.Range(0, Scrambler.Period).Sum(Bit));
        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal(Bit(i), Bit(i + Scrambler.Period)));

        // The recurrence itself: x^15 + x^14 + 1.
        Assert.All(Enumerable.Range(15, 5000), i => Assert.Equal(Bit(i), Bit(i - 15) ^ Bit(i - 14)));
    }

    [Fact]
    public void Encoder_Impulse_GivesTheGenerators()
    {
        // One bit followed by zeros reads out both generators, 133 and 171 octal, most significant first.
        var coded = new byte[2 * ConvolutionalCode.Steps(1)];
        ConvolutionalCode.Encode([0x80], CodeRate.Half, coded);
        int a = 0, b = 0;
        for (int i = 0; i < 7; i++)
        {
            a = (a << 1) | coded[2 * i];
            b = (b << 1) | coded[(2 * i) + 1];
        }

        Assert.Equal(Convert.ToInt32("133", 8), a);
        Assert.Equal(Convert.ToInt32("171", 8), b);
    }

    [Theory]
    [InlineData(CodeRate.Half, 0.5)]
    [InlineData(CodeRate.TwoThirds, 2.0 / 3)]
    [InlineData(CodeRate.ThreeQuarters, 0.75)]
    public void Puncturing_EncodedBits_AreTheMothersWithoutTheLeftOut(CodeRate rate, double value)
    {
        byte[] data = TestLink.RandomBytes(5, 60);
        int steps = ConvolutionalCode.Steps(data.Length);
        var mother = new byte[2 * steps];
        var punctured = new byte[PuncturePattern.CodedBits(rate, steps)];
        ConvolutionalCode.Encode(data, CodeRate.Half, mother);
        ConvolutionalCode.Encode(data, rate, punctured);

        var restored = new sbyte[2 * steps];
        PuncturePattern.Restore(rate, Array.ConvertAll(punctured, bit => (sbyte)(bit == 0 ? 1 : -1)), restored);

        Assert.Equal(value, PuncturePattern.RateOf(rate), 12);
        Assert.Equal(punctured.Length, restored.Count(soft => soft != 0));
        for (int i = 0; i < mother.Length; i++)
        {
            Assert.True(restored[i] == 0 || restored[i] < 0 == (mother[i] == 1));
        }
    }

    [Theory]
    [InlineData(CodeRate.Half)]
    [InlineData(CodeRate.TwoThirds)]
    [InlineData(CodeRate.ThreeQuarters)]
    public void Decode_FewErrorsThanHalfTheFreeDistance_CorrectsThemAnywhere(CodeRate rate)
    {
        // A guaranteed property of the code: up to (d_free - 1) / 2 wrong bits, wherever they are, are corrected.
        byte[] data = TestLink.RandomBytes(9, 20);
        int steps = ConvolutionalCode.Steps(data.Length), errors = (ConvolutionalBound.FreeDistance(rate) - 1) / 2;
        var coded = new byte[PuncturePattern.CodedBits(rate, steps)];
        ConvolutionalCode.Encode(data, rate, coded);
        var decoder = new ViterbiDecoder();
        var order = new int[coded.Length];
        for (uint trial = 0; trial < 300; trial++)
        {
            new CounterRandom(trial, RandomPurpose.Test).Permute(0, order);
            sbyte[] received = Array.ConvertAll(coded, bit => (sbyte)(bit == 0 ? 8 : -8));
            int cluster = (int)trial % coded.Length;
            for (int e = 0; e < errors; e++)
            {
                int at = trial % 2 == 0 ? order[e] : (cluster + e) % coded.Length;
                received[at] = (sbyte)-received[at];
            }

            var soft = new sbyte[2 * steps];
            PuncturePattern.Restore(rate, received, soft);
            var decoded = new byte[data.Length];
            decoder.Decode(soft, decoded);
            Assert.Equal(data, decoded);
        }
    }

    [Fact]
    public void Spectrum_OfTheThreeCodes_IsThePublishedOne()
    {
        // Total information weights: (133, 171) from Proakis table 8.2 and Frenger et al., "Multi-rate convolutional codes", 1998.
        Assert.Equal([36, 0, 211, 0, 1404, 0, 11633, 0, 77433], ConvolutionalBound.Spectrum(CodeRate.Half, 18).InformationBits[10..]);
        Assert.Equal([11, 0, 38, 0, 193, 0, 1331], ConvolutionalBound.Spectrum(CodeRate.Half, 16).Paths[10..]);
        Assert.Equal([3, 70, 285, 1276, 6160], ConvolutionalBound.Spectrum(CodeRate.TwoThirds, 10).InformationBits[6..]);
        Assert.Equal([42, 201, 1492, 10469], ConvolutionalBound.Spectrum(CodeRate.ThreeQuarters, 8).InformationBits[5..]);
        Assert.Equal((10, 6, 5), (ConvolutionalBound.FreeDistance(CodeRate.Half), ConvolutionalBound.FreeDistance(CodeRate.TwoThirds), ConvolutionalBound.FreeDistance(CodeRate.ThreeQuarters)));
    }

    [Fact]
    public void GaussianTail_KnownArguments_MatchesTables()
    {
        foreach (double x in new[] { 0, 0.3, 0.99, 1, 1.5, 3, 4.753, 8, 20 })
        {
            double expected = 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(x / Math.Sqrt(2));
            Assert.Equal(1, GaussianTail.Q(x) / expected, 1e-9);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Interleaver_AnyLength_IsABijectionThatSeparatesNeighbours(int bitsPerSymbol)
    {
        foreach (int codedBits in new[] { 1, 3, 7, 76, 129, 1000, 2049, 16460, 100003 })
        {
            var interleaver = new BlockInterleaver(codedBits, bitsPerSymbol);
            Assert.True(interleaver.Length >= codedBits && interleaver.Length % bitsPerSymbol == 0);
            Assert.True(codedBits < 1000 || interleaver.Length - codedBits <= 0.04 * codedBits, "Filling is below 4 % from 1000 bits on.");

            // Two marks per element tell all positions apart.
            byte[] low = new byte[interleaver.Length], high = new byte[low.Length], mid = new byte[low.Length];
            for (int i = 0; i < low.Length; i++)
            {
                (low[i], mid[i], high[i]) = ((byte)(i & 127), (byte)((i >> 7) & 127), (byte)(i >> 14));
            }

            byte[] lowSent = new byte[low.Length], midSent = new byte[low.Length], highSent = new byte[low.Length];
            interleaver.Interleave(low, lowSent);
            interleaver.Interleave(mid, midSent);
            interleaver.Interleave(high, highSent);
            int[] source = [.. Enumerable.Range(0, low.Length).Select(p => lowSent[p] + (midSent[p] << 7) + (highSent[p] << 14))];
            Assert.Equal(Enumerable.Range(0, low.Length), source.Order());

            var back = new sbyte[low.Length];
            interleaver.Deinterleave(Array.ConvertAll(lowSent, value => (sbyte)value), back);
            Assert.Equal(Array.ConvertAll(low, value => (sbyte)value), back);

            var place = new int[low.Length];
            for (int p = 0; p < source.Length; p++)
            {
                place[source[p]] = p;
            }

            int nearest = Enumerable.Range(0, low.Length - 1).Select(i => Math.Abs(place[i + 1] - place[i])).DefaultIfEmpty(int.MaxValue).Min();
            Assert.True(codedBits < 76 || nearest >= Math.Min(interleaver.Columns, interleaver.Length / 4));
        }
    }
}
