namespace IsacTestbed.Dsp.Modem;

/// <summary>Finds a packet in a window of samples and decodes it.</summary>
/// <remarks>
/// <para>Detection, delay and carrier offset from the preamble; matched filter at the measured delay; optional equaliser; header; carrier
/// tracking over everything known (preamble, decoded header, pilots); soft demapping; soft Viterbi; checksum. Modulation, code rate and
/// length come from the header, so one demodulator receives every format of its pulse shape.</para>
/// <para>Carrier offsets up to <see cref="PacketLayout.MaximumFrequencyOffset"/> cycles per symbol are resolved; 5e-3 with margin. The
/// sampling clocks of both ends are taken as equal: over a packet of N symbols an offset of d parts delays the last by N d symbols, which
/// should stay under about 0.05.</para>
/// <para>No allocation per packet but the payload, once the longest packet has been seen. Not thread safe: an instance owns its buffers;
/// use one per thread.</para>
/// </remarks>
public sealed class PacketDemodulator
{
    private const int KnownBlock = 16;

    // Data symbols between two pilots.
    private const int RunLength = PacketLayout.PilotSpacing - 1;
    private const int HeaderEnd = PacketLayout.PreambleSymbols + PacketLayout.HeaderSymbols + (PacketLayout.HeaderSymbols / RunLength) + 1;

    private const int FirstPayloadPilot = PacketLayout.PreambleSymbols
        + ((HeaderEnd - PacketLayout.PreambleSymbols + PacketLayout.PilotSpacing - 1) / PacketLayout.PilotSpacing * PacketLayout.PilotSpacing);

    private readonly PreambleDetector _detector;
    private readonly SymbolFrontEnd _frontEnd;
    private readonly SymbolEqualiser? _equaliser;
    private readonly CarrierTracker _tracker;
    private readonly Rotator _rotator = new();
    private readonly HeaderCodec _headerCodec = new();
    private readonly PayloadCodec _payloadCodec = new();
    private readonly int _preambleOffset;
    private readonly float[] _knownRe = new float[HeaderEnd];
    private readonly float[] _knownIm = new float[HeaderEnd];
    private readonly float[] _headerRe = new float[PacketLayout.HeaderSymbols];
    private readonly float[] _headerIm = new float[PacketLayout.HeaderSymbols];
    private float[] _symbolRe = new float[HeaderEnd];
    private float[] _symbolIm = new float[HeaderEnd];
    private float[] _halfRe = [];
    private float[] _halfIm = [];
    private float[] _gainRe = new float[HeaderEnd];
    private float[] _gainIm = new float[HeaderEnd];
    private float[] _dataRe = new float[PacketLayout.HeaderSymbols];
    private float[] _dataIm = new float[PacketLayout.HeaderSymbols];
    private float[] _dataSnr = new float[PacketLayout.HeaderSymbols];
    private float[] _power = [];
    private float[] _ratios = [];

    /// <summary>A demodulator of one pulse shape.</summary>
    /// <param name="format">Samples per symbol and roll-off; modulation and code rate are taken from each header instead.</param>
    /// <param name="options">What it may assume; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public PacketDemodulator(PacketFormat format, PacketReceiverOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(format);
        options ??= new PacketReceiverOptions();
        options.Check();
        Format = format;
        _detector = new PreambleDetector(format, options.FalseAlarmProbability);
        _equaliser = options.EqualiserTaps == 0 ? null : new SymbolEqualiser(options.EqualiserTaps);
        _frontEnd = new SymbolFrontEnd(format, options.EqualiserTaps);
        _tracker = new CarrierTracker(options.PhaseNoisePerSymbol);
        _preambleOffset = (PacketLayout.PulseHalfSpanSymbols + PacketLayout.GuardSymbols) * format.SamplesPerSymbol;
        for (int k = 0; k < PacketLayout.PreambleSymbols; k++)
        {
            (_knownRe[k], _knownIm[k]) = PacketLayout.Preamble(k);
        }

        for (int k = PacketLayout.PreambleSymbols; k < HeaderEnd; k += PacketLayout.PilotSpacing)
        {
            (_knownRe[k], _knownIm[k]) = PacketLayout.Pilot(k - PacketLayout.PreambleSymbols);
        }
    }

    /// <summary>The format whose pulse shape is received.</summary>
    public PacketFormat Format { get; }

    /// <summary>Es/N0, linear, at which the preamble's statistic reaches the detection threshold on average: packets far below it go unseen.</summary>
    /// <remarks>The statistic is the share of the preamble in the window's energy, P / (P + N) for power P in noise N per sample.</remarks>
    public double DetectionSnr => Format.SamplesPerSymbol * _detector.Threshold / (1 - _detector.Threshold);

    /// <summary>Searches a window and decodes the first packet whose header is valid.</summary>
    /// <param name="re">The window, real parts; any scale.</param>
    /// <param name="im">The window, imaginary parts; the same length.</param>
    /// <param name="searchLength">
    /// How many sample positions for the packet's first sample are tested, from the start of the window; by default all. A packet that begins
    /// up to 16 symbols before the window is also found.
    /// </param>
    /// <returns>The packet; or, when no header is valid, the first detection; or nothing detected.</returns>
    /// <exception cref="ArgumentException">The lengths differ or the search length is not positive.</exception>
    public PacketReception Receive(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int searchLength = int.MaxValue)
    {
        if (re.Length != im.Length)
        {
            throw new ArgumentException($"The window has {re.Length} real and {im.Length} imaginary samples.", nameof(im));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(searchLength);
        int period = _detector.PeriodSamples;
        int end = (int)Math.Min(re.Length - (2L * period) + 1, (long)searchLength + _preambleOffset);
        PacketReception firstDetection = default;
        for (int from = 0; _detector.TryFind(re, im, from, end, out int position); from = position + (2 * period))
        {
            PacketReception reception = ReceiveAt(re, im, position);
            if (reception.HeaderValid)
            {
                return reception;
            }

            firstDetection = firstDetection.Detected ? firstDetection : reception;
        }

        return firstDetection;
    }

    private PacketReception ReceiveAt(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int position)
    {
        (double periodStart, double cyclesPerSample) = _detector.Refine(re, im, position);
        double start = periodStart - _preambleOffset;
        int rate = Format.SamplesPerSymbol;
        var reception = new PacketReception
        {
            Detected = true,
            TimingSamples = start,
            FrequencyOffsetCyclesPerSample = cyclesPerSample,
            SnrLinear = double.NaN,
            ErrorVectorMagnitude = double.NaN,
        };
        if (!Holds(re.Length, start, HeaderEnd))
        {
            return reception with { Truncated = true };
        }

        _frontEnd.Start(start, cyclesPerSample);
        if (_equaliser is not null)
        {
            HalfSymbols(re, im, 0, HeaderEnd);
            _equaliser.Train(_halfRe, _halfIm, _knownRe.AsSpan(0, PacketLayout.PreambleSymbols), _knownIm.AsSpan(0, PacketLayout.PreambleSymbols));
        }

        double offset = ReceiveHeader(re, im, out bool valid, out PacketHeader header);
        reception = reception with { FrequencyOffsetCyclesPerSample = cyclesPerSample + (offset / rate), SnrLinear = _tracker.SnrLinear };
        if (!valid)
        {
            return reception;
        }

        int payloadSymbols = PacketLayout.PayloadSymbols(header.Modulation, header.CodeRate, header.PayloadBytes);
        reception = reception with
        {
            HeaderValid = true,
            Modulation = header.Modulation,
            CodeRate = header.CodeRate,
            SequenceNumber = header.SequenceNumber,
            Stream = header.Stream,
            PayloadBytes = header.PayloadBytes,
            Truncated = !Holds(re.Length, start, PacketLayout.TotalSymbols(payloadSymbols)),
        };
        if (reception.Truncated)
        {
            return reception;
        }

        offset = TrackPayload(re, im, header, payloadSymbols, offset);
        double error = DemapPayload(header.Modulation, payloadSymbols);
        bool payloadValid = _payloadCodec.TryDecode(
            header, _ratios.AsSpan(0, payloadSymbols * Constellation.BitsPerSymbol(header.Modulation)), out byte[] payload);
        return reception with
        {
            FrequencyOffsetCyclesPerSample = cyclesPerSample + (offset / rate),
            SnrLinear = _tracker.SnrLinear,
            ErrorVectorMagnitude = Math.Sqrt(error / payloadSymbols),
            PayloadValid = payloadValid,
            Payload = payload,
        };
    }

    // A symbol whose pulse is cut by less than two symbols from its end still counts as held.
    private bool Holds(int window, double start, int symbols) =>
        start + ((PacketLayout.PulseHalfSpanSymbols + symbols + 1) * (double)Format.SamplesPerSymbol) <= window;

    private double ReceiveHeader(ReadOnlySpan<float> re, ReadOnlySpan<float> im, out bool valid, out PacketHeader header)
    {
        Symbols(re, im, 0, HeaderEnd);
        _tracker.Clear();
        AddKnown(0, PacketLayout.PreambleSymbols);
        for (int k = PacketLayout.PreambleSymbols; k < HeaderEnd; k += PacketLayout.PilotSpacing)
        {
            AddPilot(k);
        }

        // What two periods leave of the offset is within +-2e-3 cycles per symbol down to about -5 dB.
        double offset = _tracker.EstimateOffset(2e-3, 40);
        _tracker.RemoveOffset(offset);
        _rotator.Rotate(_symbolRe.AsSpan(0, HeaderEnd), _symbolIm.AsSpan(0, HeaderEnd), 0, -offset, _symbolRe, _symbolIm);
        _tracker.Smooth();
        Normalise(0, PacketLayout.HeaderSymbols);
        Span<float> dataRe = _dataRe.AsSpan(0, PacketLayout.HeaderSymbols), dataIm = _dataIm.AsSpan(0, PacketLayout.HeaderSymbols);
        valid = _headerCodec.TryDecode(dataRe, dataIm, _dataSnr.AsSpan(0, PacketLayout.HeaderSymbols), out header);
        return offset;
    }

    // Leaves the gain over the whole packet in the tracker and the symbols, offset removed, in the symbol buffers.
    private double TrackPayload(ReadOnlySpan<float> re, ReadOnlySpan<float> im, PacketHeader header, int payloadSymbols, double offset)
    {
        _headerCodec.Encode(header, _headerRe, _headerIm);
        for (int i = 0; i < PacketLayout.HeaderSymbols; i++)
        {
            int k = PacketLayout.PreambleSymbols + PacketLayout.BodyIndex(i);
            (_knownRe[k], _knownIm[k]) = (_headerRe[i], _headerIm[i]);
        }

        int total = PacketLayout.TotalSymbols(payloadSymbols);
        EnsureLength(ref _symbolRe, total);
        EnsureLength(ref _symbolIm, total);
        if (_equaliser is not null)
        {
            // The header quadruples the training. Its symbols are turned as the carrier still turns them, so that the weights need not.
            HalfSymbols(re, im, 0, total);
            _rotator.Rotate(_knownRe, _knownIm, 0, offset, _gainRe, _gainIm);
            _equaliser.Train(_halfRe, _halfIm, _gainRe.AsSpan(0, HeaderEnd), _gainIm.AsSpan(0, HeaderEnd));
        }

        Symbols(re, im, 0, total);
        Span<float> symbolRe = _symbolRe.AsSpan(0, total), symbolIm = _symbolIm.AsSpan(0, total);
        _rotator.Rotate(symbolRe, symbolIm, 0, -offset, symbolRe, symbolIm);
        _tracker.Clear();
        AddKnown(0, HeaderEnd);
        double rest = _tracker.EstimateOffset(4e-4, 20);
        _rotator.Rotate(symbolRe, symbolIm, 0, -rest, symbolRe, symbolIm);
        _tracker.Clear();
        AddKnown(0, HeaderEnd);
        for (int k = FirstPayloadPilot; k < total - 1; k += PacketLayout.PilotSpacing)
        {
            AddPilot(k);
        }

        AddPilot(total - 1);
        double drift = _tracker.EstimateDrift();
        _tracker.RemoveOffset(drift);
        _rotator.Rotate(symbolRe, symbolIm, 0, -drift, symbolRe, symbolIm);
        _tracker.Smooth();
        return offset + rest + drift;
    }

    private double DemapPayload(Modulation modulation, int payloadSymbols)
    {
        EnsureLength(ref _ratios, payloadSymbols * Constellation.BitsPerSymbol(modulation));
        Normalise(PacketLayout.HeaderSymbols, payloadSymbols);
        return Constellation.Demap(
            modulation, _dataRe.AsSpan(0, payloadSymbols), _dataIm.AsSpan(0, payloadSymbols), _dataSnr.AsSpan(0, payloadSymbols), _ratios);
    }

    // Divides data symbols by the tracked gain and gathers them from between the pilots.
    private void Normalise(int firstData, int count)
    {
        int first = PacketLayout.PreambleSymbols + PacketLayout.BodyIndex(firstData);
        int span = PacketLayout.PreambleSymbols + PacketLayout.BodyIndex(firstData + count - 1) + 1 - first;
        EnsureLength(ref _gainRe, span);
        EnsureLength(ref _gainIm, span);
        EnsureLength(ref _power, span);
        EnsureLength(ref _dataRe, count);
        EnsureLength(ref _dataIm, count);
        EnsureLength(ref _dataSnr, count);
        _tracker.Interpolate(first, _gainRe.AsSpan(0, span), _gainIm.AsSpan(0, span));

        // A window without noise has no noise variance to divide by; 90 dB is far beyond what the soft bits resolve.
        float inverseNoise = (float)(1 / Math.Max(_tracker.NoiseVariance, 1e-9 * Math.Max(_tracker.GainPower, 1e-30)));
        FilterKernels.DivideByGain(
            _symbolRe.AsSpan(first, span), _symbolIm.AsSpan(first, span), inverseNoise, _gainRe.AsSpan(0, span), _gainIm.AsSpan(0, span), _power.AsSpan(0, span));
        for (int i = 0, run; i < count; i += run)
        {
            run = Math.Min(RunLength - ((firstData + i) % RunLength), count - i);
            int from = PacketLayout.PreambleSymbols + PacketLayout.BodyIndex(firstData + i) - first;
            _gainRe.AsSpan(from, run).CopyTo(_dataRe.AsSpan(i));
            _gainIm.AsSpan(from, run).CopyTo(_dataIm.AsSpan(i));
            _power.AsSpan(from, run).CopyTo(_dataSnr.AsSpan(i));
        }
    }

    private void Symbols(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int first, int count)
    {
        Span<float> outRe = _symbolRe.AsSpan(first, count), outIm = _symbolIm.AsSpan(first, count);
        if (_equaliser is null)
        {
            _frontEnd.Filter(re, im, first, 1, outRe, outIm);
        }
        else
        {
            _equaliser.Apply(_halfRe.AsSpan(2 * first), _halfIm.AsSpan(2 * first), outRe, outIm);
        }
    }

    private void HalfSymbols(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int first, int count)
    {
        int reach = _equaliser!.Reach, steps = (2 * (count - 1)) + 1 + (2 * reach);
        EnsureLength(ref _halfRe, (2 * first) + steps);
        EnsureLength(ref _halfIm, (2 * first) + steps);
        _frontEnd.Filter(re, im, (2 * first) - reach, 2, _halfRe.AsSpan(2 * first, steps), _halfIm.AsSpan(2 * first, steps));
    }

    private void AddKnown(int first, int end)
    {
        for (int k = first; k < end; k += KnownBlock)
        {
            int count = Math.Min(KnownBlock, end - k);
            _tracker.Add(k, _symbolRe.AsSpan(k, count), _symbolIm.AsSpan(k, count), _knownRe.AsSpan(k, count), _knownIm.AsSpan(k, count));
        }
    }

    private void AddPilot(int k)
    {
        (float re, float im) = PacketLayout.Pilot(k - PacketLayout.PreambleSymbols);
        _tracker.Add(k, _symbolRe.AsSpan(k, 1), _symbolIm.AsSpan(k, 1), [re], [im]);
    }

    private static void EnsureLength(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            Array.Resize(ref buffer, Math.Max(length, 2 * buffer.Length));
        }
    }
}
