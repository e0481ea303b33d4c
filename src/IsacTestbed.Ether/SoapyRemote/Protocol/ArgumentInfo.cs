namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>What an argument, a setting or a sensor is, for screens that list them.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its default, or the value now.</param>
/// <param name="Name">A name for people.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Units">Unit, or empty.</param>
/// <param name="Kind">Kind of value.</param>
internal sealed record ArgumentInfo(string Key, string Value, string Name, string Description, string Units, ArgumentKind Kind)
{
    /// <summary>The values it may take; empty for any.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}

/// <summary>Kinds of values of an argument.</summary>
internal enum ArgumentKind
{
    Bool = 0,
    Int = 1,
    Float = 2,
    String = 3,
}
