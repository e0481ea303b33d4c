using System.CommandLine;
using IsacTestbed.Cli.Reproduction;
using IsacTestbed.Core;

namespace IsacTestbed.Cli.Tests.Reproduction;

public sealed class ReproduceCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("isac-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("reproduce isac-fl", "--figure")]
    [InlineData("reproduce isac-fl --figure 6", "6")]
    [InlineData("reproduce iscc --figure 10", "10")]
    [InlineData("reproduce other --figure 5", "other")]
    [InlineData("reproduce isac-fl --figure 5 --budget huge", "huge")]
    [InlineData("reproduce isac-fl --figure 7 --dataset cifar", "cifar")]
    [InlineData("reproduce isac-fl --figure 7 --seed -1", "-1")]
    [InlineData("reproduce isac-fl --figure 7 --output xml", "xml")]
    public void Parse_BadArgument_NamesIt(string line, string named) => Assert.Contains(named, Parse(line).Errors[0].Message, StringComparison.Ordinal);

    [Fact]
    public async Task Invoke_DataAbsent_SaysHowToGetThem()
    {
        ConfigurationException exception = await Assert.ThrowsAsync<ConfigurationException>(() => Invoke($"reproduce isac-fl --figure 7 --data {_folder}"));

        Assert.Contains("isac data get mnist", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_FolderIsAFile_NamesTheOption()
    {
        string file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, string.Empty);

        ConfigurationException exception = await Assert.ThrowsAsync<ConfigurationException>(() => Invoke($"reproduce isac-fl --figure 5 --out {file}"));

        Assert.Contains("--out", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_Figure5Twice_WritesTheSameTwoFiles()
    {
        string first = Path.Combine(_folder, "a", "b"), second = Path.Combine(_folder, "c");

        Assert.Equal(ExitCodes.Success, await Invoke($"reproduce isac-fl --figure 5 --out {first}"));
        Assert.Equal(ExitCodes.Success, await Invoke($"reproduce isac-fl --figure 5 --output json --out {second}"));

        Assert.Equal(["fig-5.md", "fig-5.svg"], Directory.GetFiles(first).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (string name in (string[])["fig-5.md", "fig-5.svg"])
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(first, name)), await File.ReadAllBytesAsync(Path.Combine(second, name)));
        }
    }

    private static ParseResult Parse(string line) => new RootCommand { ReproduceCommand.Create() }.Parse(line);

    private static Task<int> Invoke(string line) => Parse(line).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
