namespace IsacTestbed.Planning.Iscc;

/// <summary>Names of the methods of the iscc planner.</summary>
public static class IsccMethods
{
    /// <summary>Ours: beams by interference prices, exact resources, and a lower bound that shows how near the optimum is.</summary>
    public const string Refined = "refined";

    /// <summary>The paper's Algorithms 1 and 2.</summary>
    public const string ScaAdmm = "sca-admm";

    /// <summary>Baseline: nothing is offloaded.</summary>
    public const string FullLocal = "full-local";

    /// <summary>Baseline: everything is offloaded.</summary>
    public const string FullOffload = "full-offload";

    /// <summary>Baseline: half of each task is offloaded.</summary>
    public const string HalfOffload = "half-offload";

    /// <summary>Baseline: the paper's algorithm with every energy cost ratio at 1; the cost is that of the true ratios.</summary>
    public const string TotalEnergy = "total-energy";

    /// <summary>Baseline: the paper's algorithm with the band divided among the users.</summary>
    public const string Ofdma = "ofdma";

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<string> All { get; } = [Refined, ScaAdmm, FullLocal, FullOffload, HalfOffload, TotalEnergy, Ofdma];
}
