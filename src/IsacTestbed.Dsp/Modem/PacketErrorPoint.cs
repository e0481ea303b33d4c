namespace IsacTestbed.Dsp.Modem;

/// <summary>Packets lost at one signal-to-noise ratio.</summary>
/// <param name="SnrLinear">Es/N0, linear.</param>
/// <param name="Packets">Packets sent.</param>
/// <param name="Errors">Packets not received with a valid checksum, for whatever reason.</param>
public readonly record struct PacketErrorPoint(double SnrLinear, int Packets, int Errors)
{
    /// <summary>Share of lost packets.</summary>
    public double Rate => (double)Errors / Packets;
}
