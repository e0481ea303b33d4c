namespace IsacTestbed.Planning.OtaFeel;

/// <summary>Names of the methods of ota-feel.</summary>
public static class OtaFeelMethods
{
    /// <summary>Block coordinate descent from several seeded starts, the best of them, with a lower bound.</summary>
    public const string Refined = "refined";

    /// <summary>Algorithm 1 with the precoder problem (33) solved exactly, accelerated by points that are kept only if they are better: the error descends.</summary>
    public const string Descent = "bcd";

    /// <summary>Algorithm 1 as printed: the relaxation (35) and a projection, which can raise the error.</summary>
    public const string Literal = "bcd-literal";

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<string> All { get; } = [Refined, Descent, Literal];
}
