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
    [InlineData("reproduce vfl-beamforming --figure 3 --dataset mnist", "--dataset: Fig. 3 of vfl-beamforming reads no data set")]
    [InlineData("reproduce iscc --figure 2 --data data", "--data: Fig. 2 of iscc reads no data set")]
    [InlineData("reproduce isac-fl --figure 5 --dataset fashion-mnist", "--dataset: Fig. 5 of isac-fl reads no data set")]
    [InlineData("reproduce ota-feel --figure 12 --dataset mnist", "--dataset: Fig. 12 of ota-feel reads no data set")]
    public void Parse_BadArgument_NamesIt(string line, string named) => Assert.Contains(named, Parse(line).Errors[0].Message, StringComparison.Ordinal);

    [Fact]
    public async Task Invoke_DataAbsent_SaysHowToGetThem()
    {
        ConfigurationException exception = await Assert.ThrowsAsync<ConfigurationException>(() => Invoke($"reproduce isac-fl --figure 7 --data {_folder}"));

        Assert.Contains("isac data get mnist", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Figure 7 would next complain of the data that are not there: the folder comes first, before anything is read or computed.</summary>
    [Theory]
    [InlineData("file/below")]
    [InlineData("file")]
    public async Task Invoke_FolderThatCannotBeWritten_IsRefusedBeforeTheFigureIsComputed(string folder)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), string.Empty);

        ConfigurationException exception = await Assert.ThrowsAsync<ConfigurationException>(
            () => Invoke($"reproduce isac-fl --figure 7 --data {_folder} --out {Path.Combine(_folder, folder)}"));

        Assert.Contains($"--out: {Path.Combine(_folder, folder)} cannot be written", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_FolderWithoutAName_IsRefusedBeforeTheFigureIsComputed()
    {
        ConfigurationException exception = await Assert.ThrowsAsync<ConfigurationException>(
            () => Invoke(["reproduce", "isac-fl", "--figure", "7", "--data", _folder, "--out", string.Empty]));

        Assert.Contains("--out: found nothing", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_FigureThatFails_LeavesNoEmptyFolders()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "mine"));

        await Assert.ThrowsAsync<ConfigurationException>(
            () => Invoke($"reproduce isac-fl --figure 7 --data {_folder} --out {Path.Combine(_folder, "mine", "a", "b")}"));

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder, "mine")));
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

    private static Task<int> Invoke(string line) => Invoke(line.Split(' '));

    private static Task<int> Invoke(string[] arguments) =>
        new RootCommand { ReproduceCommand.Create() }.Parse(arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
