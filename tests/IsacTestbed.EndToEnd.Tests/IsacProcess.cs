using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Error">All of its standard error.</param>
internal sealed record IsacResult(int ExitCode, string Output, string Error)
{
    /// <summary>Lines of standard error.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The built isac program, as a user starts it.</summary>
internal sealed class IsacProcess : IAsyncDisposable
{
    // Only against a hang of the program under test; nothing is measured by it.
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _output = [];
    private readonly Task _reading;
    private readonly Task<string> _error;

    private IsacProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts the program.</summary>
    public static IsacProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    /// <summary>Starts the program with more environment variables.</summary>
    public static IsacProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start(environment, Path.Combine(AppContext.BaseDirectory, "isac"), arguments);

    /// <summary>Starts the program in another process's network namespace.</summary>
    public static IsacProcess StartWithin(int namespaceOf, params string[] arguments) => Start(
        new Dictionary<string, string>(),
        "nsenter",
        ["-t", namespaceOf.ToString(CultureInfo.InvariantCulture), "-n", Path.Combine(AppContext.BaseDirectory, "isac"), .. arguments]);

    private static IsacProcess Start(IReadOnlyDictionary<string, string> environment, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // These processes live for seconds: instrumenting their code for later costs more than it ever returns.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new IsacProcess(Process.Start(start) ?? throw new InvalidOperationException("isac did not start."));
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<IsacResult> RunAsync(params string[] arguments)
    {
        await using IsacProcess process = Start(arguments);
        return await process.EndAsync();
    }

    /// <summary>Waits for a line of standard output.</summary>
    public async Task<string> WaitForAsync(Func<string, bool> wanted)
    {
        using var watchdog = new CancellationTokenSource(Watchdog);
        await foreach (string line in _lines.Reader.ReadAllAsync(watchdog.Token))
        {
            if (wanted(line))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"isac ended before the line came: {await _error}");
    }

    /// <summary>Waits for the end.</summary>
    public async Task<IsacResult> EndAsync()
    {
        using var watchdog = new CancellationTokenSource(Watchdog);
        await _process.WaitForExitAsync(watchdog.Token);
        await _reading;
        return new IsacResult(_process.ExitCode, string.Join('\n', _output), await _error);
    }

    /// <summary>Ends the process, and only it, without a warning (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary>Sends a signal by its name, as in INT, to this process and, at once, to others.</summary>
    public async Task SignalAsync(string name, params int[] others)
    {
        string[] ids = [.. others.Prepend(Id).Select(id => id.ToString(CultureInfo.InvariantCulture))];
        using Process kill = Process.Start("kill", [$"-{name}", .. ids]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Ids of its living child processes.</summary>
    public IReadOnlyList<int> Children()
    {
        var children = new List<int>();
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) && ParentOf(id) == Id)
            {
                children.Add(id);
            }
        }

        return children;
    }

    /// <summary>Waits until processes are gone; a zombie counts as gone.</summary>
    public static async Task WaitUntilGoneAsync(IEnumerable<int> ids)
    {
        using var watchdog = new CancellationTokenSource(Watchdog);
        foreach (int id in ids)
        {
            while (ParentOf(id) is not null)
            {
                await Task.Delay(20, watchdog.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await EndAsync();
        _process.Dispose();
    }

    // The fields behind the name in parentheses: state, parent. Null when the process is gone or only waits to be collected.
    private static int? ParentOf(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Add(line);
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
    }
}
