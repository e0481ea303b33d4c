using System.CommandLine;
using IsacTestbed.Cli.Composition;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Cli.Families;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Ether.SoapyRemote;

namespace IsacTestbed.Cli.Commands;

/// <summary><c>isac emulate</c>: emulated radios that any program on SoapySDR can open.</summary>
internal static class EmulateCommand
{
    private static readonly Option<string> ScenarioFile = new("--scenario") { Description = "Scenario whose air is emulated.", Required = true };

    private static readonly Option<string> Listen = new("--listen")
    {
        Description = "Loopback address and port; port 0 takes a free one.",
        DefaultValueFactory = _ => "127.0.0.1:55132",
    };

    private static readonly Option<bool> LockStep = new("--lockstep")
    {
        Description = "Let time pass only as fast as the receive streams are read, instead of in real time: nothing is ever lost.",
    };

    private static readonly Option<double?> Rate = new("--rate") { Description = "Sample rate in hertz instead of the scenario's." };

    private static readonly Option<string[]> Faults = new("--fault")
    {
        Description = "A fault to script, RADIO=KIND@TICK or RADIO=KIND@TICK+TICKS; may stand several times. KIND is one of "
            + string.Join(", ", FaultSelection.Names) + ".",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> UntilInputCloses = new("--until-input-closes") { Description = "Stop when standard input closes: for a parent process." };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "emulate",
            """
            Serve the radios of an emulated air to any program that uses SoapySDR, by the protocol of its remote module, until stopped.
            Prints for each radio the arguments that open it. Sample rate and carrier are the scenario's for all radios.

            Examples:
              isac emulate --scenario scenarios/closed-loop.yaml --listen 127.0.0.1:55132
              SoapySDRUtil --probe="driver=remote,remote=tcp://127.0.0.1:55132,remote:prot=tcp,remote:label=server"      (in another terminal)
              isac emulate --scenario scenarios/closed-loop.yaml --lockstep --rate 25e6
              isac emulate --scenario scenarios/closed-loop.yaml --fault device-1=overflow@10000000+4000 --fault server=dead@90000000
            """)
        {
            ScenarioFile, Listen, LockStep, Rate, Faults, UntilInputCloses,
        };
        command.SetAction(ServeAsync);
        return command;
    }

    private static async Task<int> ServeAsync(ParseResult options, CancellationToken cancellationToken)
    {
        AirScene scene = ScenarioCatalog.Read(DocumentFile.Read(options.GetRequiredValue(ScenarioFile), cancellationToken)).Content.Scene();
        if (options.GetValue(Rate) is { } rate)
        {
            scene = scene with { SampleRateHz = rate };
        }

        string listen = options.GetRequiredValue(Listen);
        await using EmulatedAir air = CreateAir(scene, options.GetValue(LockStep));
        foreach (FaultSelection fault in options.GetRequiredValue(Faults).Select(text => FaultSelection.Parse(Faults.Name, text)))
        {
            EmulatedRadio radio = air.Radios.FirstOrDefault(r => r.Description.RadioId == fault.RadioId) ?? throw new ConfigurationException(
                Faults.Name, string.Empty, $"found \"{fault.RadioId}\"; the scenario's radios are {string.Join(", ", air.Radios.Select(r => r.Description.RadioId))}");
            await radio.InjectAsync(fault.Fault, cancellationToken);
        }

        await using SoapyRemoteServer server = Start(air, listen);
        foreach (string arguments in server.DeviceArguments)
        {
            Console.Out.WriteLine(arguments);
        }

        await StopSignal.WaitAsync(options.GetValue(UntilInputCloses), cancellationToken);
        return ExitCodes.Success;
    }

    private static EmulatedAir CreateAir(AirScene scene, bool lockStep)
    {
        try
        {
            return new EmulatedAir(scene, lockStep ? AirClockMode.Virtual : AirClockMode.Paced);
        }
        catch (ArgumentException exception)
        {
            throw new ConfigurationException("--rate", string.Empty, exception.Message, exception);
        }
    }

    private static SoapyRemoteServer Start(EmulatedAir air, string listen)
    {
        try
        {
            return SoapyRemoteServer.Start(air, new SoapyRemoteOptions { EndPoint = SidecarAddress.ParseListen(listen), Log = Console.Error.WriteLine });
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            throw new ConfigurationException("--listen", string.Empty, exception.Message, exception);
        }
    }
}
