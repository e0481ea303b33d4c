using System.CommandLine;
using System.Runtime.InteropServices;
using IsacTestbed.Cli;
using IsacTestbed.Cli.Commands;
using IsacTestbed.Cli.Reproduction;

using var interrupted = new CancellationTokenSource();
void Interrupt(PosixSignalContext context)
{
    // The first signal asks for an orderly stop, which mutes the transmitters; a second one ends the process as usual.
    context.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);

var root = new RootCommand("Plans, transmits, measures and learns: a controller for radios that sense and communicate while they train a model together.")
{
    CommandLineOptions.Verbose,
    RunCommand.Create(),
    PlanCommand.Create(),
    ReproduceCommand.Create(),
    SidecarCommand.Create(),
    DataCommand.Create(),
};

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
