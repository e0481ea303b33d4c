using System.Runtime.InteropServices;
using IsacTestbed.Lab.Native;

namespace IsacTestbed.Lab.Lines;

/// <summary>Says in one line what an error number of the operating system means for a serial line, and what to do.</summary>
internal static class SerialLineProblem
{
    private const uint FirstPseudoTerminalMajor = 136;
    private const uint LastPseudoTerminalMajor = 143;

    /// <summary>A line that somebody else has.</summary>
    public static SerialLineException Busy(string path) =>
        new(SerialLineFault.Busy, path, "another process has the line open; end it (fuser or lsof names it)");

    /// <summary>A line that could not be opened.</summary>
    public static SerialLineException OfOpening(string path, int error) =>
        error switch
        {
            LibC.NoEntry or LibC.NotADirectory or LibC.NoSuchDevice or LibC.NoSuchDeviceOrAddress =>
                new SerialLineException(SerialLineFault.NotFound, path, "no such device; is the instrument connected? ls /dev/serial/by-id shows the lines there are"),
            LibC.AccessDenied => new SerialLineException(SerialLineFault.NoPermission, path, Permission(path)),
            LibC.DeviceBusy => Busy(path),
            LibC.NotATerminal => new SerialLineException(SerialLineFault.NotATerminal, path, "not a terminal device; name a serial line, as in /dev/ttyUSB0"),
            _ => new SerialLineException(SerialLineFault.Other, path, $"cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}"),
        };

    /// <summary>A line that broke while it was open.</summary>
    public static SerialLineException OfUsing(string path, int error) =>
        error is LibC.InputOutput or LibC.NoSuchDeviceOrAddress or LibC.NoSuchDevice or LibC.BrokenPipe
            ? new SerialLineException(SerialLineFault.Unplugged, path, "the device went away; check cable and power, then start again")
            : new SerialLineException(SerialLineFault.Other, path, $"failed: {Marshal.GetPInvokeErrorMessage(error)}");

    /// <summary>Whether a path leads to a pseudo-terminal: there are bytes on it, but no frames.</summary>
    public static bool IsPseudoTerminal(string path) =>
        Status(path) is { DeviceMajor: >= FirstPseudoTerminalMajor and <= LastPseudoTerminalMajor };

    private static string Permission(string path)
    {
        uint? group = Status(path)?.GroupId;
        string name = group is { } id ? GroupName(id, "/etc/group") ?? $"{id}" : "dialout";
        return $"no permission; the line belongs to group {name}: sudo usermod -a -G {name} {Environment.UserName}, then log in again";
    }

    private static unsafe FileStatus? Status(string path)
    {
        FileStatus status;
        return LibC.Status(FileStatus.CurrentFolder, path, 0, FileStatus.BasicMask, &status) == 0 ? status : null;
    }

    private static string? GroupName(uint id, string file)
    {
        // name:password:id:members
        IEnumerable<string> lines = File.Exists(file) ? File.ReadLines(file) : [];
        return lines.Select(line => line.Split(':')).FirstOrDefault(f => f.Length >= 3 && uint.TryParse(f[2], out uint found) && found == id)?[0];
    }
}
