using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Cli.Reproduction.Iscc;

/// <summary>A curve of the figures: a method and its name there.</summary>
/// <param name="Method">One of <see cref="IsccMethods"/>.</param>
/// <param name="Name">Name in tables and legends.</param>
internal sealed record Scheme(string Method, string Name)
{
    /// <summary>All of them, ours first.</summary>
    public static IReadOnlyList<Scheme> All { get; } =
    [
        new(IsccMethods.Refined, "refined (ours)"),
        new(IsccMethods.ScaAdmm, "SCA-ADMM"),
        new(IsccMethods.FullLocal, "FL"),
        new(IsccMethods.FullOffload, "FO"),
        new(IsccMethods.HalfOffload, "HO"),
        new(IsccMethods.TotalEnergy, "CTEM"),
        new(IsccMethods.Ofdma, "OFDMA"),
    ];
}
