namespace IsacTestbed.Ether;

/// <summary>An echo: from a transmitter over a target to a receiver, which may be the same node (monostatic) or another (bistatic).</summary>
/// <remarks>
/// Element m receives sqrt(gain) c exp(-j 2 pi f_c delay(t)) a_r,m(theta_r) (a_t(theta_t)^T w) x(t - delay(t)), with c the fading coefficient.
/// The moving carrier phase is the Doppler shift. Geometry is frozen at the start of each repetition of a burst and every 16,384 samples
/// within one, the phase goes on linearly from there.
/// </remarks>
public sealed record Echo
{
    /// <summary>The transmitting node.</summary>
    public required string Transmitter { get; init; }

    /// <summary>The target.</summary>
    public required string Target { get; init; }

    /// <summary>The receiving node.</summary>
    public required string Receiver { get; init; }

    /// <summary>Two-way power gain.</summary>
    public required EchoGain Gain { get; init; }

    /// <summary>Fading; none or exponential.</summary>
    public Fading Fading { get; init; } = Fading.None;
}
