namespace IsacTestbed.Dsp.Modem;

/// <summary>Rate of the punctured convolutional code. Values are carried in the packet header: never renumber one.</summary>
public enum CodeRate
{
    /// <summary>1/2: the mother code.</summary>
    Half = 0,

    /// <summary>2/3.</summary>
    TwoThirds = 1,

    /// <summary>3/4.</summary>
    ThreeQuarters = 2,
}
