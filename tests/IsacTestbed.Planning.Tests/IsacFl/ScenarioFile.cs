using System.Text.RegularExpressions;
using IsacTestbed.Core;

namespace IsacTestbed.Planning.Tests.IsacFl;

/// <summary>Reads the shipped scenario: the YAML subset of one key per line and one flow mapping per device.</summary>
internal static partial class ScenarioFile
{
    public static ConfigurationObject Read(string name)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "IsacTestbed.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        Assert.NotNull(folder);
        var entries = new List<string>();
        var devices = new List<string>();
        foreach (string raw in File.ReadLines(Path.Combine(folder, "scenarios", name)))
        {
            string line = Comment().Replace(raw, string.Empty).TrimEnd();
            if (line.StartsWith("  - {", StringComparison.Ordinal))
            {
                devices.Add(Id().Replace(Key().Replace(line[4..], "\"$1\":"), "\"id\": \"$1\""));
            }
            else if (line.Length > 0 && line != "devices:")
            {
                entries.Add(Key().Replace(line, "\"$1\":"));
            }
        }

        return ConfigurationObject.Parse($"{{ {string.Join(", ", entries)}, \"devices\": [{string.Join(", ", devices)}] }}", name);
    }

    [GeneratedRegex("(^|\\s)#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex("([A-Za-z]+):")]
    private static partial Regex Key();

    [GeneratedRegex("\"id\": ([^,]+)")]
    private static partial Regex Id();
}
