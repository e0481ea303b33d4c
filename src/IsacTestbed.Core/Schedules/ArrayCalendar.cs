namespace IsacTestbed.Core;

/// <summary>When the rounds of an array study happen: one period per round, which is also the fading block of its links.</summary>
/// <remarks>
/// The first second stays empty, so that a clock that starts at zero can be set ahead of the first round. Rounds begin on multiples of the
/// period, so that none straddles a fading block, and every strategy meets the same blocks.
/// </remarks>
public sealed class ArrayCalendar
{
    private const double OriginSeconds = 1;

    private readonly long _firstBlock;

    /// <summary>Lays out the calendar.</summary>
    /// <param name="radio">The sample rate.</param>
    /// <param name="roundSeconds">Length of a round, above zero.</param>
    public ArrayCalendar(RadioSection radio, double roundSeconds)
    {
        ArgumentNullException.ThrowIfNull(radio);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(roundSeconds);
        RoundTicks = (long)Math.Ceiling(roundSeconds * radio.SampleRateHz);
        _firstBlock = (long)Math.Ceiling(OriginSeconds * radio.SampleRateHz / RoundTicks);
    }

    /// <summary>Ticks of a round: the fading block.</summary>
    public long RoundTicks { get; }

    /// <summary>First tick of a round.</summary>
    /// <param name="round">The round, from zero.</param>
    public long RoundTick(int round) => (_firstBlock + round) * RoundTicks;

    /// <summary>Complains if a round is too short for what happens in it.</summary>
    /// <param name="neededTicks">Ticks that are needed.</param>
    /// <param name="sampleRateHz">Sample rate, for the message.</param>
    /// <exception cref="ConfigurationException">It is too short.</exception>
    public void Require(long neededTicks, double sampleRateHz)
    {
        if (neededTicks > RoundTicks)
        {
            throw new ConfigurationException(
                "scenario",
                "roundSeconds",
                FormattableString.Invariant($"found {RoundTicks / sampleRateHz:G6}; a round needs {neededTicks / sampleRateHz:G6} s for its sounding ")
                + "and its bursts. Allow more time, or less to send");
        }
    }
}
