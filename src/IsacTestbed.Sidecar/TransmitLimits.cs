using System.Globalization;
using IsacTestbed.Radio;

namespace IsacTestbed.Sidecar;

/// <summary>What a sidecar's profile allows its transmitters. What exceeds a limit is refused, never clipped, and the refusal names it.</summary>
/// <param name="MinFrequencyHz">Lowest carrier frequency.</param>
/// <param name="MaxFrequencyHz">Highest carrier frequency.</param>
/// <param name="MaxAmplitude">Largest peak of amplitude times weight times waveform, relative to full scale.</param>
/// <param name="MaxPowerWatts">Largest mean power of a waveform, per channel at the antenna port.</param>
/// <param name="MaxDutyCycle">Largest fraction of a schedule's time during which a radio transmits.</param>
public sealed record TransmitLimits(
    double MinFrequencyHz, double MaxFrequencyHz, double MaxAmplitude, double MaxPowerWatts, double MaxDutyCycle)
{
    /// <summary>No limit beyond the radios' own ranges.</summary>
    public static TransmitLimits None { get; } =
        new(0, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);

    /// <summary>Refuses a carrier frequency outside the limits.</summary>
    internal void RequireFrequency(string radioId, double frequencyHz)
    {
        if (!(frequencyHz >= MinFrequencyHz && frequencyHz <= MaxFrequencyHz))
        {
            throw Exceeded(radioId, string.Create(
                CultureInfo.InvariantCulture, $"a carrier of {frequencyHz:G12} Hz; the sidecar allows {MinFrequencyHz:G12} to {MaxFrequencyHz:G12} Hz"));
        }
    }

    /// <summary>Refuses an amplitude above the limit.</summary>
    internal void RequireAmplitude(string radioId, int burstId, double amplitude)
    {
        if (!(amplitude <= MaxAmplitude))
        {
            throw Exceeded(radioId, string.Create(
                CultureInfo.InvariantCulture, $"burst {burstId} peaks at {amplitude:G6} of full scale; the sidecar allows {MaxAmplitude:G6}"));
        }
    }

    /// <summary>Refuses a power above the limit.</summary>
    internal void RequirePower(string radioId, int burstId, double powerWatts)
    {
        if (!(powerWatts <= MaxPowerWatts))
        {
            throw Exceeded(radioId, string.Create(
                CultureInfo.InvariantCulture, $"burst {burstId} would send {powerWatts:G6} W on a channel; the sidecar allows {MaxPowerWatts:G6} W"));
        }
    }

    /// <summary>Refuses a duty cycle above the limit.</summary>
    internal void RequireDutyCycle(string radioId, double dutyCycle)
    {
        if (!(dutyCycle <= MaxDutyCycle))
        {
            throw Exceeded(radioId, string.Create(
                CultureInfo.InvariantCulture, $"the schedule transmits {dutyCycle:P2} of its time; the sidecar allows {MaxDutyCycle:P2}"));
        }
    }

    private static RadioException Exceeded(string radioId, string problem) => new(RadioFaultCode.LimitExceeded, radioId, $"{problem}.");
}
