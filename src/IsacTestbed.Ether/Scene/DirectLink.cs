namespace IsacTestbed.Ether;

/// <summary>A one-way direct link between two nodes. Add a second one for the way back.</summary>
/// <remarks>
/// Antenna n of the transmitter reaches antenna m of the receiver with sqrt(gain) exp(-j 2 pi f_c delay) h_mn, where the line-of-sight part
/// of h_mn is a_r,m a_t,n of the two arrays and the scattered part follows the fading.
/// </remarks>
public sealed record DirectLink
{
    /// <summary>The transmitting node.</summary>
    public required string Transmitter { get; init; }

    /// <summary>The receiving node; another one than the transmitter.</summary>
    public required string Receiver { get; init; }

    /// <summary>Power gain.</summary>
    public required LinkGain Gain { get; init; }

    /// <summary>Fading.</summary>
    public Fading Fading { get; init; } = Fading.None;

    /// <summary>Delay in samples, may be fractional; null means distance over the speed of light.</summary>
    public double? DelaySamples { get; init; }
}
