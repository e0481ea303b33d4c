namespace IsacTestbed.Core;

/// <summary>One value that an instrument reported.</summary>
/// <param name="Name">Name, as in "holdover".</param>
/// <param name="Value">Value as text.</param>
/// <param name="Unit">Unit, or empty.</param>
public readonly record struct InstrumentValue(string Name, string Value, string Unit);

/// <summary>What one instrument of the bench said of itself at one moment.</summary>
/// <param name="Instrument">The instrument.</param>
/// <param name="TimeUtc">When it said so.</param>
/// <param name="Trustworthy">Whether what is measured under it may be trusted: a reference is locked, a setting is what was asked for.</param>
/// <param name="Reason">Why not; empty when it is trustworthy.</param>
/// <param name="Values">What it reported; empty when it did not answer.</param>
public sealed record InstrumentReading(
    string Instrument, DateTimeOffset TimeUtc, bool Trustworthy, string Reason, IReadOnlyList<InstrumentValue> Values);
