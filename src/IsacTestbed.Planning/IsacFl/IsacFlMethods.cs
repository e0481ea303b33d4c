namespace IsacTestbed.Planning.IsacFl;

/// <summary>Names of the methods of isac-fl.</summary>
public static class IsacFlMethods
{
    /// <summary>Certified global optimum.</summary>
    public const string Exact = "exact";

    /// <summary>Algorithm 1 of the paper.</summary>
    public const string GoldenSection = "golden-section";

    /// <summary>Baseline: every device senses at its maximum power.</summary>
    public const string MaxSensing = "max-sensing";

    /// <summary>Baseline: every device uploads at its maximum power.</summary>
    public const string MaxComm = "max-comm";

    /// <summary>Baseline: what training leaves is divided evenly between sensing and uplink.</summary>
    public const string Uniform = "uniform";

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<string> All { get; } = [Exact, GoldenSection, MaxSensing, MaxComm, Uniform];
}
