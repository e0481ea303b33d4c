namespace IsacTestbed.EndToEnd.Tests;

/// <summary>What a run folder holds that must not depend on when, where and in how many attempts the run was made.</summary>
internal static class RunFiles
{
    /// <summary>The strategies that the tests run.</summary>
    public static readonly string[] Methods = ["exact", "uniform"];

    private static readonly string[] Results = ["rounds.jsonl", "measurements.jsonl", "samples.bin", "checkpoint.bin"];

    /// <summary>Relative paths of the files of results.</summary>
    public static IEnumerable<string> All => Methods.SelectMany(m => Results.Select(r => Path.Combine(m, r))).Append("summary.json");

    /// <summary>Fails unless two run folders hold the same results, byte for byte.</summary>
    public static void AssertSame(string expected, string actual)
    {
        foreach (string file in All)
        {
            Assert.True(
                File.ReadAllBytes(Path.Combine(expected, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(actual, file))),
                $"{file} differs between {expected} and {actual}");
        }
    }

    /// <summary>Arguments of a run of the tests' strategies in lines for logs.</summary>
    public static string[] RunArguments(string scenario, string folder, params string[] more) =>
        ["run", "--plain", "--scenario", scenario, "--out", folder, .. Methods.SelectMany(m => (string[])["--method", m]), .. more];
}
