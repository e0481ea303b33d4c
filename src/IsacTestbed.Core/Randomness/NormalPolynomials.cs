namespace IsacTestbed.Core;

/// <summary>Polynomials of the Box-Muller transform in single precision, the same for every instruction tier.</summary>
/// <remarks>
/// Interpolation at Chebyshev nodes. Errors: -2 ln(1 + f) 1.3e-7 relative on [sqrt(1/2) - 1, sqrt(2) - 1]; sine 2.4e-8 and cosine 5.4e-8
/// absolute for x pi / 4, x in [-1, 1].
/// </remarks>
internal static class NormalPolynomials
{
    // -2 ln(1 + f) = -2 f + f^2 + f^3 (L0 + L1 f + ... + L6 f^6).
    public const float L0 = -0.6666682958602905f;
    public const float L1 = 0.500014066696167f;
    public const float L2 = -0.39968445897102356f;
    public const float L3 = 0.33205437660217285f;
    public const float L4 = -0.29407799243927f;
    public const float L5 = 0.2806178331375122f;
    public const float L6 = -0.18097569048404694f;
    public const float MinusTwoLn2 = -1.3862943611198906f;

    // sin(x pi / 4) = x (S0 + S1 x^2 + S2 x^4 + S3 x^6).
    public const float S0 = 0.7853981852531433f;
    public const float S1 = -0.08074543625116348f;
    public const float S2 = 0.0024900068528950214f;
    public const float S3 = -3.595429006963968e-05f;

    // cos(x pi / 4) = C0 + C1 x^2 + C2 x^4 + C3 x^6.
    public const float C0 = 1f;
    public const float C1 = -0.3084242641925812f;
    public const float C2 = 0.01584991067647934f;
    public const float C3 = -0.0003188774862792343f;

    /// <summary>2^-31, by which an integer becomes a fraction.</summary>
    public const float TwoToMinus31 = 1f / 2147483648f;

    /// <summary>Bits of sqrt(1/2): the mantissa is taken between it and sqrt(2).</summary>
    public const int RootHalfBits = 0x3F3504F3;
}
