namespace IsacTestbed.Dsp.Modem;

/// <summary>What a receiver may assume about its surroundings.</summary>
/// <remarks>Immutable.</remarks>
public sealed record PacketReceiverOptions
{
    /// <summary>Probability that white noise alone crosses the detection threshold, per tested sample position. Default 1e-9.</summary>
    /// <remarks>The chance for a whole search is at most this times the number of positions.</remarks>
    public double FalseAlarmProbability { get; init; } = 1e-9;

    /// <summary>Taps of the half-symbol spaced equaliser, odd, up to 31; 0 (the default) is one complex gain per symbol.</summary>
    /// <remarks>
    /// Trained by regularised least squares on the preamble and again on the decoded header. 11 taps reach 2.5 symbols to each side.
    /// Its weights carry noise of their own, so it is not for a channel that needs none.
    /// </remarks>
    public int EqualiserTaps { get; init; }

    /// <summary>Variance of the carrier's random phase walk in rad^2 per symbol, which sets how far pilots are averaged. Default 1e-5.</summary>
    public double PhaseNoisePerSymbol { get; init; } = 1e-5;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void Check()
    {
        if (!(FalseAlarmProbability is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(FalseAlarmProbability), FalseAlarmProbability, "Must be between 0 and 1, both excluded.");
        }

        if (EqualiserTaps is < 0 or > 31 || (EqualiserTaps > 0 && EqualiserTaps % 2 == 0))
        {
            throw new ArgumentOutOfRangeException(nameof(EqualiserTaps), EqualiserTaps, "Must be 0 or an odd number up to 31.");
        }

        if (!(PhaseNoisePerSymbol is > 0 and < 0.1))
        {
            throw new ArgumentOutOfRangeException(nameof(PhaseNoisePerSymbol), PhaseNoisePerSymbol, "Must be between 0 and 0.1 rad^2, both excluded.");
        }
    }
}
