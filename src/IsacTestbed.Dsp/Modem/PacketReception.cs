namespace IsacTestbed.Dsp.Modem;

/// <summary>What a receiver found in a window.</summary>
/// <remarks>
/// Only a packet that was really sent, in a window that holds it whole, and is not <see cref="PayloadValid"/>, is an outage: a
/// <see cref="Truncated"/> one is the caller's window, not the channel. A default value says that nothing was detected.
/// </remarks>
public readonly record struct PacketReception
{
    /// <summary>A preamble crossed the detection threshold.</summary>
    public bool Detected { get; init; }

    /// <summary>The header's checksum holds; the fields that come from it mean something.</summary>
    public bool HeaderValid { get; init; }

    /// <summary>The payload's CRC-32, which also covers the header, holds.</summary>
    public bool PayloadValid { get; init; }

    /// <summary>The window ends before the packet does, so what is missing was not tried.</summary>
    public bool Truncated { get; init; }

    /// <summary>Modulation, from the header.</summary>
    public Modulation Modulation { get; init; }

    /// <summary>Code rate, from the header.</summary>
    public CodeRate CodeRate { get; init; }

    /// <summary>Sequence number, from the header.</summary>
    public uint SequenceNumber { get; init; }

    /// <summary>Stream, from the header.</summary>
    public uint Stream { get; init; }

    /// <summary>Length of the payload in bytes, from the header.</summary>
    public int PayloadBytes { get; init; }

    /// <summary>The payload, a new array of the caller's; empty unless <see cref="PayloadValid"/>.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Where the packet's first sample is in the window, in samples, with its fraction; may lie slightly before the window.</summary>
    public double TimingSamples { get; init; }

    /// <summary>Carrier frequency offset in cycles per sample; times the sample rate it is in hertz.</summary>
    public double FrequencyOffsetCyclesPerSample { get; init; }

    /// <summary>Estimated Es/N0: symbol energy over noise density, linear. May be below zero in noise.</summary>
    /// <remarks>
    /// It is the SNR in a bandwidth equal to the symbol rate. For white noise of variance N per sample and a mean sample power P it is
    /// P times samples per symbol over N. Interference and residual distortion count as noise.
    /// </remarks>
    public double SnrLinear { get; init; }

    /// <summary>Root-mean-square error vector of the payload symbols, relative to their root-mean-square magnitude, nearest-point decisions.</summary>
    /// <remarks>Not a number when no payload was equalised. Underestimates where wrong decisions are frequent.</remarks>
    public double ErrorVectorMagnitude { get; init; }
}
