namespace IsacTestbed.Cli;

/// <summary>What was to be said could not be written to standard output.</summary>
/// <param name="cause">Why.</param>
internal sealed class OutputException(IOException cause) : Exception($"standard output cannot be written: {cause.Message}", cause);
