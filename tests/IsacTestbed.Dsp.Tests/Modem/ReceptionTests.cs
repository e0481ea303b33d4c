using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Dsp.Tests.Modem;

public sealed class ReceptionTests
{
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
        var link = new TestLink(1) { SnrLinear = Math.Pow(10, (modulation == Modulation.Qam16 ? 19 : 12) / 10.0) };
        (float[] re, float[] im) = link.Send(format, payload, 0xDEADBEEF, 0xCAFE0001);

        PacketReception reception = new PacketDemodulator(format).Receive(re, im);

        Assert.True(reception.PayloadValid);
        Assert.Equal(payload, reception.Payload.ToArray());
        Assert.Equal((0xDEADBEEF, 0xCAFE0001), (reception.SequenceNumber, reception.Stream));
        Assert.Equal((modulation, rate), (reception.Modulation, reception.CodeRate));
    }
}
