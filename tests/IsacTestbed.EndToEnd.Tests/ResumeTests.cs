using System.Text;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>A run that ends at any point goes on to the same bytes, and takes its sidecar with it when it ends.</summary>
[Collection(ReferenceRunCollection.Name)]
public sealed class ResumeTests(ReferenceRun reference)
{
    /// <summary>Lines behind which the process is killed: before the first checkpoint, between two, in the second strategy, behind the last.</summary>
    [Theory]
    [InlineData("exact: 4 rounds")]
    [InlineData("exact round 2")]
    [InlineData("uniform round 3")]
    [InlineData("uniform round 4")]
    public async Task Run_KilledAndResumed_GivesTheSameBytes(string line)
    {
        using var scratch = new ScratchFolder();
        await KillBehindAsync(line, scratch["run"]);
        await ResumeAsync(scratch["run"]);
        RunFiles.AssertSame(reference.Folder, scratch["run"]);
    }

    [Fact]
    public async Task Run_KilledTwiceAndResumed_GivesTheSameBytes()
    {
        using var scratch = new ScratchFolder();
        await KillBehindAsync("exact round 1", scratch["run"]);
        await using (IsacProcess second = IsacProcess.Start("run", "--plain", "--resume", scratch["run"]))
        {
            await second.WaitForAsync(l => l.StartsWith("uniform round 1", StringComparison.Ordinal));
            await second.KillAsync();
        }

        await ResumeAsync(scratch["run"]);
        RunFiles.AssertSame(reference.Folder, scratch["run"]);
    }

    /// <summary>A kill within an append leaves half a line, and within a checkpoint half a file beside it: neither may matter.</summary>
    [Fact]
    public async Task Run_KilledWithinAWrite_GivesTheSameBytes()
    {
        using var scratch = new ScratchFolder();
        await KillBehindAsync("exact round 2", scratch["run"]);
        byte[] round = Encoding.UTF8.GetBytes("{\"method\":\"exact\",\"round\":2,\"pl");
        await AppendAsync(Path.Combine(scratch["run"], "exact", "rounds.jsonl"), round);
        await AppendAsync(Path.Combine(scratch["run"], "exact", "measurements.jsonl"), "{\"round\":2,\"sensing\":{}}\n{\"rou"u8.ToArray());
        await AppendAsync(Path.Combine(scratch["run"], "exact", "samples.bin"), [1, 0, 0, 0, 2]);
        await File.WriteAllBytesAsync(Path.Combine(scratch["run"], "exact", "checkpoint.bin.new"), [0x49, 0x43]);
        await ResumeAsync(scratch["run"]);
        RunFiles.AssertSame(reference.Folder, scratch["run"]);
    }

    [Fact]
    public async Task Run_ResumedWhenComplete_ChangesNothing()
    {
        using var scratch = new ScratchFolder();
        foreach (string file in Directory.GetFiles(reference.Folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(scratch["run"], Path.GetRelativePath(reference.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await ResumeAsync(scratch["run"]);
        RunFiles.AssertSame(reference.Folder, scratch["run"]);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Run_Interrupted_StopsInOneLineAndResumes(string signal)
    {
        using var scratch = new ScratchFolder();
        await using (IsacProcess process = IsacProcess.Start(RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["run"])))
        {
            await process.WaitForAsync(l => l.StartsWith("exact round 2", StringComparison.Ordinal));
            IReadOnlyList<int> sidecar = process.Children();
            Assert.Single(sidecar);
            await process.SignalAsync(signal);
            IsacResult result = await process.EndAsync();
            Assert.Equal(130, result.ExitCode);
            Assert.Contains("transmitters are muted", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
            await IsacProcess.WaitUntilGoneAsync(sidecar);
        }

        await ResumeAsync(scratch["run"]);
        RunFiles.AssertSame(reference.Folder, scratch["run"]);
    }

    /// <summary>A terminal's Ctrl-C reaches the sidecar process as well: it must not make the stop look like a fault.</summary>
    [Fact]
    public async Task Run_InterruptedWithItsSidecar_StopsInOneLine()
    {
        using var scratch = new ScratchFolder();
        await using IsacProcess process = IsacProcess.Start(RunFiles.RunArguments(ScratchFolder.SmallScenario, scratch["run"]));
        await process.WaitForAsync(l => l.StartsWith("exact round 1", StringComparison.Ordinal));
        int sidecar = Assert.Single(process.Children());
        await process.SignalAsync("INT", sidecar);
        IsacResult result = await process.EndAsync();
        Assert.Equal(130, result.ExitCode);
        Assert.Single(result.ErrorLines);
        await IsacProcess.WaitUntilGoneAsync([sidecar]);
    }

    private static async Task KillBehindAsync(string line, string folder)
    {
        await using IsacProcess process = IsacProcess.Start(RunFiles.RunArguments(ScratchFolder.SmallScenario, folder));
        await process.WaitForAsync(l => l.StartsWith(line, StringComparison.Ordinal));
        IReadOnlyList<int> sidecar = process.Children();
        await process.KillAsync();
        await IsacProcess.WaitUntilGoneAsync(sidecar);
    }

    private static async Task ResumeAsync(string folder)
    {
        IsacResult result = await IsacProcess.RunAsync("run", "--plain", "--resume", folder);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Empty(result.Error);
    }

    private static async Task AppendAsync(string file, byte[] bytes)
    {
        await using FileStream stream = new(file, FileMode.Append, FileAccess.Write);
        await stream.WriteAsync(bytes);
    }
}
