using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Core;
using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests;

/// <summary>YAML as JSON: what stands for what, and what a document may not ask for.</summary>
public sealed class DocumentFileTests
{
    [Theory]
    [InlineData("a: 1\nb: -2.5e3\nc: 1e400\nd: +7\n", """{"a":1,"b":-2500,"c":"1e400","d":7}""")]
    [InlineData("a: '1'\nb: yes\nc: true\nd: ~\ne:\n", """{"a":"1","b":"yes","c":true,"d":null,"e":null}""")]
    [InlineData("a: [1, [2, {b: 3}], []]\n? c\n: {}\n", """{"a":[1,[2,{"b":3}],[]],"c":{}}""")]
    [InlineData("a: \"\\\"\\u00e9\\n\"\n'b\"c': x\n", """{"a":"\"é\n","b\"c":"x"}""")]
    [InlineData("a: &x 5\nb: *x\n", """{"a":5,"b":5}""")]
    [InlineData("a: &x [1, &y {b: [2]}, 3]\nc: [*x, *y, 4, *y]\n", """{"a":[1,{"b":[2]},3],"c":[[1,{"b":[2]},3],{"b":[2]},4,{"b":[2]}]}""")]
    [InlineData("&k a: 1\nb: {*k : 2}\n", """{"a":1,"b":{"a":2}}""")]
    [InlineData("a: &x 1\nb: &x 2\nc: *x\n", """{"a":1,"b":2,"c":2}""")]
    [InlineData("--- # one\nrounds: 4 # four\n...\n", """{"rounds":4}""")]
    public async Task ReadJson_Yaml_IsTheSameDocument(string yaml, string json)
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch["a.yaml"], yaml);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(DocumentFile.ReadJson(scratch["a.yaml"]))), DocumentFile.ReadJson(scratch["a.yaml"]));
    }

    [Theory]
    [InlineData("a: 1\nb: *c\nc: &c 1\n", "line 2: the alias *c has no anchor before it")]
    [InlineData("a: 1\n? [1, 2]\n: 3\n", "line 2: a list or an object stands where a key must be")]
    [InlineData("a: &x [1]\n? *x\n: 3\n", "line 2: a list or an object stands where a key must be")]
    [InlineData("a: {b: 1, c: 2,\n  b: 3}\n", "line 2: Duplicate key b")]
    public async Task ReadJson_YamlThatIsNoJson_NamesTheLine(string yaml, string expected)
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch["a.yaml"], yaml);

        var exception = Assert.Throws<ConfigurationException>(() => DocumentFile.ReadJson(scratch["a.yaml"]));

        Assert.Contains($"not valid YAML at {expected}", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Ten entries of ten each, nested: 10^n values out of n lines. As values, in a list of keys, and as what a key would be hashed by.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("? *l12\n: 1\n")]
    public async Task ReadJson_AliasesOfAliases_AreRefusedBeforeTheyAreWrittenOut(string end)
    {
        var yaml = new StringBuilder("l0: &l0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n");
        for (int level = 1; level <= 12; level++)
        {
            yaml.Append($"l{level}: &l{level} [{string.Join(", ", Enumerable.Repeat($"*l{level - 1}", 10))}]\n");
        }

        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch["bomb.yaml"], yaml.Append(end).ToString());

        // 110 by l1, 1210 more by l2, and so on: with l5 they pass a million.
        foreach (string[] arguments in (string[][])[["plan", scratch["bomb.yaml"]], ["run", "--scenario", scratch["bomb.yaml"]], ["sidecar", "--scenario", scratch["bomb.yaml"]]])
        {
            Complaint.AssertOneLine(
                await IsacProcess.RunAsync(arguments), ExitCodes.InvalidInput, "bomb.yaml: not valid YAML at line 6", "*l4", "1000000 are the most");
        }
    }

    [Fact]
    public async Task ReadJson_ManyNumbersWithoutAliases_HaveNoLimit()
    {
        const int count = (2 * YamlToJson.MostCopies) + 1;
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch["many.yaml"], $"a: [{string.Join(',', Enumerable.Repeat('1', count))}]\n");

        using var document = JsonDocument.Parse(DocumentFile.ReadJson(scratch["many.yaml"]));
        Assert.Equal(count, document.RootElement.GetProperty("a").GetArrayLength());
    }

    [Fact]
    public async Task ReadJson_Cancelled_Stops()
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch["a.yaml"], "a: 1\n");

        Assert.Throws<OperationCanceledException>(() => DocumentFile.ReadJson(scratch["a.yaml"], new CancellationToken(canceled: true)));
    }
}
