namespace IsacTestbed.Planning.OtaFeel;

/// <summary>Families of orthogonal pulses of unit modulus; see eq. (2) of ota-feel.</summary>
public enum PulseFamily
{
    /// <summary>Rows of the discrete Fourier transform: any length.</summary>
    Dft,

    /// <summary>Rows of the Sylvester-Hadamard matrix, real: the length is a power of two.</summary>
    Walsh,
}
