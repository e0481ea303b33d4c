namespace IsacTestbed.Cli.Plots;

/// <summary>One axis: what it shows, in which unit, and from where to where.</summary>
/// <param name="Label">Name and unit, as in <c>sensing SNR / dB</c>.</param>
/// <param name="Minimum">Start of the scale; null to take it from the data.</param>
/// <param name="Maximum">End of the scale; null to take it from the data.</param>
internal sealed record Axis(string Label, double? Minimum = null, double? Maximum = null);
