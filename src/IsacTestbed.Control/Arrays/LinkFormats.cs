using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Control.Arrays;

/// <summary>A modulation and code for packets of one length, and the SINR that carries them.</summary>
/// <param name="Format">The packet format.</param>
/// <param name="PayloadBytes">Bytes of one packet.</param>
/// <param name="RequiredSinr">Es/N0, linear, at which the packet error rate is at most the wanted one.</param>
/// <param name="SpectralEfficiency">Payload bits per symbol of the slot, everything else counted as overhead.</param>
public sealed record LinkFormat(PacketFormat Format, int PayloadBytes, double RequiredSinr, double SpectralEfficiency)
{
    /// <summary>How much more SINR it takes than Shannon's bound for the same rate, linear.</summary>
    public double Gap => RequiredSinr / (Math.Pow(2, SpectralEfficiency) - 1);
}

/// <summary>All formats of the modem for packets that fill a slot, and the choice among them.</summary>
/// <remarks>
/// Required SINRs follow from the union bound of the convolutional code. It holds for bits of antipodal signals; 16-QAM is bounded by taking
/// every bit to be as weak as the nearest two points make it, a tenth of the symbol's energy, which is on the safe side.
/// </remarks>
public sealed class LinkFormats
{
    private readonly LinkFormat[] _formats;

    /// <summary>Prepares the formats.</summary>
    /// <param name="samplesPerSymbol">2 or 4.</param>
    /// <param name="packetSamples">Longest packet in samples.</param>
    /// <param name="slotSamples">Samples of a slot, by which the efficiency counts.</param>
    /// <param name="packetErrorRate">Packet error rate that is carried, in (0, 1).</param>
    /// <exception cref="ArgumentException">Not even one byte fits.</exception>
    public LinkFormats(int samplesPerSymbol, int packetSamples, int slotSamples, double packetErrorRate)
    {
        var formats = new List<LinkFormat>();
        foreach (CodeRate rate in Enum.GetValues<CodeRate>())
        {
            foreach (Modulation modulation in Enum.GetValues<Modulation>())
            {
                var format = new PacketFormat(modulation, rate, samplesPerSymbol);
                int bytes = LargestPayload(new PacketModulator(format), packetSamples);
                double ebN0 = ConvolutionalBound.RequiredEbN0ForPackets(rate, packetErrorRate, 8 * bytes);

                // Energy of a coded bit against that of a symbol: 1, 1/2 and, at the nearest points of 16-QAM, 1/10.
                double symbolsPerBit = modulation switch { Modulation.PiOver2Bpsk => 1, Modulation.Qpsk => 2, _ => 10 };
                formats.Add(new LinkFormat(format, bytes, ebN0 * RateOf(rate) * symbolsPerBit, 8.0 * bytes * samplesPerSymbol / slotSamples));
            }
        }

        _formats = [.. formats.OrderBy(f => f.SpectralEfficiency)];
    }

    /// <summary>All formats, the slowest first.</summary>
    public IReadOnlyList<LinkFormat> All => _formats;

    /// <summary>The fastest format that an SINR carries; the most robust one where it carries none.</summary>
    /// <param name="sinr">SINR, linear, less the margin.</param>
    public LinkFormat Carried(double sinr) => _formats.LastOrDefault(f => f.RequiredSinr <= sinr) ?? _formats.MinBy(f => f.RequiredSinr)!;

    private static double RateOf(CodeRate rate) => rate switch { CodeRate.Half => 1.0 / 2, CodeRate.TwoThirds => 2.0 / 3, _ => 3.0 / 4 };

    private static int LargestPayload(PacketModulator modulator, int packetSamples)
    {
        int low = MessageFragmenter.PrefixBytes + 1, high = PacketLayout.MaximumPayloadBytes;
        if (modulator.LengthInSamples(low) > packetSamples)
        {
            throw new ArgumentException($"A packet of {low} bytes takes {modulator.LengthInSamples(low)} samples; the slot has room for {packetSamples}.", nameof(packetSamples));
        }

        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = modulator.LengthInSamples(middle) <= packetSamples ? (middle, high) : (low, middle);
        }

        return low;
    }
}
