namespace IsacTestbed.Dsp.Modem;

/// <summary>Makes the waveform of a packet: preamble, header, payload.</summary>
/// <remarks>
/// The mean power of the waveform over its symbols is <see cref="MeanPower"/> relative to full scale (16-QAM: on average over payloads;
/// the constant-modulus formats deviate only by pulse overlap), and |x| never exceeds <see cref="PeakAmplitude"/>, which is below one.
/// No allocation after the longest packet. Not thread safe: an instance owns its buffers.
/// </remarks>
public sealed class PacketModulator
{
    /// <summary>Mean of |x|^2 over the symbols, relative to full scale: 12 dB of headroom.</summary>
    public const double MeanPower = 1.0 / 16;

    private readonly float[] _taps;
    private readonly HeaderCodec _headerCodec = new();
    private readonly PayloadCodec _payloadCodec = new();
    private byte[] _bits = [];
    private float[] _symbolRe = [];
    private float[] _symbolIm = [];

    /// <summary>A modulator of one format.</summary>
    /// <param name="format">The format.</param>
    public PacketModulator(PacketFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        Format = format;
        _taps = new float[(2 * PacketLayout.PulseHalfSpanSymbols * format.SamplesPerSymbol) + 1];
        RootRaisedCosine.Sample(format.SamplesPerSymbol, format.RollOff, 0, _taps);
        float amplitude = (float)Math.Sqrt(MeanPower * format.SamplesPerSymbol);
        for (int i = 0; i < _taps.Length; i++)
        {
            _taps[i] *= amplitude;
        }

        PeakAmplitude = Peak();
    }

    /// <summary>The format of the packets.</summary>
    public PacketFormat Format { get; }

    /// <summary>An amplitude that no sample of any packet exceeds, relative to full scale.</summary>
    /// <remarks>The worst case: all pulses that overlap add up at the largest symbol. Typical peaks are a third lower.</remarks>
    public double PeakAmplitude { get; }

    /// <summary>Samples of a packet, from the beginning of the first pulse to the end of the last.</summary>
    /// <param name="payloadBytes">0 to <see cref="PacketLayout.MaximumPayloadBytes"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The payload is too long or negative.</exception>
    public int LengthInSamples(int payloadBytes) => ((Symbols(payloadBytes) - 1) * Format.SamplesPerSymbol) + _taps.Length;

    /// <summary>Information bits per symbol time of the whole burst: payload bits over its length in samples times samples per symbol.</summary>
    /// <remarks>Everything that is not payload counts as overhead: preamble, header, pilots, checksum, tail, filling, pulse ends.</remarks>
    /// <inheritdoc cref="LengthInSamples"/>
    public double SpectralEfficiency(int payloadBytes) =>
        8.0 * payloadBytes * Format.SamplesPerSymbol / LengthInSamples(payloadBytes);

    /// <summary>Makes the waveform.</summary>
    /// <param name="payload">The bytes to send.</param>
    /// <param name="sequenceNumber">Number of the packet in its stream.</param>
    /// <param name="stream">Which stream it belongs to.</param>
    /// <param name="re">Receives the real parts, exactly <see cref="LengthInSamples"/>.</param>
    /// <param name="im">Receives the imaginary parts.</param>
    /// <exception cref="ArgumentException">The payload is too long or a destination has another length.</exception>
    public void Modulate(ReadOnlySpan<byte> payload, uint sequenceNumber, uint stream, Span<float> re, Span<float> im)
    {
        int length = LengthInSamples(payload.Length);
        if (re.Length != length || im.Length != length)
        {
            throw new ArgumentException($"A packet of {payload.Length} bytes has {length} samples; the destinations have {re.Length} and {im.Length}.");
        }

        int symbols = PlaceSymbols(payload, new PacketHeader(Format.Modulation, Format.CodeRate, payload.Length, sequenceNumber, stream));
        re.Clear();
        im.Clear();
        for (int k = 0; k < symbols; k++)
        {
            int start = k * Format.SamplesPerSymbol;
            FilterKernels.Accumulate(_taps, _symbolRe[k], _symbolIm[k], re.Slice(start, _taps.Length), im.Slice(start, _taps.Length));
        }
    }

    private int Symbols(int payloadBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payloadBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadBytes, PacketLayout.MaximumPayloadBytes);
        return PacketLayout.TotalSymbols(PacketLayout.PayloadSymbols(Format.Modulation, Format.CodeRate, payloadBytes));
    }

    private int PlaceSymbols(ReadOnlySpan<byte> payload, PacketHeader header)
    {
        int payloadSymbols = PacketLayout.PayloadSymbols(Format.Modulation, Format.CodeRate, payload.Length);
        int dataSymbols = PacketLayout.HeaderSymbols + payloadSymbols;
        int bodySymbols = PacketLayout.BodySymbols(payloadSymbols);
        int bits = payloadSymbols * Format.BitsPerSymbol;
        int symbols = PacketLayout.PreambleSymbols + bodySymbols;
        if (_symbolRe.Length < symbols + dataSymbols)
        {
            _symbolRe = new float[symbols + dataSymbols];
            _symbolIm = new float[symbols + dataSymbols];
        }

        if (_bits.Length < bits)
        {
            _bits = new byte[bits];
        }

        _payloadCodec.Encode(header, payload, _bits.AsSpan(0, bits));

        // Data symbols are made behind the packet's and then moved to their places between the pilots.
        Span<float> dataRe = _symbolRe.AsSpan(symbols, dataSymbols), dataIm = _symbolIm.AsSpan(symbols, dataSymbols);
        _headerCodec.Encode(header, dataRe[..PacketLayout.HeaderSymbols], dataIm[..PacketLayout.HeaderSymbols]);
        Constellation.Map(Format.Modulation, _bits.AsSpan(0, bits), dataRe[PacketLayout.HeaderSymbols..], dataIm[PacketLayout.HeaderSymbols..]);
        for (int k = 0; k < PacketLayout.PreambleSymbols; k++)
        {
            (_symbolRe[k], _symbolIm[k]) = PacketLayout.Preamble(k);
        }

        Span<float> bodyRe = _symbolRe.AsSpan(PacketLayout.PreambleSymbols, bodySymbols);
        Span<float> bodyIm = _symbolIm.AsSpan(PacketLayout.PreambleSymbols, bodySymbols);
        for (int b = 0, data = 0; b < bodySymbols; b++)
        {
            bool pilot = b % PacketLayout.PilotSpacing == 0 || b == bodySymbols - 1;
            (bodyRe[b], bodyIm[b]) = pilot ? PacketLayout.Pilot(b) : (dataRe[data], dataIm[data++]);
        }

        return symbols;
    }

    private double Peak()
    {
        double largestSum = 0;
        for (int phase = 0; phase < Format.SamplesPerSymbol; phase++)
        {
            double sum = 0;
            for (int i = phase; i < _taps.Length; i += Format.SamplesPerSymbol)
            {
                sum += Math.Abs(_taps[i]);
            }

            largestSum = Math.Max(largestSum, sum);
        }

        double largestSymbol = Format.Modulation == Modulation.Qam16 ? Math.Sqrt(1.8) : 1;
        return largestSum * largestSymbol;
    }
}
