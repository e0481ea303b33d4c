using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using IsacTestbed.Cli.Commands;
using IsacTestbed.Cli.Reproduction;
using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests;

/// <summary>Wrong words, folders, addresses and files of a run.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("'frob'", "frob")]
    [InlineData("isac", new string[0])]
    [InlineData("--method", "run", "--method", "foo")]
    [InlineData("--output: found xml; it must be one of table, json. Try isac run --help.", "run", "--output", "xml")]
    [InlineData("PAPER: found isac; it must be one of isac-fl, iscc,", "reproduce", "isac", "--figure", "2")]
    [InlineData("'x'", "run", "--rounds", "x")]
    [InlineData("'-1' for option '--seed'; a whole number from 0 to 18446744073709551615 is expected", "run", "--seed", "-1")]
    [InlineData("'x' for option '--max-lease'; a number is expected", "sidecar", "--scenario", "x", "--max-lease", "x")]
    [InlineData("'--frob'", "run", "--frob")]
    [InlineData("--scenario", "sidecar")]
    [InlineData("CASE", "plan")]
    [InlineData("--backend: found usrp; it must be one of emulated, soapy, uhd.", "sidecar", "--scenario", "x", "--backend", "usrp")]
    [InlineData("--profile", "sidecar", "--backend", "soapy")]
    [InlineData("--scenario", "sidecar", "--backend", "uhd", "--profile", "x", "--scenario", "y")]
    [InlineData("found cifar; it must be one of fashion-mnist, mnist. Try isac data get --help.", "data", "get", "cifar")]
    [InlineData("--figure", "reproduce", "iscc", "--figure")]
    [InlineData("'--figure' expects a single argument", "reproduce", "iscc", "--figure", "2", "--figure", "3")]
    [InlineData("'--scenario' expects a single argument", "sidecar", "--scenario", "x", "--scenario", "y")]
    [InlineData("--backend", "sidecar", "--backend")]
    [InlineData("--profile", "sidecar", "--backend", "soapy", "--profile")]
    public async Task CommandLine_ThatCannotBeUnderstood_IsNamed(string expected, params string[] arguments) =>
        Complaint.AssertOneLine(await IsacProcess.RunAsync(arguments), ExitCodes.InvalidInput, expected, "--help");

    /// <summary>No check of a command may read a value that is not there.</summary>
    [Fact]
    public void Parse_AnyOptionOfAnyCommandWithoutItsValueOrTwice_IsAnErrorOfTheCommandLine()
    {
        Command[] commands =
        [
            RunCommand.Create(), PlanCommand.Create(), TrainCommand.Create(), ReproduceCommand.Create(), SidecarCommand.Create(),
            EmulateCommand.Create(), RadiosCommand.Create(), DataCommand.Create(), DoctorCommand.Create(),
        ];
        var root = new RootCommand();
        Array.ForEach(commands, root.Add);
        int seen = 0;
        foreach (Command command in commands.Concat(commands.SelectMany(c => c.Subcommands)))
        {
            foreach (Option option in command.Options.Where(o => o.Arity.MinimumNumberOfValues > 0))
            {
                seen++;
                string[] path = [.. command.Parents.OfType<Command>().Where(p => p is not RootCommand).Select(p => p.Name), command.Name];
                Assert.NotEmpty(root.Parse([.. path, option.Name]).Errors);
                if (option.Arity.MaximumNumberOfValues == 1)
                {
                    Assert.NotEmpty(root.Parse([.. path, option.Name, "1", option.Name, "2"]).Errors);
                }
            }
        }

        Assert.True(seen > 40, $"only {seen} options were tried");
    }

    [Fact]
    public async Task Help_OfTheProgram_TellsEachCommandInOneLineAndLeavesExamplesToIt()
    {
        string all = (await IsacProcess.RunAsync("--help")).Output;
        Assert.DoesNotContain("Examples", all, StringComparison.Ordinal);
        string[] lines = [.. all.Split('\n').SkipWhile(l => l != "Commands:").Skip(1).Select(l => l.TrimEnd()).TakeWhile(l => l.Length > 0)];
        string[] commands = ["run", "plan", "front", "train", "reproduce", "sidecar", "emulate", "radios", "data", "doctor"];
        Assert.Equal(commands, lines.Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]));
        Assert.Contains("Examples:\n    isac plan scenarios/isac-fl-paper.yaml", (await IsacProcess.RunAsync("plan", "--help")).Output, StringComparison.Ordinal);
    }

    /// <summary>The names of options stand in a column of their own; a long one would push all descriptions off the screen.</summary>
    [Theory]
    [InlineData("run")]
    [InlineData("plan")]
    [InlineData("front")]
    [InlineData("train")]
    [InlineData("reproduce")]
    [InlineData("sidecar")]
    [InlineData("emulate")]
    public async Task Help_OfACommand_NamesOptionsInANarrowColumn(string command)
    {
        string[] options = [.. (await IsacProcess.RunAsync(command, "--help")).Output.Split('\n').Where(l => l.StartsWith("  --", StringComparison.Ordinal))];
        Assert.NotEmpty(options);
        Assert.All(options, line => Assert.InRange(line.TrimStart().Split("  ")[0].Length, 1, 60));
    }

    [Theory]
    [InlineData("--out", "")]
    [InlineData("--resume", "")]
    [InlineData("--sidecar", "nonsense")]
    [InlineData("--sidecar", "host:")]
    [InlineData("--sidecar", "127.0.0.1:99999")]
    [InlineData("--sidecar", "127.0.0.1:50051/x")]
    public async Task Run_OptionThatMeansNothing_IsNamed(string option, string value)
    {
        using var scratch = new ScratchFolder();
        string[] rest = option == "--sidecar" ? ["--out", scratch["run"]] : [];
        string[] scenario = option == "--resume" ? [] : ["--scenario", ScratchFolder.SmallScenario];
        Complaint.AssertOneLine(await IsacProcess.RunAsync(["run", .. scenario, option, value, .. rest]), ExitCodes.InvalidInput, option);
        Assert.False(Directory.Exists(scratch["run"]));
    }

    [Fact]
    public async Task Run_OutThatHoldsARun_IsRefusedAndUntouched()
    {
        using var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch["run"]);
        await File.WriteAllTextAsync(Path.Combine(scratch["run"], "run.json"), "precious");
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("run", "--scenario", ScratchFolder.SmallScenario, "--out", scratch["run"]), ExitCodes.InvalidInput, scratch["run"], "--resume");
        Assert.Equal("precious", await File.ReadAllTextAsync(Path.Combine(scratch["run"], "run.json")));
        Assert.Single(Directory.GetFileSystemEntries(scratch["run"]));
    }

    [Fact]
    public async Task Run_OutThatCannotBeWritten_IsRefused()
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch["file"], "x");
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("run", "--scenario", ScratchFolder.SmallScenario, "--out", Path.Combine(scratch["file"], "run")),
            ExitCodes.InvalidInput,
            Path.Combine(scratch["file"], "run"),
            "cannot be written");
    }

    [Theory]
    [InlineData("--scenario", "x.yaml")]
    [InlineData("--out", "x")]
    [InlineData("--method", "exact")]
    [InlineData("--rounds", "3")]
    [InlineData("--seed", "3")]
    public async Task Resume_WithAnOptionOfTheRun_IsRefused(string option, string value) =>
        Complaint.AssertOneLine(await IsacProcess.RunAsync("run", "--resume", "x", option, value), ExitCodes.InvalidInput, option, "a resumed run has its own");

    [Fact]
    public async Task Resume_FolderWithoutARun_IsRefused()
    {
        using var scratch = new ScratchFolder();
        Complaint.AssertOneLine(await IsacProcess.RunAsync("run", "--resume", scratch["nowhere"]), ExitCodes.InvalidInput, scratch["nowhere"], "no run is in this folder");
        Assert.False(Directory.Exists(scratch["nowhere"]));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"methods": null, "dataFolder": "", "version": "", "commit": "", "runtime": "", "startedUtc": "2026-01-01T00:00:00Z"}""")]
    public async Task Resume_DamagedManifest_IsRefused(string manifest)
    {
        using var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch["run"]);
        await File.WriteAllTextAsync(Path.Combine(scratch["run"], "run.json"), manifest);
        Complaint.AssertOneLine(await IsacProcess.RunAsync("run", "--resume", scratch["run"]), ExitCodes.InvalidInput, "run.json", "manifest");
    }

    /// <summary>One run of one round, whose records are then damaged one by one; each complaint names the file and changes nothing else.</summary>
    [Fact]
    public async Task Resume_DamagedRecords_NamesTheFile()
    {
        using var scratch = new ScratchFolder();
        string run = scratch["run"], strategy = Path.Combine(run, "uniform");
        IsacResult good = await IsacProcess.RunAsync(
            "run", "--plain", "--scenario", ScratchFolder.SmallScenario, "--rounds", "1", "--method", "uniform", "--out", run);
        Assert.True(good.ExitCode == 0, good.Error);
        foreach (string name in (string[])["checkpoint.bin", "rounds.jsonl", "measurements.jsonl", "samples.bin"])
        {
            string file = Path.Combine(strategy, name);
            byte[] whole = await File.ReadAllBytesAsync(file);
            await File.WriteAllBytesAsync(file, whole[..(whole.Length / 2)]);
            await AssertRefusedAsync(file);
            if (name is "checkpoint.bin" or "rounds.jsonl")
            {
                byte[] bent = [.. whole];
                bent[bent.Length / 2] ^= 0xFF;
                bent[0] = (byte)'x';
                await File.WriteAllBytesAsync(file, bent);
                await AssertRefusedAsync(file);
            }

            await File.WriteAllBytesAsync(file, whole);
        }

        await File.WriteAllTextAsync(Path.Combine(run, "scenario.json"), "{");
        await AssertRefusedAsync(Path.Combine(run, "scenario.json"));

        async Task AssertRefusedAsync(string file)
        {
            IsacResult result = await IsacProcess.RunAsync("run", "--plain", "--resume", run);
            Assert.Equal(ExitCodes.InvalidInput, result.ExitCode);
            Assert.Contains(file, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("127.0.0.1", "address:port")]
    [InlineData("localhost:0", "address:port")]
    [InlineData("0.0.0.0:0", "not a loopback address")]
    [InlineData("[::]:0", "not a loopback address")]
    [InlineData("127.0.0.1:99999", "address:port")]
    public async Task Sidecar_ListenAddress_IsChecked(string address, string expected) =>
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("sidecar", "--scenario", ScratchFolder.SmallScenario, "--listen", address), ExitCodes.InvalidInput, "--listen", address, expected);

    [Fact]
    public async Task Sidecar_PortInUse_IsNamed()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string address = taken.LocalEndpoint.ToString()!;
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("sidecar", "--scenario", ScratchFolder.SmallScenario, "--listen", address), ExitCodes.InvalidInput, "--listen", address);
    }

    [Fact]
    public async Task Run_NobodyListens_IsNamed()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        string address = free.LocalEndpoint.ToString()!;
        free.Stop();
        await AssertNoSidecarAsync(address);
    }

    /// <summary>A server that answers in another protocol, hangs up at once, or says nothing at all.</summary>
    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Run_OnAPortThatSpeaksNoGrpc_IsNamed(string? answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        Task serving = ServeAsync(listener, answer, stop.Token);
        await AssertNoSidecarAsync(listener.LocalEndpoint.ToString()!);
        await stop.CancelAsync();
        await serving;
    }

    private static async Task AssertNoSidecarAsync(string address)
    {
        using var scratch = new ScratchFolder();
        IsacResult result = await IsacProcess.RunAsync("run", "--plain", "--scenario", ScratchFolder.SmallScenario, "--out", scratch["run"], "--sidecar", address);
        Complaint.AssertOneLine(result, ExitCodes.RadioFault, address);
        Assert.False(Directory.Exists(scratch["run"]), "A run that cannot start leaves no folder.");
    }

    // Null holds the connection open and never answers.
    private static async Task ServeAsync(TcpListener listener, string? answer, CancellationToken stop)
    {
        var open = new List<Socket>();
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptSocketAsync(stop);
                open.Add(socket);
                if (answer is not null)
                {
                    await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(answer), stop);
                    socket.Close();
                }
            }
        }
        catch (OperationCanceledException)
        {
            open.ForEach(s => s.Dispose());
        }
    }
}
