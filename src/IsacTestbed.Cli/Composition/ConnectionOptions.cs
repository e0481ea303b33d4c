using System.CommandLine;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Rpc;

namespace IsacTestbed.Cli.Composition;

/// <summary>How to reach a sidecar: the options that every command shares that calls one.</summary>
internal static class ConnectionOptions
{
    private static readonly Option<string?> Authority = new("--ca")
    {
        Description = "PEM certificate of the authority that signed the sidecar's, or the sidecar's own.",
    };

    private static readonly Option<string?> TokenFile = new("--token-file")
    {
        Description = "File with the sidecar's token; nobody else may read it.",
    };

    private static readonly Option<string?> Certificate = new("--client-certificate")
    {
        Description = "PEM certificate of this client, for a sidecar that asks for one.",
    };

    private static readonly Option<string?> Key = new("--client-key") { Description = "PEM private key of this client's certificate." };

    /// <summary>Adds the options to a command.</summary>
    public static void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Authority, TokenFile, Certificate, Key])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads them.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="text">host:port of the sidecar.</param>
    /// <returns>Where and how to connect: over TLS as soon as any of the options is given.</returns>
    /// <exception cref="ConfigurationException">Something is missing or wrong.</exception>
    public static (Uri Address, SidecarClientOptions Options) Read(ParseResult options, string text)
    {
        string? authority = options.GetValue(Authority), tokenFile = options.GetValue(TokenFile);
        string? certificate = options.GetValue(Certificate), key = options.GetValue(Key);
        bool secure = (authority ?? tokenFile ?? certificate ?? key) is not null;
        Uri address = SidecarAddress.Parse(text, secure);
        if (!SidecarAddress.IsLoopback(address) && tokenFile is null)
        {
            throw new ConfigurationException(
                "--sidecar",
                string.Empty,
                $"{text} is another machine, which asks for TLS and a token; add --token-file FILE, and --ca FILE with the certificate it serves");
        }

        if ((certificate is null) != (key is null))
        {
            throw new ConfigurationException("--client-certificate", string.Empty, "a certificate and its key belong together; give --client-certificate and --client-key");
        }

        return (address, new SidecarClientOptions
        {
            AccessToken = tokenFile is null ? null : SecretFiles.ReadToken(TokenFile.Name, tokenFile),
            Tls = !secure ? null : TlsTrust.Only(
                authority is null ? null : SecretFiles.ReadAuthorities(Authority.Name, authority),
                certificate is null ? null : SecretFiles.ReadCertificate(Certificate.Name, certificate, Key.Name, key!)),
        });
    }
}
