namespace IsacTestbed.Radio;

/// <summary>Which way samples flow.</summary>
public enum StreamDirection
{
    /// <summary>To the antenna.</summary>
    Transmit = 0,

    /// <summary>From the antenna.</summary>
    Receive = 1,
}
