using System.Diagnostics;

namespace IsacTestbed.Rpc.Tests;

/// <summary>A Python script of the tests as a child process that ends with the test.</summary>
internal sealed class PythonProcess : IAsyncDisposable
{
    public const string Interpreter = "/usr/bin/python3";

    private readonly Process _process;
    private readonly Task<string> _errors;

    private PythonProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static PythonProcess Start(string script, params string[] arguments)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "python", script);
        return new PythonProcess(Process.Start(new ProcessStartInfo(Interpreter, ["-B", path, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            Environment = { ["PYTHONIOENCODING"] = "utf-8" },
        })!);
    }

    /// <summary>Runs a client check against a port and returns its one line of output.</summary>
    public static async Task<string> CheckAsync(int port, string check)
    {
        await using PythonProcess client = Start("probe_client.py", port.ToString(System.Globalization.CultureInfo.InvariantCulture), check);
        string output = await client._process.StandardOutput.ReadToEndAsync();
        await client._process.WaitForExitAsync();
        Assert.True(client._process.ExitCode == 0, $"The Python client failed: {output}{await client._errors}");
        return output.TrimEnd('\n');
    }

    /// <summary>The next line that the script prints.</summary>
    public async Task<string> ReadLineAsync()
    {
        string? line = await _process.StandardOutput.ReadLineAsync();
        Assert.True(line is not null, "The Python script ended: " + (line is null ? await _errors : ""));
        return line!;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
