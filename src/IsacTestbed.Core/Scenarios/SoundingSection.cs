namespace IsacTestbed.Core;

/// <summary>How the channels between arrays are sounded before a round is planned.</summary>
/// <param name="Symbols">Pilot symbols L of each element; the error of an estimated coefficient falls as 1 / L.</param>
/// <param name="PowerWatts">Power that a radio radiates while it is sounded, from all elements together.</param>
/// <param name="MaxDelaySamples">Longest delay that is searched for, in whole samples: propagation, cables and converters.</param>
public sealed record SoundingSection(int Symbols, double PowerWatts, int MaxDelaySamples)
{
    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">A key is missing, unknown or out of range.</exception>
    public static SoundingSection Read(ConfigurationObject o)
    {
        ArgumentNullException.ThrowIfNull(o);
        var section = new SoundingSection(o.Integer("symbols", 4, 1 << 16), o.PositiveNumber("powerWatts"), o.Integer("maxDelaySamples", 0, 4096));
        o.RejectUnknownKeys();
        return section;
    }
}
