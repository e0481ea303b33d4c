using System.Diagnostics;
using System.Globalization;
using System.Net;
using IsacTestbed.Ether;
using IsacTestbed.Ether.SoapyRemote;

namespace IsacTestbed.SoapyRemote.Tests;

/// <summary>
/// Serves the test scene on a free port and runs a client program against it: <c>lockstep|paced SECONDS PROGRAM ARGUMENT...</c>. In an argument
/// {a} and {b} stand for the SoapySDR arguments of the radios. Ends with the program, with its exit code.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        AirClockMode mode = arguments[0] == "lockstep" ? AirClockMode.Virtual : AirClockMode.Paced;
        await using var air = new EmulatedAir(Scenes.Link, mode);
        var options = new SoapyRemoteOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), Log = Console.Error.WriteLine };
        await using SoapyRemoteServer server = SoapyRemoteServer.Start(air, options);
        var start = new ProcessStartInfo(arguments[2], arguments[3..].Select(Fill));
        using Process client = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(double.Parse(arguments[1], CultureInfo.InvariantCulture)));
        try
        {
            await client.WaitForExitAsync(limit.Token);
            return client.ExitCode;
        }
        catch (OperationCanceledException)
        {
            client.Kill();
            await Console.Error.WriteLineAsync("the client was stopped at its time limit");
            return 124;
        }

        string Fill(string argument) => argument
            .Replace("{a}", server.DeviceArguments[0], StringComparison.Ordinal)
            .Replace("{b}", server.DeviceArguments[1], StringComparison.Ordinal);
    }
}
