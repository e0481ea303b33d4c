using System.CommandLine;
using System.Runtime.InteropServices;
using IsacTestbed.Cli;
using IsacTestbed.Cli.Commands;
using IsacTestbed.Cli.Reproduction;

// HttpClient reads a stream in blocks of 16 KiB of which it holds more than the shared pool keeps by default; without room for them each
// message costs some 60 KB of garbage. The pool reads this once, when it is first used.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION", "256");

using var interrupted = new CancellationTokenSource();
void Interrupt(PosixSignalContext context)
{
    // The first signal asks for an orderly stop, which mutes the transmitters; a second one ends the process as usual.
    context.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);

var root = new RootCommand("""
    Plans, transmits, measures and learns: a controller for radios that sense and communicate while they train a model together.

    isac COMMAND --help says more of each, with examples.
    """)
{
    CommandLineOptions.Verbose,
    RunCommand.Create(),
    PlanCommand.Create(),
    FrontCommand.Create(),
    TrainCommand.Create(),
    ReproduceCommand.Create(),
    SidecarCommand.Create(),
    EmulateCommand.Create(),
    RadiosCommand.Create(),
    DataCommand.Create(),
    DoctorCommand.Create(),
};

BriefHelp.Install(root);
RedirectedOutput.Install();

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    return Failure.ReportUsage(parsed);
}

try
{
    return await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
        interrupted.Token);
}
catch (Exception exception)
{
    return Failure.Report(exception, parsed.GetValue(CommandLineOptions.Verbose), interrupted.IsCancellationRequested);
}
