namespace IsacTestbed.Dsp.Modem;

/// <summary>Where each symbol of a packet stands.</summary>
/// <remarks>
/// Preamble: a Zadoff-Chu sequence of <see cref="PreamblePeriod"/> symbols twice, with <see cref="GuardSymbols"/> of its periodic
/// continuation on each side, so that both periods look the same through the pulse filters. Body: header and payload symbols with a known
/// pilot before every <see cref="PilotSpacing"/> - 1 of them and one at the end. The waveform begins and ends half a pulse outside.
/// </remarks>
public static class PacketLayout
{
    /// <summary>Symbols of one period of the preamble: a prime.</summary>
    public const int PreamblePeriod = 61;

    /// <summary>Symbols of periodic continuation on each side of the preamble.</summary>
    public const int GuardSymbols = 6;

    /// <summary>All symbols of the preamble.</summary>
    public const int PreambleSymbols = (2 * PreamblePeriod) + (2 * GuardSymbols);

    /// <summary>Distance between pilots in the body, in symbols.</summary>
    public const int PilotSpacing = 16;

    /// <summary>Symbols of the header.</summary>
    public const int HeaderSymbols = 2 * HeaderCodedBits;

    /// <summary>Half the length of the pulse in symbols.</summary>
    public const int PulseHalfSpanSymbols = 10;

    /// <summary>Longest payload in bytes, from the 16-bit length in the header.</summary>
    public const int MaximumPayloadBytes = 65535;

    /// <summary>Largest frequency offset that the preamble resolves, in cycles per symbol: half a cycle per period.</summary>
    public const double MaximumFrequencyOffset = 0.5 / PreamblePeriod;

    internal const int HeaderBytes = 13;
    internal const int HeaderCodedBits = 2 * ((8 * HeaderBytes) + ConvolutionalCode.TailBits);

    // Coprime to the period. Its inverse is 50: a carrier offset of one cycle per period moves the peak 11 symbols away, so an offset
    // within range makes a weaker second peak far from the true one instead of pulling the true one.
    private const int ZadoffChuRoot = 11;

    /// <summary>Payload symbols of a packet, pilots not counted.</summary>
    internal static int PayloadSymbols(Modulation modulation, CodeRate rate, int payloadBytes) =>
        PayloadCodec.Interleaver(modulation, rate, payloadBytes).Length / Constellation.BitsPerSymbol(modulation);

    /// <summary>All symbols of a packet with this many payload symbols.</summary>
    internal static int TotalSymbols(int payloadSymbols) => PreambleSymbols + BodySymbols(payloadSymbols);

    /// <summary>Symbols of the body: header, payload and pilots.</summary>
    internal static int BodySymbols(int payloadSymbols) => BodyIndex(HeaderSymbols + payloadSymbols - 1) + 2;

    /// <summary>Place in the body of a data symbol (header and payload counted together).</summary>
    internal static int BodyIndex(int dataIndex) => dataIndex + (dataIndex / (PilotSpacing - 1)) + 1;

    /// <summary>Symbol k of the preamble.</summary>
    internal static (float Re, float Im) Preamble(int k) =>
        ZadoffChu((k - GuardSymbols + PreamblePeriod) % PreamblePeriod);

    /// <summary>The pilot at a place in the body: the Zadoff-Chu sequence again, one element per pilot.</summary>
    internal static (float Re, float Im) Pilot(int bodyIndex) =>
        ZadoffChu((bodyIndex + PilotSpacing - 1) / PilotSpacing % PreamblePeriod);

    private static (float Re, float Im) ZadoffChu(int n)
    {
        // The phase is pi u n (n + 1) / N; the integer is reduced first so that it is exact.
        int numerator = ZadoffChuRoot * n * (n + 1) % (2 * PreamblePeriod);
        (double sin, double cos) = Math.SinCos(-Math.PI * numerator / PreamblePeriod);
        return ((float)cos, (float)sin);
    }
}
