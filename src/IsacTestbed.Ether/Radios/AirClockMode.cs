namespace IsacTestbed.Ether;

/// <summary>How the time of the emulated air passes.</summary>
public enum AirClockMode
{
    /// <summary>As fast as the machine can: time is where the furthest run has come to, and idle ticks cost nothing.</summary>
    Virtual = 0,

    /// <summary>With real time: a tick lasts 1 / rate seconds, a slow reader loses samples.</summary>
    Paced = 1,
}
