using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests;

/// <summary>What every refusal must look like.</summary>
internal static class Complaint
{
    /// <summary>Fails unless the program ended with a code, one line on standard error that holds the parts, and nothing on standard output.</summary>
    public static void AssertOneLine(IsacResult result, int exitCode, params string[] parts)
    {
        string line = Assert.Single(result.ErrorLines);
        Assert.StartsWith("isac: ", line, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Empty(result.Output);
    }
}
