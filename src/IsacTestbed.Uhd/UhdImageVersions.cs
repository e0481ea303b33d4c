using System.Diagnostics;
using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>Versions of what runs on a device, as the tool uhd_usrp_probe reports them; libuhd's C API does not tell them.</summary>
/// <param name="Boards">For each board its facts by the tool's own names, such as "FW Version", "FPGA Version" and "serial".</param>
public sealed record UhdImageVersions(IReadOnlyList<IReadOnlyDictionary<string, string>> Boards)
{
    private const string Tool = "uhd_usrp_probe";
    private const string BoardTitle = "Mboard: ";

    /// <summary>Runs the tool, which opens the device by itself: not while the device is open here.</summary>
    /// <param name="arguments">Device arguments, as for <see cref="UhdDeviceOptions"/>.</param>
    /// <param name="cancellationToken">Ends the tool.</param>
    /// <exception cref="StreamingDeviceException">The tool is not installed, or finds no device.</exception>
    public static async Task<UhdImageVersions> ReadAsync(string arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        string text = await output.ConfigureAwait(false);
        return process.ExitCode == 0
            ? Parse(text)
            : throw new StreamingDeviceException(
                RadioFaultCode.NotFound,
                $"{Tool} --args \"{arguments}\" ended with {process.ExitCode}: {UhdText.OneLine(await errors.ConfigureAwait(false))}");
    }

    /// <summary>Reads the tool's output: boxes of "key: value" lines, one box per board within that of the device.</summary>
    internal static UhdImageVersions Parse(string text)
    {
        var boards = new List<IReadOnlyDictionary<string, string>>();
        Dictionary<string, string>? board = null;
        foreach (string line in text.Split('\n'))
        {
            string content = line.Trim('|', '/', '_', ' ', '\r');
            if (content.StartsWith(BoardTitle, StringComparison.Ordinal))
            {
                board = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = content[BoardTitle.Length..] };
                boards.Add(board);
            }
            else if (content.Length == 0)
            {
                continue;
            }
            else if (content.Split(": ", 2) is [var key, var value] && board is not null)
            {
                board.TryAdd(key, value.Trim());
            }

            // The box of a channel's converter or front end begins: what follows is no longer of the board.
            if (content.StartsWith("RX ", StringComparison.Ordinal) || content.StartsWith("TX ", StringComparison.Ordinal))
            {
                board = null;
            }
        }

        return new UhdImageVersions(boards);
    }

    private static Process Start(string arguments)
    {
        try
        {
            var start = new ProcessStartInfo(Tool, ["--args", arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new StreamingDeviceException(RadioFaultCode.NotFound, $"{Tool} is not installed; install Debian's uhd-host.", exception);
        }
    }
}
