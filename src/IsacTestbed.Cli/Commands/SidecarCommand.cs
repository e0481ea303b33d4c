using System.CommandLine;
using IsacTestbed.Cli.Composition;
using IsacTestbed.Core;
using IsacTestbed.Sidecar;
using IsacTestbed.Sidecar.Records;

namespace IsacTestbed.Cli.Commands;

/// <summary><c>isac sidecar</c>: serves radios over gRPC.</summary>
internal static class SidecarCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "sidecar",
            """
            Serve radios over gRPC until stopped.

            Examples:
              isac sidecar --backend emulated --scenario scenarios/closed-loop.yaml --listen 127.0.0.1:50051
              isac run --sidecar 127.0.0.1:50051      (in another terminal)
              isac sidecar --backend soapy --profile firmware-config/radios/emulated.yaml --radio server=remote:label=server
              isac sidecar --backend soapy --profile firmware-config/radios/b210.yaml --listen 0.0.0.0:50051 \
                --certificate cert.pem --key key.pem --token-file token --transmit-log transmissions.jsonl

            Ctrl-C or a termination signal ends all sessions, mutes all radios and stops.
            """);
        SidecarSetupOptions.AddTo(command);
        command.SetAction(ServeAsync);
        return command;
    }

    private static async Task<int> ServeAsync(ParseResult options, CancellationToken cancellationToken)
    {
        SidecarSetup setup = SidecarSetupOptions.Read(options);
        using TransmitLog? log = OpenLog(setup.TransmitLogFile);
        using TelemetryExport? export = setup.Collector is null ? null : new TelemetryExport(setup.Collector);
        await using OpenedRadios opened = await RadioBackends.OpenAsync(setup.Backend, cancellationToken);
        await using RadioSidecar sidecar = await StartAsync(setup, opened, log, cancellationToken);
        Console.Out.WriteLine($"{opened.Radios.Count} {setup.Backend.Backend} radios at {sidecar.Address}");

        await StopSignal.WaitAsync(setup.UntilInputCloses, cancellationToken);
        return ExitCodes.Success;
    }

    private static TransmitLog? OpenLog(string? file)
    {
        try
        {
            return file is null ? null : new TransmitLog(file);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            throw new ConfigurationException("--transmit-log", string.Empty, exception.Message, exception);
        }
    }

    private static async Task<RadioSidecar> StartAsync(SidecarSetup setup, OpenedRadios opened, TransmitLog? log, CancellationToken cancellationToken)
    {
        var serving = new RadioSidecarOptions
        {
            EndPoint = setup.EndPoint,
            Certificate = setup.Security?.Certificate,
            AccessToken = setup.Security?.Token,
            ClientAuthorities = setup.Security?.ClientAuthorities,
            Limits = setup.Limits,
            MaximumLease = setup.MaximumLease,
            TransmitLog = log,
            ScenarioHash = opened.ScenarioHash,
        };
        try
        {
            return await RadioSidecar.StartAsync(opened.Radios, serving, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            throw new ConfigurationException("--listen", string.Empty, $"{setup.EndPoint}: {exception.Message}", exception);
        }
    }
}
