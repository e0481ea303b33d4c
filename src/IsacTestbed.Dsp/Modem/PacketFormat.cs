namespace IsacTestbed.Dsp.Modem;

/// <summary>What both ends of an uplink agree on: modulation, code and pulse shape.</summary>
/// <remarks>Immutable and thread safe. Modulation and code rate also travel in the header; the pulse shape must be known beforehand.</remarks>
public sealed record PacketFormat
{
    /// <summary>Smallest roll-off: below it the pulse, cut at <see cref="PacketLayout.PulseHalfSpanSymbols"/>, would no longer be free of interference.</summary>
    public const double MinimumRollOff = 0.15;

    /// <summary>A format.</summary>
    /// <param name="modulation">Modulation of the payload.</param>
    /// <param name="codeRate">Code rate of the payload.</param>
    /// <param name="samplesPerSymbol">2 or 4.</param>
    /// <param name="rollOff">Roll-off of the root-raised-cosine pulse, <see cref="MinimumRollOff"/> to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public PacketFormat(Modulation modulation, CodeRate codeRate, int samplesPerSymbol = 2, double rollOff = 0.25)
    {
        if (!Enum.IsDefined(modulation))
        {
            throw new ArgumentOutOfRangeException(nameof(modulation), modulation, "Not a modulation of this modem.");
        }

        if (!Enum.IsDefined(codeRate))
        {
            throw new ArgumentOutOfRangeException(nameof(codeRate), codeRate, "Not a code rate of this modem.");
        }

        if (samplesPerSymbol is not (2 or 4))
        {
            throw new ArgumentOutOfRangeException(nameof(samplesPerSymbol), samplesPerSymbol, "Samples per symbol must be 2 or 4.");
        }

        if (!(rollOff >= MinimumRollOff && rollOff <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rollOff), rollOff, $"The roll-off must be from {MinimumRollOff} to 1.");
        }

        Modulation = modulation;
        CodeRate = codeRate;
        SamplesPerSymbol = samplesPerSymbol;
        RollOff = rollOff;
    }

    /// <summary>Modulation of the payload.</summary>
    public Modulation Modulation { get; }

    /// <summary>Code rate of the payload.</summary>
    public CodeRate CodeRate { get; }

    /// <summary>Samples per symbol, 2 or 4.</summary>
    public int SamplesPerSymbol { get; }

    /// <summary>Roll-off of the root-raised-cosine pulse.</summary>
    public double RollOff { get; }

    /// <summary>Coded bits per payload symbol: 1, 2 or 4.</summary>
    public int BitsPerSymbol => Constellation.BitsPerSymbol(Modulation);
}
