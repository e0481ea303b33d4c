using System.Diagnostics;
using IsacTestbed.Radio;

namespace IsacTestbed.Cli.Composition;

/// <summary>A sidecar with emulated radios in a process of its own, for a run that was given none.</summary>
/// <remarks>The child ends when its standard input closes, hence also when this process is killed: no transmitter outlives its controller.</remarks>
internal sealed class SidecarProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    private SidecarProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts the child and waits until it listens.</summary>
    /// <param name="scenarioFile">Scenario whose emulated air it serves.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="RadioException">The child did not come up.</exception>
    public static async Task<SidecarProcess> StartAsync(string scenarioFile, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(SidecarProcess).Assembly.Location);
        }

        foreach (string argument in (string[])["sidecar", "--backend", "emulated", "--scenario", scenarioFile, "--listen", "127.0.0.1:0", "--until-input-closes"])
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start) ?? throw new RadioException(RadioFaultCode.Unreachable, string.Empty, $"{start.FileName} could not be started");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            string? line = await process.StandardOutput.ReadLineAsync(limit.Token);
            if (line is not null && Uri.TryCreate(line.Split(' ')[^1], UriKind.Absolute, out Uri? address))
            {
                // Whatever else it prints must be read, or it would block on a full pipe.
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
                return new SidecarProcess(process, address);
            }

            string problem = await process.StandardError.ReadToEndAsync(limit.Token);
            throw new RadioException(RadioFaultCode.Unreachable, string.Empty, $"the emulated sidecar did not start: {problem.Trim()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill();
            throw new RadioException(RadioFaultCode.Unreachable, string.Empty, $"the emulated sidecar did not answer within {StartLimit.TotalSeconds} s");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Ends the child: asks it by closing its input, and kills it if it does not go.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
