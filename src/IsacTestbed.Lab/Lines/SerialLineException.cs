namespace IsacTestbed.Lab.Lines;

/// <summary>What is wrong with a serial line.</summary>
public enum SerialLineFault
{
    /// <summary>No such device.</summary>
    NotFound = 1,

    /// <summary>Another process has the line.</summary>
    Busy = 2,

    /// <summary>The user may not open it.</summary>
    NoPermission = 3,

    /// <summary>The path is no terminal device.</summary>
    NotATerminal = 4,

    /// <summary>The driver does not take the settings.</summary>
    UnsupportedSettings = 5,

    /// <summary>The device went away while it was open.</summary>
    Unplugged = 6,

    /// <summary>The operating system reported something else; the message has its text.</summary>
    Other = 7,
}

/// <summary>A serial line cannot be opened, or broke. The message is one line that names the path and the remedy.</summary>
public sealed class SerialLineException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="path">The line.</param>
    /// <param name="problem">What was found and what to do.</param>
    public SerialLineException(SerialLineFault fault, string path, string problem)
        : base($"{path}: {problem}")
    {
        Fault = fault;
        Path = path;
    }

    /// <summary>What is wrong.</summary>
    public SerialLineFault Fault { get; }

    /// <summary>The line.</summary>
    public string Path { get; }
}
