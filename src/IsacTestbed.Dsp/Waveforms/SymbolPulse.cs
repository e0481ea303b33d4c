using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Dsp.Waveforms;

/// <summary>The modem's root-raised-cosine pulse for streams of symbols that are no packets: pilots, sensing symbols, sums over the air.</summary>
/// <remarks>
/// Both directions keep power: symbols of unit power become samples of unit mean power, and the matched filter gives the symbols back as they
/// were, so that a channel between both is a plain factor. White noise of variance N per sample leaves the filter with N over the samples per
/// symbol: its power in a bandwidth equal to the symbol rate. Streams whose instants coincide do not mix (Nyquist), up to the cut of the
/// pulse at <see cref="PacketLayout.PulseHalfSpanSymbols"/>. Immutable and thread safe; allocates the taps of a call only.
/// </remarks>
public sealed class SymbolPulse
{
    private readonly double _root;

    /// <summary>A pulse.</summary>
    /// <param name="samplesPerSymbol">Samples per symbol, at least 2: the pulse does not fit into fewer.</param>
    /// <param name="rollOff">Roll-off, <see cref="PacketFormat.MinimumRollOff"/> to 1; the modem's by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public SymbolPulse(int samplesPerSymbol, double rollOff = 0.25)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samplesPerSymbol, 2);
        if (!(rollOff >= PacketFormat.MinimumRollOff && rollOff <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rollOff), rollOff, $"The roll-off must be from {PacketFormat.MinimumRollOff} to 1.");
        }

        SamplesPerSymbol = samplesPerSymbol;
        RollOff = rollOff;
        HalfSpanSamples = PacketLayout.PulseHalfSpanSymbols * samplesPerSymbol;
        _root = Math.Sqrt(samplesPerSymbol);
    }

    /// <summary>Samples per symbol.</summary>
    public int SamplesPerSymbol { get; }

    /// <summary>Roll-off.</summary>
    public double RollOff { get; }

    /// <summary>Samples from a waveform's first to the instant of its first symbol.</summary>
    public int HalfSpanSamples { get; }

    /// <summary>Samples of a waveform, from the beginning of its first pulse to the end of its last.</summary>
    /// <param name="symbols">Number of symbols, at least one.</param>
    public int LengthInSamples(int symbols)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(symbols, 1);
        return ((symbols - 1) * SamplesPerSymbol) + (2 * HalfSpanSamples) + 1;
    }

    /// <summary>Shapes symbols: symbol k peaks at sample <see cref="HalfSpanSamples"/> + k <see cref="SamplesPerSymbol"/> + delay.</summary>
    /// <param name="symbolRe">K symbols, real parts.</param>
    /// <param name="symbolIm">K symbols, imaginary parts.</param>
    /// <param name="delay">A part of a sample, -0.5 to 0.5, by which everything comes later.</param>
    /// <param name="re">Receives the samples, exactly <see cref="LengthInSamples"/>.</param>
    /// <param name="im">Receives the samples.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or the delay is more than half a sample.</exception>
    public void Shape(ReadOnlySpan<float> symbolRe, ReadOnlySpan<float> symbolIm, double delay, Span<float> re, Span<float> im)
    {
        SpanRules.SameLength(symbolRe, symbolIm, nameof(symbolIm));
        SpanRules.Length(re, im, LengthInSamples(symbolRe.Length), nameof(re));
        if (!(Math.Abs(delay) <= 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(delay), delay, "A part of a sample lies between -0.5 and 0.5.");
        }

        Span<float> taps = new float[(2 * HalfSpanSamples) + 1];
        Taps(delay, (float)_root, taps);
        re.Clear();
        im.Clear();
        for (int k = 0; k < symbolRe.Length; k++)
        {
            int start = k * SamplesPerSymbol;
            FilterKernels.Accumulate(taps, symbolRe[k], symbolIm[k], re.Slice(start, taps.Length), im.Slice(start, taps.Length));
        }
    }

    /// <summary>The matched filter at symbol instants.</summary>
    /// <param name="re">Samples; those outside count as zero.</param>
    /// <param name="im">Samples.</param>
    /// <param name="firstInstant">Instant of the first symbol in samples from the first, with its fraction.</param>
    /// <param name="symbolRe">Receives the symbols.</param>
    /// <param name="symbolIm">Receives the symbols.</param>
    /// <exception cref="ArgumentException">Lengths differ, or the instant is not finite.</exception>
    public void Match(ReadOnlySpan<float> re, ReadOnlySpan<float> im, double firstInstant, Span<float> symbolRe, Span<float> symbolIm)
    {
        SpanRules.SameLength(re, im, nameof(im));
        SpanRules.SameLength(symbolRe, symbolIm, nameof(symbolIm));
        if (!double.IsFinite(firstInstant))
        {
            throw new ArgumentOutOfRangeException(nameof(firstInstant), firstInstant, "An instant is finite.");
        }

        int whole = (int)Math.Round(firstInstant);
        Span<float> taps = new float[(2 * HalfSpanSamples) + 1];
        Taps(firstInstant - whole, (float)(1 / _root), taps);
        for (int k = 0; k < symbolRe.Length; k++)
        {
            int start = whole - HalfSpanSamples + (k * SamplesPerSymbol);
            int from = Math.Clamp(-start, 0, taps.Length), to = Math.Clamp(re.Length - start, from, taps.Length);
            (symbolRe[k], symbolIm[k]) = to > from
                ? FilterKernels.Dot(taps[from..to], re.Slice(start + from, to - from), im.Slice(start + from, to - from))
                : (0, 0);
        }
    }

    /// <summary>
    /// Share of a white stream's power that the matched filter takes in when its instants are not that stream's: the mean of the squared
    /// raised cosine at the offset, 1 - rollOff / 4 (1 - cos(2 pi offset)).
    /// </summary>
    /// <param name="offsetSymbols">Offset of the instants in symbols.</param>
    public double PowerAtOffset(double offsetSymbols) => 1 - (RollOff / 4 * (1 - Math.Cos(2 * Math.PI * offsetSymbols)));

    private void Taps(double delay, float scale, Span<float> taps)
    {
        RootRaisedCosine.Sample(SamplesPerSymbol, RollOff, delay, taps);
        for (int i = 0; i < taps.Length; i++)
        {
            taps[i] *= scale;
        }
    }
}
