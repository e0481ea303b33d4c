using System.CommandLine;
using System.Net;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Cli.Composition;

/// <summary>Everything that <c>isac sidecar</c> was asked for, read and checked.</summary>
/// <param name="Backend">What to open.</param>
/// <param name="EndPoint">Where to listen.</param>
/// <param name="Security">TLS and token; null on a loopback address without.</param>
/// <param name="TransmitLogFile">Where to record transmissions; null for nowhere.</param>
/// <param name="MaximumLease">The longest lease.</param>
/// <param name="Collector">Where metrics and traces go; null for nowhere.</param>
/// <param name="UntilInputCloses">Whether to stop when standard input closes.</param>
internal sealed record SidecarSetup(
    BackendRequest Backend,
    IPEndPoint EndPoint,
    SidecarSecurity? Security,
    string? TransmitLogFile,
    TimeSpan MaximumLease,
    Uri? Collector,
    bool UntilInputCloses)
{
    /// <summary>What the transmitters may do.</summary>
    public TransmitLimits Limits => Backend.Profile?.TransmitLimits ?? TransmitLimits.None;
}

/// <summary>The options of <c>isac sidecar</c>.</summary>
internal static class SidecarSetupOptions
{
    private const double DefaultLeaseSeconds = 60;

    private static readonly Option<string> Backend = new("--backend")
    {
        Description = $"Kind of radios: {string.Join(", ", RadioBackends.Names)}.",
        DefaultValueFactory = _ => RadioBackends.Emulated,
    };

    private static readonly Option<string?> ScenarioFile = new("--scenario") { Description = "Scenario whose air is emulated." };
    private static readonly Option<string?> Profile = new("--profile")
    {
        Description = "Profile of the radio, with its transmit limits, as in firmware-config/radios. Real radios need one.",
    };

    private static readonly Option<string[]> Radios = new("--radio")
    {
        Description = "A radio to open, as NAME=KEY=VALUE,...: its name in the scenario, and device arguments over the profile's. May stand several times.",
    };

    private static readonly Option<string> Listen = new("--listen")
    {
        Description = "Address and port; port 0 takes a free one. Any address but loopback needs TLS and a token.",
        DefaultValueFactory = _ => "127.0.0.1:50051",
    };

    private static readonly Option<string?> Certificate = new("--certificate") { Description = "PEM certificate to serve TLS." };
    private static readonly Option<string?> Key = new("--key")
    {
        Description = "PEM private key of the certificate; nobody else may read it.",
    };

    private static readonly Option<string?> TokenFile = new("--token-file")
    {
        Description = "File with the token that every call must show; nobody else may read it.",
    };

    private static readonly Option<string?> ClientAuthority = new("--client-ca")
    {
        Description = "PEM certificate of the authority of which each client must show a certificate.",
    };

    private static readonly Option<string?> TransmitLog = new("--transmit-log")
    {
        Description = "File to which every transmission is appended, one JSON object a line.",
    };

    private static readonly Option<double> MaximumLease = new("--max-lease")
    {
        Description = "Longest time in seconds until the radios of a controller that is gone are muted and free.",
        DefaultValueFactory = _ => DefaultLeaseSeconds,
    };

    private static readonly Option<string?> Collector = new("--otlp")
    {
        Description = "Address of a collector for metrics and traces, as in http://127.0.0.1:4318. Default: none are sent.",
    };

    private static readonly Option<bool> AllowRemoteCollector = new("--otlp-allow-remote")
    {
        Description = "Let the collector be another machine.",
    };

    private static readonly Option<bool> Paced = new("--paced")
    {
        Description = "Run the emulated clock in real time instead of as fast as it can.",
    };

    private static readonly Option<bool> UntilInputCloses = new("--until-input-closes")
    {
        Description = "Stop when standard input closes: for a parent process.",
    };

    /// <summary>Adds the options to the command.</summary>
    public static void AddTo(Command command)
    {
        Backend.AcceptOnlyFromAmong([.. RadioBackends.Names]);
        Option[] all =
        [
            Backend, ScenarioFile, Profile, Radios, Listen, Certificate, Key, TokenFile, ClientAuthority, TransmitLog, MaximumLease, Collector,
            AllowRemoteCollector, Paced, UntilInputCloses,
        ];
        foreach (Option option in all)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            // Validators run before defaults are filled in; a backend that does not exist is complained about elsewhere.
            string? given = result.TextOf(Backend);
            string backend = given ?? RadioBackends.Emulated;
            Option<string?> needed = backend == RadioBackends.Emulated ? ScenarioFile : Profile;
            if (!RadioBackends.Names.Contains(backend) || (given is null && result.GetResult(Backend) is not null))
            {
                return;
            }

            if (result.GetResult(needed) is null)
            {
                result.AddError($"Option '{needed.Name}' is required with --backend {backend}.");
            }

            if (backend != RadioBackends.Emulated && (result.GetResult(ScenarioFile) is not null || result.GetResult(Paced) is not null))
            {
                result.AddError($"Options '{ScenarioFile.Name}' and '{Paced.Name}' are for --backend {RadioBackends.Emulated} only.");
            }

            if (given == RadioBackends.Emulated && result.GetResult(Radios) is not null)
            {
                result.AddError($"Option '{Radios.Name}' is for drivers; emulated radios are the scenario's.");
            }
        });
    }

    /// <summary>Reads and checks them.</summary>
    /// <exception cref="ConfigurationException">Names what is missing or wrong.</exception>
    public static SidecarSetup Read(ParseResult options)
    {
        RadioProfile? profile = options.GetValue(Profile) is { } file ? RadioProfileReader.Read(DocumentFile.Read(file)) : null;
        double lease = options.GetValue(MaximumLease);
        if (!(lease is > 0 and <= 86400))
        {
            throw new ConfigurationException(MaximumLease.Name, string.Empty, FormattableString.Invariant($"found {lease}; it must be above 0 and at most 86400 s"));
        }

        IPEndPoint endPoint = SidecarAddress.ParseListen(options.GetRequiredValue(Listen));
        return new SidecarSetup(
            new BackendRequest(
                options.GetRequiredValue(Backend),
                profile,
                options.GetValue(ScenarioFile),
                [.. (options.GetValue(Radios) ?? []).Select(text => RadioSelection.Parse(Radios.Name, text))],
                options.GetValue(Paced)),
            endPoint,
            ReadSecurity(options, endPoint),
            options.GetValue(TransmitLog),
            TimeSpan.FromSeconds(lease),
            TelemetryExport.ReadAddress(options.GetValue(Collector), options.GetValue(AllowRemoteCollector)),
            options.GetValue(UntilInputCloses));
    }

    private static SidecarSecurity? ReadSecurity(ParseResult options, IPEndPoint endPoint)
    {
        string? certificate = options.GetValue(Certificate), key = options.GetValue(Key);
        string? token = options.GetValue(TokenFile), authority = options.GetValue(ClientAuthority);
        if ((certificate ?? key ?? token ?? authority) is null && IPAddress.IsLoopback(endPoint.Address))
        {
            return null;
        }

        if (certificate is null || key is null || token is null)
        {
            string why = IPAddress.IsLoopback(endPoint.Address) ? "TLS needs all three" : "is not a loopback address, so that other machines may reach it";
            throw new ConfigurationException(
                Listen.Name,
                string.Empty,
                $"{endPoint} {why}: give --certificate, --key and --token-file; make them with: umask 077; openssl rand -hex 32 > token; "
                + "openssl req -x509 -newkey rsa:3072 -nodes -days 365 -subj /CN=HOST -addext subjectAltName=DNS:HOST -keyout key.pem -out cert.pem");
        }

        return new SidecarSecurity(
            SecretFiles.ReadCertificate(Certificate.Name, certificate, Key.Name, key),
            SecretFiles.ReadToken(TokenFile.Name, token),
            authority is null ? null : SecretFiles.ReadAuthorities(ClientAuthority.Name, authority));
    }
}
