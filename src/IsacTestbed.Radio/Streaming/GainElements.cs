namespace IsacTestbed.Radio;

/// <summary>One gain stage of a radio.</summary>
/// <param name="Name">As the driver spells it.</param>
/// <param name="RangeDb">Allowed values; the step is zero where it is continuous.</param>
/// <param name="HeldDb">The gain at which it stays, within the range; null where it takes its part of whatever is asked for.</param>
public sealed record GainElement(string Name, SettingRange RangeDb, double? HeldDb);

/// <summary>The gain stages of one direction, which the radio sets one by one in place of the driver.</summary>
/// <param name="elements">At least one, in the order in which they are raised: what is left after the ones before goes to the next.</param>
public sealed class GainElements(IReadOnlyList<GainElement> elements)
{
    private const double Rounding = 1e-9;

    /// <summary>The overall gains that can be reached.</summary>
    public SettingRange RangeDb { get; } = new(
        elements.Sum(e => e.HeldDb ?? e.RangeDb.Minimum), elements.Sum(e => e.HeldDb ?? e.RangeDb.Maximum));

    /// <summary>Splits an overall gain.</summary>
    /// <param name="gainDb">Within <see cref="RangeDb"/>.</param>
    /// <returns>A gain per element, on its steps. Those before the last that is not held round down, so that the last can make up for it.</returns>
    public IReadOnlyList<(string Name, double GainDb)> Split(double gainDb)
    {
        var split = new (string Name, double GainDb)[elements.Count];
        double left = gainDb - RangeDb.Minimum;
        int last = split.Length - 1;
        while (last > 0 && elements[last].HeldDb is not null)
        {
            last--;
        }

        for (int i = 0; i < split.Length; i++)
        {
            GainElement element = elements[i];
            double least = element.HeldDb ?? element.RangeDb.Minimum;
            double gain = element.HeldDb ?? element.RangeDb.Round(least + left);
            gain -= i < last && gain > least + left + Rounding ? element.RangeDb.Step : 0;
            left -= gain - least;
            split[i] = (element.Name, gain);
        }

        return split;
    }
}
