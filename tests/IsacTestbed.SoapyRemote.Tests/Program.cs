using System.Diagnostics;
using System.Globalization;
using System.Net;
using IsacTestbed.Ether;
using IsacTestbed.Ether.SoapyRemote;

namespace IsacTestbed.SoapyRemote.Tests;

/// <summary>
/// Serves the test scene on a free port and runs a client program against it: <c>lockstep|paced SECONDS PROGRAM ARGUMENT...</c>. In an argument
/// {a} and {b} stand for the SoapySDR arguments of the radios. With <c>lockstep:RATE</c> or <c>paced:RATE</c> it serves the one radio of the loop
/// scene at that rate instead, and says at the end what it took. Ends with the program, with its exit code.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        string[] kind = arguments[0].Split(':');
        AirClockMode mode = kind[0] == "lockstep" ? AirClockMode.Virtual : AirClockMode.Paced;
        AirScene scene = kind.Length == 1 ? Scenes.Link : Scenes.Loop(double.Parse(kind[1], CultureInfo.InvariantCulture));
        await using var air = new EmulatedAir(scene, mode);
        var options = new SoapyRemoteOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), Log = Console.Error.WriteLine };
        await using SoapyRemoteServer server = SoapyRemoteServer.Start(air, options);
        var start = new ProcessStartInfo(arguments[2], arguments[3..].Select(Fill));
        using Process client = Process.Start(start)!;
        long before = GC.GetTotalAllocatedBytes();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(double.Parse(arguments[1], CultureInfo.InvariantCulture)));
        try
        {
            await client.WaitForExitAsync(limit.Token);
            if (kind.Length > 1)
            {
                double seconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
                double megabytes = (GC.GetTotalAllocatedBytes() - before) / 1e6;
                await Console.Error.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture, $"server: {seconds:F2} s of processor, {megabytes:F1} MB allocated, {Environment.WorkingSet / 1e6:F0} MB resident"));
            }

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
            .Replace("{b}", server.DeviceArguments[^1], StringComparison.Ordinal);
    }
}
