namespace IsacTestbed.Radio;

/// <summary>A closed interval of frequencies on the air.</summary>
/// <param name="MinimumHz">Lower edge.</param>
/// <param name="MaximumHz">Upper edge, not below the lower one.</param>
public readonly record struct FrequencyBand(double MinimumHz, double MaximumHz)
{
    /// <summary>Whether all of <paramref name="centerHz"/> plus and minus half of <paramref name="widthHz"/> lies within.</summary>
    /// <returns>False for a frequency that is not a number.</returns>
    public bool Covers(double centerHz, double widthHz) => centerHz - (widthHz / 2) >= MinimumHz && centerHz + (widthHz / 2) <= MaximumHz;
}
