using System.CommandLine;
using System.Text.Json;
using IsacTestbed.Cli.Composition;
using IsacTestbed.Cli.Doctor;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Radio;

namespace IsacTestbed.Cli.Commands;

/// <summary><c>isac doctor</c>: says whether a host is fit for radios, and what to do where it is not.</summary>
internal static class DoctorCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var profile = new Option<string?>("--profile") { Description = "Profile of the radio that is to run here, YAML or JSON." };
        var sidecar = new Option<string?>("--sidecar") { Description = "host:port of a sidecar whose radios are checked." };
        var instruments = new Option<string?>("--instruments") { Description = "List of the bench's instruments, YAML or JSON, as for isac run." };
        var output = new Option<string>("--output") { Description = "table, or json for programs.", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", "json");
        var command = new Command(
            "doctor",
            """
            Check this host: libraries, USB, network buffers, real-time priority, processors, disk, clock and time, rate without loss.

            Examples:
              isac doctor
              isac doctor --profile firmware-config/radios/b210.yaml --instruments bench.yaml
              isac doctor --sidecar 127.0.0.1:50051 --output json

            Nothing is transmitted, set, or looked for on a network. Exit code 0: nothing failed; 1: something did.
            """)
        {
            profile, sidecar, instruments, output,
        };
        ConnectionOptions.AddTo(command);
        command.SetAction((options, cancellation) => RunAsync(
            options.GetValue(profile),
            options.GetValue(sidecar) is { } text ? ConnectionOptions.Read(options, text) : null,
            options.GetValue(instruments),
            options.GetRequiredValue(output),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        string? profileFile,
        (Uri Address, SidecarClientOptions Options)? sidecar,
        string? instruments,
        string output,
        CancellationToken cancellationToken)
    {
        DoctorProfile? profile = profileFile is null ? null : DoctorProfile.Of(RadioProfileReader.Read(DocumentFile.Read(profileFile, cancellationToken)));
        var files = new HostFiles("/");
        IHostCheck[] checks =
        [
            new LibraryCheck([RadioLibrary.Soapy, RadioLibrary.Uhd], profile),
            new UsbCheck(files, profile),
            new NetworkCheck(files, profile),
            new SchedulingCheck(files),
            new DiskCheck(Environment.CurrentDirectory, folder => new DriveInfo(folder).AvailableFreeSpace),
            new InstrumentCheck(instruments, TimeProvider.System),
            new PpsCheck(files, TimeProvider.System),
            new SidecarCheck(sidecar, profile),
            new RateCheck(new EmulatedRateProbe()),
        ];
        var results = new List<CheckResult>();
        foreach (IHostCheck check in checks)
        {
            results.AddRange(await check.RunAsync(cancellationToken));
        }

        var report = new DoctorReport(BuildInfo.Version, BuildInfo.Runtime, results);
        if (output == "json")
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, DoctorJson.Default.DoctorReport));
        }
        else
        {
            DoctorTable.Write(Console.Out, report);
        }

        return report.Healthy ? ExitCodes.Success : ExitCodes.CheckFailed;
    }
}
