namespace IsacTestbed.Dsp.Modem;

/// <summary>How payload bits become symbols. Values are carried in the packet header: never renumber one.</summary>
public enum Modulation
{
    /// <summary>One bit per symbol; the axis turns by a quarter each symbol, which keeps the envelope away from zero.</summary>
    PiOver2Bpsk = 0,

    /// <summary>Two bits per symbol, Gray mapped.</summary>
    Qpsk = 1,

    /// <summary>Four bits per symbol, Gray mapped on each axis.</summary>
    Qam16 = 2,
}
