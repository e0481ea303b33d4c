namespace IsacTestbed.Core;

/// <summary>What all scenarios of array studies share: who they are, how long they run, and on what radios.</summary>
/// <param name="Name">Short name; part of the run folder's name.</param>
/// <param name="Seed">The one seed of all randomness.</param>
/// <param name="Rounds">Rounds of each strategy: fading blocks, each sounded, planned, executed and measured anew.</param>
/// <param name="RoundSeconds">Length of a round, and of a fading block.</param>
/// <param name="Radio">Settings common to all radios.</param>
/// <param name="Sounding">How channels are estimated.</param>
public sealed record ArrayRunSection(
    string Name, ulong Seed, int Rounds, double RoundSeconds, RadioSection Radio, SoundingSection Sounding)
{
    /// <summary>When its rounds happen.</summary>
    public ArrayCalendar Calendar => new(Radio, RoundSeconds);

    /// <summary>Reads the keys that stand at the top of such a scenario; the family's own are its reader's.</summary>
    /// <exception cref="ConfigurationException">A key is missing, of the wrong kind or out of range.</exception>
    public static ArrayRunSection Read(ConfigurationObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        _ = document.TextOr("family", string.Empty);
        return new ArrayRunSection(
            ScenarioName.Read(document),
            document.UnsignedLong("seed"),
            document.Integer("rounds", 1, 100_000),
            document.PositiveNumber("roundSeconds"),
            RadioSection.Read(document.Object("radio")),
            SoundingSection.Read(document.Object("sounding")));
    }
}
