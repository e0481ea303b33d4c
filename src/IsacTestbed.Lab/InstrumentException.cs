namespace IsacTestbed.Lab;

/// <summary>What went wrong with an instrument.</summary>
public enum InstrumentFault
{
    /// <summary>It cannot be reached: no such line, busy, no permission.</summary>
    Unreachable = 1,

    /// <summary>It did not answer in time.</summary>
    NoAnswer = 2,

    /// <summary>What it answered is not what the command calls for.</summary>
    WrongAnswer = 3,

    /// <summary>It answered that it cannot do what was asked.</summary>
    Refused = 4,

    /// <summary>It went away in the middle.</summary>
    Unplugged = 5,

    /// <summary>What it last reported of its own accord is too old.</summary>
    Stale = 6,

    /// <summary>The command is dangerous and nobody switched dangerous commands on.</summary>
    DangerousCommand = 7,
}

/// <summary>An instrument, or the way to it, failed. The message is one line: instrument, command, what came, and what to do.</summary>
public sealed class InstrumentException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="fault">What went wrong.</param>
    /// <param name="instrument">The instrument.</param>
    /// <param name="command">The command in progress; empty when there was none.</param>
    /// <param name="received">What came instead of an answer; empty when nothing did.</param>
    /// <param name="problem">What happened and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public InstrumentException(
        InstrumentFault fault, string instrument, string command, string received, string problem, Exception? innerException = null)
        : base(command.Length == 0 ? $"Instrument {instrument}: {problem}" : $"Instrument {instrument}: {command}: {problem}", innerException)
    {
        Fault = fault;
        Instrument = instrument;
        Command = command;
        Received = received;
    }

    /// <summary>What went wrong.</summary>
    public InstrumentFault Fault { get; }

    /// <summary>The instrument.</summary>
    public string Instrument { get; }

    /// <summary>The command in progress; empty when there was none.</summary>
    public string Command { get; }

    /// <summary>What came instead of an answer, with control characters escaped; empty when nothing did.</summary>
    public string Received { get; }
}
