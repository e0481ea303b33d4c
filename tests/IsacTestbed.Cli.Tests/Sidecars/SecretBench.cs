using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using IsacTestbed.EndToEnd.Tests;
using IsacTestbed.Sidecar.Tests.Security;

namespace IsacTestbed.Cli.Tests.Sidecars;

/// <summary>Certificates, keys and tokens in files, as a laboratory has them.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SecretBench : IDisposable
{
    public const string Token = "0123456789abcdef0123456789abcdef";

    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TestAuthority _authority = new();

    public SecretBench()
    {
        File.WriteAllText(Authority, _authority.Roots[0].ExportCertificatePem());
        using X509Certificate2 server = _authority.Server();
        (Certificate, Key) = Write(server, "server");
        TokenFile = WriteSecret("token", Token + "\n");
    }

    public ScratchFolder Scratch { get; } = new();

    public string Authority => Scratch["ca.pem"];

    public string Certificate { get; }

    public string Key { get; }

    public string TokenFile { get; }

    /// <summary>Options of a sidecar that serves TLS and asks for the token.</summary>
    public string[] Serving => ["--certificate", Certificate, "--key", Key, "--token-file", TokenFile];

    /// <summary>Options of whoever calls it.</summary>
    public string[] Calling => ["--ca", Authority, "--token-file", TokenFile];

    public (string Certificate, string Key) WriteServer(string name, int validDays = 30)
    {
        using X509Certificate2 server = _authority.Server(name, validDays);
        return Write(server, $"{name}-{validDays}");
    }

    public (string Certificate, string Key) WriteClient()
    {
        using X509Certificate2 client = _authority.Client();
        return Write(client, "client");
    }

    public string WriteSecret(string name, string text)
    {
        File.WriteAllText(Scratch[name], text);
        File.SetUnixFileMode(Scratch[name], OwnersOnly);
        return Scratch[name];
    }

    public void Dispose()
    {
        _authority.Dispose();
        Scratch.Dispose();
    }

    private (string Certificate, string Key) Write(X509Certificate2 certificate, string name)
    {
        File.WriteAllText(Scratch[$"{name}.pem"], certificate.ExportCertificatePem());
        return (Scratch[$"{name}.pem"], WriteSecret($"{name}.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));
    }
}
