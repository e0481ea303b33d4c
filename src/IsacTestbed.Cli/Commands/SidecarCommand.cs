using System.CommandLine;
using IsacTestbed.Cli.Composition;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Sidecar;

namespace IsacTestbed.Cli.Commands;

/// <summary><c>isac sidecar</c>: serves radios over gRPC.</summary>
internal static class SidecarCommand
{
    private static readonly Option<string> Backend = new("--backend") { Description = "Kind of radios: emulated.", DefaultValueFactory = _ => "emulated" };
    private static readonly Option<string> ScenarioFile = new("--scenario") { Description = "Scenario whose air is emulated.", Required = true };
    private static readonly Option<string> Listen = new("--listen") { Description = "Address and port; port 0 takes a free one.", DefaultValueFactory = _ => "127.0.0.1:50051" };
    private static readonly Option<bool> Paced = new("--paced") { Description = "Run the emulated clock in real time instead of as fast as it can." };
    private static readonly Option<bool> UntilInputCloses = new("--until-input-closes") { Description = "Stop when standard input closes: for a parent process." };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Backend.AcceptOnlyFromAmong("emulated");
        var command = new Command(
            "sidecar",
            """
            Serve radios over gRPC until stopped.

            Example:
              isac sidecar --backend emulated --scenario scenarios/closed-loop.yaml --listen 127.0.0.1:50051
              isac run --sidecar 127.0.0.1:50051      (in another terminal)
            """)
        {
            Backend, ScenarioFile, Listen, Paced, UntilInputCloses,
        };
        command.SetAction(ServeAsync);
        return command;
    }

    private static async Task<int> ServeAsync(ParseResult options, CancellationToken cancellationToken)
    {
        string file = options.GetRequiredValue(ScenarioFile);
        ConfigurationObject document = DocumentFile.Read(file);
        Scenario scenario = Scenario.Read(document);
        AirClockMode clock = options.GetValue(Paced) ? AirClockMode.Paced : AirClockMode.Virtual;
        await using var air = new EmulatedAir(EmulatedBench.Scene(scenario), clock);
        var serving = new RadioSidecarOptions
        {
            EndPoint = SidecarAddress.ParseListen(options.GetRequiredValue(Listen)),
            ScenarioHash = document.Fingerprint(),
        };
        await using RadioSidecar sidecar = await StartAsync(air, serving, cancellationToken);
        Console.Out.WriteLine($"{air.Radios.Count} emulated radios at {sidecar.Address}");

        await StopSignal.WaitAsync(options.GetValue(UntilInputCloses), cancellationToken);
        return ExitCodes.Success;
    }

    private static async Task<RadioSidecar> StartAsync(EmulatedAir air, RadioSidecarOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await RadioSidecar.StartAsync([.. air.Radios], options, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            throw new ConfigurationException("--listen", string.Empty, $"{options.EndPoint}: {exception.Message}", exception);
        }
    }
}
