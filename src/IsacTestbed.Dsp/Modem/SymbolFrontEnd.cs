namespace IsacTestbed.Dsp.Modem;

/// <summary>Carrier correction and matched filter of one packet in a window. Not thread safe: owns its buffers.</summary>
internal sealed class SymbolFrontEnd
{
    private const int VectorLength = 8;

    private readonly int _rate;
    private readonly int _halfSpan;
    private readonly double _rollOff;
    private readonly int _lead;
    private readonly float[] _taps;
    private readonly int _pulseTaps;
    private readonly Rotator _rotator = new();
    private float[] _re = [];
    private float[] _im = [];
    private int _corrected;
    private int _origin;
    private double _cyclesPerSample;

    /// <param name="format">Pulse shape.</param>
    /// <param name="leadSymbols">How far before the first symbol instants may be asked for.</param>
    public SymbolFrontEnd(PacketFormat format, int leadSymbols)
    {
        _rate = format.SamplesPerSymbol;
        _rollOff = format.RollOff;
        _halfSpan = PacketLayout.PulseHalfSpanSymbols * _rate;
        _lead = leadSymbols * _rate;

        // One tap more on each side than the pulse has, because its centre lies between samples; zeros behind fill whole vectors.
        _taps = new float[(_pulseTaps = (2 * _halfSpan) + 3) + VectorLength - (_pulseTaps % VectorLength)];
    }

    /// <summary>Begins a packet.</summary>
    /// <param name="packetStart">Where its first sample is in the window, in samples.</param>
    /// <param name="cyclesPerSample">The carrier offset to take away.</param>
    public void Start(double packetStart, double cyclesPerSample)
    {
        int whole = (int)Math.Floor(packetStart);
        RootRaisedCosine.Sample(_rate, _rollOff, packetStart - whole, _taps.AsSpan(0, _pulseTaps));
        _origin = whole - 1 - _lead;
        _cyclesPerSample = cyclesPerSample;
        _corrected = 0;
    }

    /// <summary>Outputs of the matched filter at symbol instants, or twice as many at half-symbol instants.</summary>
    /// <param name="re">The window, real parts; samples outside it count as zero.</param>
    /// <param name="im">The window, imaginary parts.</param>
    /// <param name="firstStep">First instant, in steps from the first symbol; may be negative within the lead.</param>
    /// <param name="stepsPerSymbol">1 or 2.</param>
    /// <param name="outRe">Receives the real parts.</param>
    /// <param name="outIm">Receives the imaginary parts.</param>
    public void Filter(
        ReadOnlySpan<float> re, ReadOnlySpan<float> im, int firstStep, int stepsPerSymbol, Span<float> outRe, Span<float> outIm)
    {
        int step = _rate / stepsPerSymbol;
        int first = _lead + (firstStep * step);
        Correct(re, im, first + ((outRe.Length - 1) * step) + _taps.Length);
        for (int k = 0; k < outRe.Length; k++)
        {
            int at = first + (k * step);
            (outRe[k], outIm[k]) = FilterKernels.Dot(_taps, _re.AsSpan(at, _taps.Length), _im.AsSpan(at, _taps.Length));
        }
    }

    private void Correct(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int end)
    {
        if (end <= _corrected)
        {
            return;
        }

        if (_re.Length < end)
        {
            Array.Resize(ref _re, Math.Max(end, 2 * _re.Length));
            Array.Resize(ref _im, _re.Length);
        }

        // Buffer index i is sample origin + i of the window.
        int inside = Math.Clamp(-_origin, _corrected, end), outside = Math.Clamp(re.Length - _origin, inside, end);
        _re.AsSpan(_corrected, inside - _corrected).Clear();
        _im.AsSpan(_corrected, inside - _corrected).Clear();
        int count = outside - inside;
        if (count > 0)
        {
            _rotator.Rotate(
                re.Slice(_origin + inside, count), im.Slice(_origin + inside, count), inside, -_cyclesPerSample,
                _re.AsSpan(inside, count), _im.AsSpan(inside, count));
        }

        _re.AsSpan(outside, end - outside).Clear();
        _im.AsSpan(outside, end - outside).Clear();
        _corrected = end;
    }
}
