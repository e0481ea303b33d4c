using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Dsp.Tests.Modem;

public sealed class ViterbiTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(129)]
    [InlineData(2049)]
    public void Decode_AnySoftBits_EqualsScalarReference(int bytes)
    {
        // Uniform and full-scale soft bits are worse than any channel: every tie and the largest metric spreads occur.
        var decoder = new ViterbiDecoder();
        for (uint trial = 0; trial < 20; trial++)
        {
            var random = new CounterRandom(trial, RandomPurpose.Test, (uint)bytes);
            var soft = new sbyte[16 * bytes + 12];
            for (int i = 0; i < soft.Length; i++)
            {
                int value = random.IntegerAt((ulong)i, 31) - 15;
                soft[i] = (sbyte)(trial % 2 == 0 ? value : value < 0 ? -15 : 15);
            }

            byte[] fast = new byte[bytes], plain = new byte[bytes];
            decoder.Decode(soft, fast);
            decoder.DecodeScalar(soft, plain);
            Assert.Equal(plain, fast);
        }
    }
}
