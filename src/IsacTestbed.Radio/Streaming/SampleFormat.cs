namespace IsacTestbed.Radio;

/// <summary>How a driver lays out complex samples: interleaved, in-phase first, in the machine's byte order.</summary>
public enum SampleFormat
{
    /// <summary>Two 32-bit floats per sample (CF32, fc32).</summary>
    ComplexFloat32 = 0,

    /// <summary>Two signed 16-bit integers per sample (CS16, sc16).</summary>
    ComplexInt16 = 1,
}
