namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>Names of the methods of the vfl-beamforming planner.</summary>
public static class VflBeamformingMethods
{
    /// <summary>Ours: many starts, each climbed to the top; with an upper bound.</summary>
    public const string Gradient = "gradient";

    /// <summary>Ours: the same search for the least target rate in place of their sum, with the discrimination of the echo combiner.</summary>
    public const string Fair = "fair";

    /// <summary>Ours: the same search for the sum of rates with the discrimination of the echo combiner.</summary>
    public const string Discriminating = "discriminating";

    /// <summary>Weighted MMSE, to convergence; communication only.</summary>
    public const string Wmmse = "wmmse";

    /// <summary>Maximum ratio transmission; communication only.</summary>
    public const string Mrt = "mrt";

    /// <summary>Interference minimising transmission; communication only.</summary>
    public const string Imt = "imt";

    /// <summary>Conjugate beamforming; sensing only.</summary>
    public const string Cbf = "cbf";

    /// <summary>Networks trained by vertical federated learning; needs a checkpoint.</summary>
    public const string Vfl = "vfl";

    /// <summary>Networks trained cell by cell; needs a checkpoint.</summary>
    public const string PerCell = "per-cell-dl";

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<string> All { get; } = [Gradient, Fair, Discriminating, Wmmse, Mrt, Imt, Cbf, Vfl, PerCell];

    /// <summary>Those that need a trained checkpoint.</summary>
    public static IReadOnlyList<string> Learned { get; } = [Vfl, PerCell];
}
