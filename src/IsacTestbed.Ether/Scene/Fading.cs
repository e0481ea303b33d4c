namespace IsacTestbed.Ether;

/// <summary>The law of a block fading.</summary>
public enum FadingKind
{
    /// <summary>No fading: the coefficient is one.</summary>
    None = 0,

    /// <summary>An independent circular Gaussian coefficient of mean power one for each pair of antennas; no line of sight.</summary>
    Rayleigh = 1,

    /// <summary>A line of sight with a share K / (K + 1) of the power and a Rayleigh part with 1 / (K + 1).</summary>
    Rician = 2,

    /// <summary>
    /// One circular Gaussian coefficient for the path as a whole, along its line of sight: the power is exponential on all antennas at once.
    /// </summary>
    Exponential = 3,
}

/// <summary>A block fading: constant within a block of ticks, independent from block to block.</summary>
/// <remarks>
/// Block b covers the receiver's ticks [b BlockTicks, (b + 1) BlockTicks). A coefficient is a pure function of seed, path, block and
/// antennas. Immutable and thread safe.
/// </remarks>
/// <param name="Kind">The law.</param>
/// <param name="BlockTicks">Length of a block, at least one tick.</param>
/// <param name="MeanPower">Mean of the power gain, not negative.</param>
/// <param name="RicianFactor">K of a Rician fading, linear.</param>
public sealed record Fading(FadingKind Kind, long BlockTicks, double MeanPower = 1, double RicianFactor = 0)
{
    /// <summary>No fading.</summary>
    public static Fading None { get; } = new(FadingKind.None, long.MaxValue);

    /// <summary>Rayleigh fading of mean power one, independent between antennas.</summary>
    public static Fading Rayleigh(long blockTicks) => new(FadingKind.Rayleigh, blockTicks);

    /// <summary>Rician fading of mean power one.</summary>
    /// <param name="ricianFactor">K: power of the line of sight over that of the scattered part, linear.</param>
    /// <param name="blockTicks">Length of a block.</param>
    public static Fading Rician(double ricianFactor, long blockTicks) => new(FadingKind.Rician, blockTicks, 1, ricianFactor);

    /// <summary>An exponentially distributed power, common to all antennas.</summary>
    public static Fading Exponential(double meanPower, long blockTicks) => new(FadingKind.Exponential, blockTicks, meanPower);

    internal void Validate(string name)
    {
        if (!Enum.IsDefined(Kind) || BlockTicks < 1 || !(MeanPower >= 0) || !double.IsFinite(MeanPower) || !(RicianFactor >= 0) || !double.IsFinite(RicianFactor))
        {
            throw new ArgumentException($"{name}: fading {Kind} with blocks of {BlockTicks} ticks, mean {MeanPower} and K = {RicianFactor}; "
                + "a block has at least one tick, mean and K are finite and not negative.");
        }
    }
}
