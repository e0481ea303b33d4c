namespace IsacTestbed.SoapyRemote.Tests;

/// <summary>What a native chain needs beside the server.</summary>
public enum NativePeer
{
    /// <summary>The tools of SoapySDR with its remote module.</summary>
    Tools,

    /// <summary>SoapySDR and numpy in Python.</summary>
    Python,

    /// <summary>GNU Radio with gr-soapy.</summary>
    GnuRadio,

    /// <summary>UHD with its SoapySDR module.</summary>
    Uhd,
}

/// <summary>A test over Debian's native libraries in a network namespace of its own; skipped with the reason where it cannot run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> MissingTools = new(() => NativeChain.UnshareOption is null
        ? "A network namespace cannot be made here (unshare -n, ip link set lo up)."
        : Directory.Exists("/usr/lib/x86_64-linux-gnu/SoapySDR/modules0.8") && File.Exists("/usr/lib/x86_64-linux-gnu/SoapySDR/modules0.8/libremoteSupport.so")
            && File.Exists("/usr/bin/SoapySDRUtil") ? null : "SoapySDR's remote module is missing (Debian: soapysdr-tools, soapysdr-module-remote).");

    private static readonly Lazy<string?> MissingPython = new(() => Import("import SoapySDR, numpy", "python3-soapysdr, python3-numpy"));

    private static readonly Lazy<string?> MissingGnuRadio = new(() => Import("from gnuradio import gr, blocks, soapy", "gnuradio"));

    /// <summary>A test that needs a peer.</summary>
    /// <param name="peer">The peer.</param>
    public NativeFactAttribute(NativePeer peer) => Skip = MissingTools.Value ?? peer switch
    {
        NativePeer.Python => MissingPython.Value,
        NativePeer.GnuRadio => MissingPython.Value ?? MissingGnuRadio.Value,
        NativePeer.Uhd => File.Exists("/usr/bin/uhd_usrp_probe") && Directory.Exists("/usr/lib/x86_64-linux-gnu/uhd/modules")
            ? null
            : "UHD's SoapySDR module is missing (Debian: uhd-host, uhd-soapysdr).",
        _ => null,
    };

    private static string? Import(string statement, string packages) =>
        NativeChain.Exits(NativeChain.Python, ["-c", statement]) ? null : $"{NativeChain.Python} cannot \"{statement}\" (Debian: {packages}).";
}
