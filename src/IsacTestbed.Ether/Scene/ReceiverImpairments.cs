namespace IsacTestbed.Ether;

/// <summary>How a receiver departs from an ideal one. The default is ideal.</summary>
/// <remarks>
/// Order in the receiver: sum of all signals, thermal noise, rotation by carrier offset and phase noise, receive gain, I/Q imbalance, DC,
/// clipping, quantisation. Levels are in output samples, that is after the receive gain.
/// </remarks>
public sealed record ReceiverImpairments
{
    /// <summary>An ideal receiver.</summary>
    public static ReceiverImpairments None { get; } = new();

    /// <summary>
    /// Frequency by which a received carrier appears shifted, hertz: rotation by exp(j 2 pi f tick / rate).
    /// </summary>
    public double CarrierOffsetHz { get; init; }

    /// <summary>
    /// Error of the sampling clock in parts per million; positive samples too fast, so that signals appear longer. The error counts from the
    /// start of each receive window, since the reference aligns the start.
    /// </summary>
    public double SamplingOffsetPpm { get; init; }

    /// <summary>Two-sided -3 dB linewidth of the oscillator, hertz: a Wiener phase with variance 2 pi linewidth / rate per sample.</summary>
    public double PhaseNoiseLinewidthHz { get; init; }

    /// <summary>Gain of the I path over the Q path, linear amplitude ratio; 1 is balanced.</summary>
    public double ImbalanceGain { get; init; } = 1;

    /// <summary>
    /// Error of the quadrature, radians. With gain g and error p: I' = sqrt(g) (I cos(p/2) - Q sin(p/2)),
    /// Q' = (Q cos(p/2) - I sin(p/2)) / sqrt(g).
    /// </summary>
    public double ImbalancePhaseRadians { get; init; }

    /// <summary>Constant added to I.</summary>
    public double DcReal { get; init; }

    /// <summary>Constant added to Q.</summary>
    public double DcImaginary { get; init; }

    /// <summary>Level of I and of Q at which the converter saturates; infinity for never.</summary>
    public double ClipLevel { get; init; } = double.PositiveInfinity;

    /// <summary>Bits of the converter per I and Q, spread evenly over +/- <see cref="ClipLevel"/>; zero for none.</summary>
    public int QuantisationBits { get; init; }

    internal void Validate(string name)
    {
        Require(double.IsFinite(CarrierOffsetHz), $"{name}: a carrier offset is finite.");
        Require(Math.Abs(SamplingOffsetPpm) <= 1000, $"{name}: a sampling offset of {SamplingOffsetPpm} ppm; at most 1000.");
        Require(PhaseNoiseLinewidthHz >= 0 && double.IsFinite(PhaseNoiseLinewidthHz), $"{name}: a linewidth is not negative.");
        Require(ImbalanceGain > 0 && double.IsFinite(ImbalanceGain), $"{name}: an I/Q gain ratio is positive.");
        Require(Math.Abs(ImbalancePhaseRadians) < Math.PI / 4, $"{name}: an I/Q phase error is below pi/4.");
        Require(double.IsFinite(DcReal) && double.IsFinite(DcImaginary), $"{name}: a DC offset is finite.");
        Require(ClipLevel > 0, $"{name}: a clip level is positive.");
        Require(QuantisationBits is >= 0 and <= 24, $"{name}: {QuantisationBits} bits; from 0 (none) to 24.");
        Require(QuantisationBits == 0 || double.IsFinite(ClipLevel), $"{name}: quantisation needs a finite clip level.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
