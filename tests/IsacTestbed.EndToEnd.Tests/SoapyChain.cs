namespace IsacTestbed.EndToEnd.Tests;

/// <summary>
/// Emulated radios served to SoapySDR by one process, and a sidecar in another that drives them through libSoapySDR and Debian's remote module: the native
/// path of real radios, without radios.
/// </summary>
internal sealed class SoapyChain : IAsyncDisposable
{
    private const string Module = "libremoteSupport.so";

    private static readonly string[] Libraries = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/local/lib"];

    private readonly ScratchFolder _isolation;
    private readonly string _server;
    private readonly string[] _radioIds;

    private SoapyChain(ScratchFolder isolation, IsacProcess emulation, string server, string[] radioIds)
    {
        (_isolation, Emulation, _server, _radioIds) = (isolation, emulation, server, radioIds);
    }

    /// <summary>Debian's remote module; null where it is not installed.</summary>
    public static string? ModuleFile { get; } =
        Libraries.Select(l => Path.Combine(l, "SoapySDR", "modules0.8", Module)).FirstOrDefault(File.Exists);

    /// <summary>The process that emulates the radios.</summary>
    public IsacProcess Emulation { get; }

    /// <summary>The process that drives them.</summary>
    public IsacProcess Sidecar { get; private set; } = null!;

    /// <summary>host:port of the sidecar.</summary>
    public string Address { get; private set; } = string.Empty;

    /// <summary>Starts both, in lock-step.</summary>
    /// <param name="scenario">Scenario whose air is emulated.</param>
    /// <param name="radioIds">The radios to open.</param>
    /// <param name="faults">Faults to script, as <c>isac emulate --fault</c> takes them.</param>
    public static async Task<SoapyChain> StartAsync(string scenario, string[] radioIds, params string[] faults)
    {
        IsacProcess emulation = IsacProcess.Start(
            ["emulate", "--scenario", scenario, "--listen", "127.0.0.1:0", "--lockstep", .. faults.SelectMany(f => (string[])["--fault", f])]);
        string first = await emulation.WaitForAsync(l => l.Contains("remote=tcp://", StringComparison.Ordinal));
        string server = first.Split(',').Single(a => a.StartsWith("remote=", StringComparison.Ordinal));

        // Of all installed modules the library sees only the one that opens the address it is given: nothing searches the network.
        var isolation = new ScratchFolder();
        string modules = isolation["modules"];
        Directory.CreateDirectory(modules);
        File.CreateSymbolicLink(Path.Combine(modules, Module), ModuleFile!);
        var chain = new SoapyChain(isolation, emulation, server, radioIds);
        await chain.StartSidecarAsync();
        return chain;
    }

    /// <summary>Starts a sidecar in the place of one that has ended; it listens elsewhere.</summary>
    public async Task StartSidecarAsync()
    {
        var environment = new Dictionary<string, string> { ["SOAPY_SDR_ROOT"] = _isolation["none"], ["SOAPY_SDR_PLUGIN_PATH"] = _isolation["modules"] };
        Sidecar = IsacProcess.Start(
            environment,
            [
                "sidecar", "--backend", "soapy", "--profile", ProfileFile(), "--listen", "127.0.0.1:0",
                .. _radioIds.SelectMany(id => (string[])["--radio", $"{id}={_server},remote:label={id},remote:timeout=2000000"]),
            ]);
        string line = await Sidecar.WaitForAsync(l => l.Contains("http://", StringComparison.Ordinal));
        Address = new Uri(line.Split(' ')[^1]).Authority;
    }

    public async ValueTask DisposeAsync()
    {
        await Sidecar.DisposeAsync();
        await Emulation.DisposeAsync();
        _isolation.Dispose();
    }

    private static string ProfileFile()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "IsacTestbed.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The solution is not above the test's folder.");
        }

        return Path.Combine(folder, "firmware-config", "radios", "emulated.yaml");
    }
}

/// <summary>A test on the chain; skipped with the reason where SoapySDR is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SoapyChainFactAttribute : FactAttribute
{
    public SoapyChainFactAttribute() =>
        Skip = SoapyChain.ModuleFile is null ? "SoapySDR's remote module is missing (Debian: libsoapysdr0.8, soapysdr-module-remote)." : null;
}
