namespace IsacTestbed.Soapy;

/// <summary>A range of numbers as SoapySDR gives it.</summary>
/// <param name="Minimum">Smallest value.</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="Step">Distance of adjacent values; zero means continuous or not known.</param>
public readonly record struct SoapyRange(double Minimum, double Maximum, double Step);

/// <summary>Description of a setting, an argument or a sensor.</summary>
/// <param name="Key">Key to name it by.</param>
/// <param name="DefaultValue">Value when it is not given.</param>
/// <param name="Name">Name to show; may be empty.</param>
/// <param name="Description">A sentence on it; may be empty.</param>
/// <param name="Unit">Unit; may be empty.</param>
/// <param name="Range">Allowed numbers; all zero when not limited.</param>
/// <param name="Options">Allowed values; empty when not limited.</param>
public sealed record SoapyArgument(
    string Key, string DefaultValue, string Name, string Description, string Unit, SoapyRange Range, IReadOnlyList<string> Options);

/// <summary>Result codes of stream calls.</summary>
public enum SoapyStreamCode
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>Nothing within the time limit.</summary>
    Timeout = -1,

    /// <summary>An error that is none of the others.</summary>
    StreamError = -2,

    /// <summary>Data that was damaged.</summary>
    Corruption = -3,

    /// <summary>Received samples were lost.</summary>
    Overflow = -4,

    /// <summary>The driver does not do this.</summary>
    NotSupported = -5,

    /// <summary>A time that is past; some drivers mean lost samples.</summary>
    TimeError = -6,

    /// <summary>Samples to transmit were missing.</summary>
    Underflow = -7,
}

/// <summary>Flags of stream calls.</summary>
[Flags]
public enum SoapyStreamFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The last sample ends the burst.</summary>
    EndBurst = 2,

    /// <summary>The time is valid.</summary>
    HasTime = 4,

    /// <summary>The burst ended before its last sample.</summary>
    EndAbrupt = 8,

    /// <summary>One packet per call.</summary>
    OnePacket = 16,

    /// <summary>The packet goes on with the next call.</summary>
    MoreFragments = 32,

    /// <summary>Waits for a trigger.</summary>
    WaitTrigger = 64,
}

/// <summary>What one call on a stream brought.</summary>
/// <param name="Code">Whether it went well.</param>
/// <param name="SampleCount">Samples per channel.</param>
/// <param name="Flags">Flags that came with it.</param>
/// <param name="TimeNanoseconds">Time of the first sample or of the event, valid with <see cref="SoapyStreamFlags.HasTime"/>.</param>
/// <param name="ChannelMask">Channels that a status is about, one bit each; zero for samples.</param>
public readonly record struct SoapyStreamResult(
    SoapyStreamCode Code, int SampleCount, SoapyStreamFlags Flags, long TimeNanoseconds, ulong ChannelMask = 0);

/// <summary>Levels of SoapySDR's log, by falling importance.</summary>
public enum SoapyLogLevel
{
    /// <summary>The program will end.</summary>
    Fatal = 1,

    /// <summary>The program may not be able to go on.</summary>
    Critical = 2,

    /// <summary>Something did not work.</summary>
    Error = 3,

    /// <summary>Something is not as expected.</summary>
    Warning = 4,

    /// <summary>Something worth knowing.</summary>
    Notice = 5,

    /// <summary>Something done.</summary>
    Information = 6,

    /// <summary>For the driver's developers.</summary>
    Debug = 7,

    /// <summary>For the driver's developers, in detail.</summary>
    Trace = 8,

    /// <summary>A letter of stream status, such as O for an overflow or U for an underflow.</summary>
    StreamStatus = 9,
}
