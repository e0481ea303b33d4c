namespace IsacTestbed.Radio;

/// <summary>A driver refused or failed a call. <see cref="StreamingRadio"/> turns it into a <see cref="RadioException"/> that names the radio.</summary>
public sealed class StreamingDeviceException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">What went wrong, in the radio contract's terms.</param>
    /// <param name="message">One line: the call, the value, the driver's own words and the remedy.</param>
    /// <param name="innerException">The cause.</param>
    public StreamingDeviceException(RadioFaultCode code, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
    }

    /// <summary>What went wrong, in the radio contract's terms.</summary>
    public RadioFaultCode Code { get; }
}
