using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Chains;

namespace IsacTestbed.Control.Iscc;

/// <summary>Combines the channels of a captured window and takes a user's band out of the result. Not thread safe: owns its buffers.</summary>
internal sealed class BandReceiver
{
    private readonly ArrayCombiner _combiner = new();
    private (float[] Re, float[] Im)? _band;

    /// <summary>In-phase samples at the modem's rate.</summary>
    public ReadOnlySpan<float> Real => _band is { } band ? band.Re : _combiner.Real;

    /// <summary>Quadrature samples at the modem's rate.</summary>
    public ReadOnlySpan<float> Imaginary => _band is { } band ? band.Im : _combiner.Imaginary;

    /// <summary>Receives a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="combiner">w, one weight per channel, applied as w^H y.</param>
    /// <param name="band">The band.</param>
    public void Receive(CapturedWindow window, IReadOnlyList<Complex> combiner, UserBand band)
    {
        _combiner.Combine(window, combiner);
        _band = band.IsWhole ? null : band.ToModem(_combiner.Real, _combiner.Imaginary);
    }
}
