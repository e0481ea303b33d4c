using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>
/// Two hosts and a cable: two network namespaces joined by a pair of virtual interfaces. No packet can leave them. The radios' host serves over TLS with a token, as
/// any address but loopback must.
/// </summary>
internal sealed class TwoHosts : IAsyncDisposable
{
    private const string RadioAddress = "10.77.0.2";

    private readonly ScratchFolder _secrets = new();
    private readonly Process _controller;
    private readonly Process _radios;

    private TwoHosts(Process controller, Process radios) => (_controller, _radios) = (controller, radios);

    /// <summary>Why two hosts cannot be made here; null when they can.</summary>
    public static string? Hindrance { get; } = Probe();

    /// <summary>Options with which a controller trusts the radios' host.</summary>
    public string[] Trust => ["--ca", _secrets["cert.pem"], "--token-file", _secrets["token"]];

    /// <summary>Makes the hosts, the cable, a certificate and a token.</summary>
    public static TwoHosts Start()
    {
        var hosts = new TwoHosts(Host(), Host());
        Run("ip", "link", "add", "cable", "netns", Id(hosts._controller), "type", "veth", "peer", "name", "cable", "netns", Id(hosts._radios));
        Within(hosts._controller, "ip", "addr", "add", "10.77.0.1/30", "dev", "cable");
        Within(hosts._radios, "ip", "addr", "add", RadioAddress + "/30", "dev", "cable");
        Within(hosts._controller, "ip", "link", "set", "cable", "up");
        Within(hosts._radios, "ip", "link", "set", "cable", "up");
        hosts.MakeSecrets();
        return hosts;
    }

    /// <summary>Starts a sidecar on the radios' host.</summary>
    public async Task<(IsacProcess Sidecar, string Address)> StartSidecarAsync(params string[] arguments)
    {
        IsacProcess sidecar = IsacProcess.StartWithin(
            _radios.Id,
            [
                "sidecar", "--listen", RadioAddress + ":0", "--certificate", _secrets["cert.pem"], "--key", _secrets["key.pem"],
                "--token-file", _secrets["token"], .. arguments,
            ]);
        string line = await sidecar.WaitForAsync(l => l.Contains("https://", StringComparison.Ordinal));
        return (sidecar, new Uri(line.Split(' ')[^1]).Authority);
    }

    /// <summary>Starts isac on the controller's host.</summary>
    public IsacProcess Start(params string[] arguments) => IsacProcess.StartWithin(_controller.Id, arguments);

    /// <summary>Pulls the cable out.</summary>
    public void Cut() => Within(_controller, "ip", "link", "set", "cable", "down");

    /// <summary>Puts it back.</summary>
    public void Mend() => Within(_controller, "ip", "link", "set", "cable", "up");

    public async ValueTask DisposeAsync()
    {
        foreach (Process host in (Process[])[_controller, _radios])
        {
            host.Kill();
            await host.WaitForExitAsync();
            host.Dispose();
        }

        _secrets.Dispose();
    }

    private void MakeSecrets()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=radio-host", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(RadioAddress));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        Write("cert.pem", certificate.ExportCertificatePem());
        Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        Write("token", "0123456789abcdef0123456789abcdef");
    }

    private void Write(string name, string text)
    {
        File.WriteAllText(_secrets[name], text);
        Run("chmod", "600", _secrets[name]);
    }

    private static string? Probe()
    {
        try
        {
            using Process host = Host();
            try
            {
                Within(host, "ip", "link", "add", "cable", "type", "veth");
                return null;
            }
            finally
            {
                host.Kill();
                host.WaitForExit();
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"Network namespaces with a cable between them cannot be made here: {exception.Message.ReplaceLineEndings(" ")}";
        }
    }

    /// <summary>A process that does nothing in a network namespace of its own.</summary>
    private static Process Host()
    {
        Process host = Process.Start(new ProcessStartInfo("unshare", ["-n", "sh", "-c", "ip link set lo up && echo ready && exec sleep 600"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        return host.StandardOutput.ReadLine() == "ready" ? host : throw new InvalidOperationException(host.StandardError.ReadToEnd().Trim());
    }

    private static void Within(Process host, params string[] command) => Run("nsenter", ["-t", Id(host), "-n", .. command]);

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error}");
        }
    }

    private static string Id(Process process) => process.Id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A test on two hosts; skipped with the reason where they cannot be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TwoHostsFactAttribute : FactAttribute
{
    public TwoHostsFactAttribute() => Skip = TwoHosts.Hindrance;
}
