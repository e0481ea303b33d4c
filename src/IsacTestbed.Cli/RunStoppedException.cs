namespace IsacTestbed.Cli;

/// <summary>A run that had begun and did not reach its end: what stopped it, and the folder from which it goes on.</summary>
/// <param name="folder">The run folder.</param>
/// <param name="cause">What stopped it.</param>
internal sealed class RunStoppedException(string folder, Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>The command that goes on.</summary>
    public string Remedy { get; } = $"isac run --resume {folder}";
}
