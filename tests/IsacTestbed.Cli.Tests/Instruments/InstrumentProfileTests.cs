using System.Text.Json;
using System.Text.Json.Nodes;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Core;
using IsacTestbed.Lab.Instruments;
using IsacTestbed.Lab.Profiles;

namespace IsacTestbed.Cli.Tests.Instruments;

public sealed class InstrumentProfileTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "firmware-config", "instruments");

    public static TheoryData<string> Shipped => [.. Files];

    [Fact]
    public void Shipped_AreOneOfEachKind() =>
        Assert.Equal(Enum.GetValues<InstrumentKind>().Skip(1), Files.Select(f => Read(f).Kind).Order());

    /// <summary>What is shipped is read whole, admits that nobody tried it, and holds no dangerous command.</summary>
    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_IsReadAndHarmless(string file)
    {
        InstrumentProfile profile = Read(file);
        Assert.False(profile.TriedOnHardware);
        Assert.All(profile.Commands.Values, c => Assert.NotEmpty(c.Source));
        Assert.All(profile.Commands.Values, c => Assert.DoesNotContain(DangerousCommands.Of(profile.Kind), r => r.Matches(c.With("1"))));
    }

    /// <summary>Every section and value of every shipped profile, once misspelt and once left out: always refused, and by name.</summary>
    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_WithAKeyChanged_IsRefusedByName(string file)
    {
        string json = DocumentFile.ReadJson(Path.Combine(Folder, file));
        string[] optional = ["triedOnHardware", "prompt"];
        foreach (string[] path in Paths(JsonNode.Parse(json)!.AsObject(), []))
        {
            JsonObject misspelt = JsonNode.Parse(json)!.AsObject(), without = JsonNode.Parse(json)!.AsObject();
            JsonObject parent = At(misspelt, path);
            JsonNode? value = parent[path[^1]]!.DeepClone();
            parent.Remove(path[^1]);
            parent[$"{path[^1]}X"] = value;
            Assert.Contains(path[^1], Refusal(misspelt), StringComparison.Ordinal);
            At(without, path).Remove(path[^1]);
            if (!optional.Contains(path[^1]))
            {
                Assert.Contains(path[^1] == "socket" ? "line" : path[^1], Refusal(without), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("line", "baudRate", "115201", "baudRate", "115200")]
    [InlineData("line", "parity", "\"mark\"", "parity", "even")]
    [InlineData("line", "dataBits", "9", "dataBits", "between 7 and 8")]
    [InlineData("dialogue", "replyTimeoutSeconds", "0", "replyTimeoutSeconds", "0.01")]
    [InlineData("dialogue", "commandIntervalSeconds", "-1", "commandIntervalSeconds", "between 0 and 10")]
    [InlineData("limits", "staleSeconds", "1000", "staleSeconds", "between 1 and 60")]
    [InlineData("limits", "source", "\"\"", "source", "a text")]
    public void Value_OutOfRange_IsNamedWithWhatWouldBeRight(string section, string key, string value, params string[] expected)
    {
        JsonObject document = JsonNode.Parse(DocumentFile.ReadJson(Path.Combine(Folder, "jackson-labs-gpsdo.yaml")))!.AsObject();
        document[section]![key] = JsonNode.Parse(value);
        Assert.All(expected, part => Assert.Contains(part, Refusal(document), StringComparison.Ordinal));
    }

    /// <summary>The schema that editors use names the same keys as the reader: both refuse what the other does not know.</summary>
    [Theory]
    [MemberData(nameof(Shipped))]
    public void Schema_KnowsEveryKeyOfTheShipped(string file)
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "IsacTestbed.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The solution is not above the test's folder.");
        }

        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "firmware-config", "schema", "instrument.schema.json")));
        JsonElement properties = schema.RootElement.GetProperty("properties");
        ConfigurationObject document = DocumentFile.Read(Path.Combine(Folder, file));
        Assert.All(document.Keys, key => Assert.True(properties.TryGetProperty(key, out _), key));
        foreach (string section in document.Keys.Where(k => k is "line" or "socket" or "dialogue"))
        {
            Assert.All(document.Object(section).Keys, key => Assert.True(properties.GetProperty(section).GetProperty("properties").TryGetProperty(key, out _), key));
        }

        string kind = document.Text("kind");
        JsonElement rules = schema.RootElement.GetProperty("allOf").EnumerateArray()
            .Single(r => r.GetProperty("if").GetProperty("properties").GetProperty("kind").GetProperty("const").GetString() == kind)
            .GetProperty("then").GetProperty("properties");
        Assert.Equal(
            document.Object("commands").Keys.Order(StringComparer.Ordinal),
            rules.GetProperty("commands").GetProperty("required").EnumerateArray().Select(e => e.GetString()!).Order(StringComparer.Ordinal));
    }

    private static string[] Files => [.. Directory.GetFiles(Folder, "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private static InstrumentProfile Read(string file) => InstrumentProfile.Read(DocumentFile.Read(Path.Combine(Folder, file)));

    private static string Refusal(JsonObject document) =>
        Assert.Throws<ConfigurationException>(() => InstrumentProfile.Read(ConfigurationObject.Parse(document.ToJsonString(), "test"))).Message;

    private static JsonObject At(JsonObject root, string[] path) => path[..^1].Aggregate(root, (node, key) => node[key]!.AsObject());

    private static IEnumerable<string[]> Paths(JsonObject node, string[] above) =>
        node.SelectMany(p => (string[][])[[.. above, p.Key], .. p.Value is JsonObject inner ? Paths(inner, [.. above, p.Key]) : []]);
}
