using System.Diagnostics;
using System.Globalization;
using System.Net;
using IsacTestbed.Ether;
using IsacTestbed.Ether.SoapyRemote;

namespace IsacTestbed.Benchmarks.Soapy;

/// <summary>
/// Rates through libSoapySDR and Debian's remote module to the emulated radio, on loopback between two processes: unpaced against SoapySDRUtil's own rate
/// test on the same server, and in real time both ways at once.
/// </summary>
internal static class SoapyBench
{
    /// <summary>The hidden verb of the server's process: rate in hertz, and whether time follows the reader.</summary>
    public const string ServeVerb = "soapy-serve";

    private const string Module = "libremoteSupport.so";
    private const double DuplexRateHz = 25e6;
    private const double CarrierHz = 3.5e9;

    private static readonly string[] Libraries = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/local/lib"];

    /// <summary>Ten seconds of each.</summary>
    public static void Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Compare(output);
        Duplex(output, TimeSpan.FromSeconds(10), null);
    }

    /// <summary>Both ways at once for ten minutes: losses, and the memory of this side every ten seconds.</summary>
    public static void Soak(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Duplex(output, TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10));
    }

    /// <summary>Serves one radio of one channel each way until the input ends; prints the arguments that open it.</summary>
    public static async Task ServeAsync(string rate, bool isLockStep, TextReader input, TextWriter output)
    {
        var scene = new AirScene
        {
            Seed = 1,
            SampleRateHz = double.Parse(rate, CultureInfo.InvariantCulture),
            CarrierFrequencyHz = CarrierHz,
            Nodes = [new AirNode { Id = "radio", Position = new Position(0, 0), NoisePowerWatts = 1e-9, Leakage = new SelfLeakage(1e-4, 7) }],
        };
        await using var air = new EmulatedAir(scene, isLockStep ? AirClockMode.Virtual : AirClockMode.Paced);
        await using SoapyRemoteServer server = SoapyRemoteServer.Start(air, new SoapyRemoteOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) });
        await output.WriteLineAsync(server.DeviceArguments[0]);
        await input.ReadToEndAsync();
    }

    private static void Compare(TextWriter output)
    {
        using var isolation = NativeSearchPath.Restrict(ModuleFile());
        using Process server = Serve(200e6, isLockStep: true, out string arguments);
        double ours = 0, theirs = 0;
        for (int trial = 0; trial < 3; trial++)
        {
            ours = Math.Max(ours, SoapyTraffic.Receive(arguments, TimeSpan.FromSeconds(4)));
            theirs = Math.Max(theirs, SoapyUtility.Receive(arguments, TimeSpan.FromSeconds(8)));
        }

        Stop(server);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"receive, CF32, time follows the reader: {ours / 1e6:0.0} MS/s; SoapySDRUtil on the same server: {theirs / 1e6:0.0} MS/s; ratio {ours / theirs:0.00} (target 0.5), best of 3 each"));
    }

    private static void Duplex(TextWriter output, TimeSpan duration, TimeSpan? memoryEvery)
    {
        using var isolation = NativeSearchPath.Restrict(ModuleFile());
        using Process server = Serve(DuplexRateHz, isLockStep: false, out string arguments);
        DuplexTraffic traffic = SoapyTraffic.Duplex(arguments, DuplexRateHz, duration, memoryEvery, output);
        Stop(server);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"both ways at once, CF32, {DuplexRateHz / 1e6:0} MS/s in real time for {duration.TotalSeconds:0} s: received {traffic.Received:N0} samples, {traffic.Overflows} overflows, {traffic.Lost:N0} lost; sent {traffic.Sent:N0}, {traffic.Underflows} underflows, {traffic.Late} late; {traffic.AllocatedBytes:N0} bytes allocated while it went (target: 25 MS/s, 60 s, no loss; no allocation per read)"));
    }

    private static string ModuleFile() =>
        Libraries.Select(l => Path.Combine(l, "SoapySDR", "modules0.8", Module)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("SoapySDR's remote module is missing (Debian: soapysdr-tools, soapysdr-module-remote).");

    private static Process Serve(double rateHz, bool isLockStep, out string arguments)
    {
        string program = Environment.ProcessPath!;
        string[] own = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(SoapyBench).Assembly.Location] : [];
        var start = new ProcessStartInfo(
            program, [.. own, ServeVerb, rateHz.ToString(CultureInfo.InvariantCulture), isLockStep ? "lockstep" : "paced"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process server = Process.Start(start)!;
        arguments = server.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server's process ended before it listened.");
        return server;
    }

    private static void Stop(Process server)
    {
        server.StandardInput.Close();
        server.WaitForExit();
    }
}
