namespace IsacTestbed.Radio;

/// <summary>What went wrong with a radio or the way to it.</summary>
public enum RadioFaultCode
{
    /// <summary>Not a fault.</summary>
    Unspecified = 0,

    /// <summary>No such radio, or it is not connected.</summary>
    NotFound = 1,

    /// <summary>The radio stopped answering.</summary>
    Dead = 2,

    /// <summary>The radio cannot do what was asked, such as more channels than it has.</summary>
    NotSupported = 3,

    /// <summary>A burst or window lies before the radio's time plus its lead time.</summary>
    TooLate = 4,

    /// <summary>A burst names a waveform that was not uploaded.</summary>
    UnknownWaveform = 5,

    /// <summary>The lease has run out or belongs to somebody else.</summary>
    LeaseLost = 6,

    /// <summary>A limit of the profile forbids it.</summary>
    LimitExceeded = 7,

    /// <summary>The radio is executing another schedule.</summary>
    Busy = 8,

    /// <summary>The sidecar cannot be reached, or the connection broke.</summary>
    Unreachable = 9,

    /// <summary>The other side speaks another protocol or another version of it.</summary>
    ProtocolMismatch = 10,
}

/// <summary>A fault of a device or of the wire to it. Degradation of a stream is no exception but a flag on the block.</summary>
public sealed class RadioException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">What went wrong.</param>
    /// <param name="radioId">The radio; empty when it concerns the sidecar as a whole.</param>
    /// <param name="message">One line: what happened and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public RadioException(RadioFaultCode code, string radioId, string message, Exception? innerException = null)
        : base(radioId.Length == 0 ? message : $"Radio {radioId}: {message}", innerException)
    {
        Code = code;
        RadioId = radioId;
    }

    /// <summary>What went wrong.</summary>
    public RadioFaultCode Code { get; }

    /// <summary>The radio; empty when it concerns the sidecar as a whole.</summary>
    public string RadioId { get; }
}
