using IsacTestbed.Core;

namespace IsacTestbed.Dsp.Modem;

/// <summary>Packet error rate of the whole modem over white Gaussian noise against Es/N0: measured, not modelled.</summary>
/// <remarks>
/// Each packet has its own bits, carrier phase, carrier offset (uniform within +-1e-3 cycles per symbol) and delay, all unknown to the
/// receiver. SNR is the energy of a symbol over the noise density, which is the SNR in a bandwidth equal to the symbol rate B. Immutable.
/// </remarks>
public sealed class PacketErrorCurve
{
    private const int DelayRange = 64;
    private const int Tail = 32;
    private const double OffsetRange = 1e-3;

    // Keeps the numbers of one packet apart from those of the next in every stream.
    private const int PacketShift = 32;

    private readonly PacketErrorPoint[] _points;

    /// <summary>A curve from points measured elsewhere.</summary>
    /// <param name="format">The format of the packets.</param>
    /// <param name="payloadBytes">Their payload.</param>
    /// <param name="points">At least two, by ascending SNR.</param>
    /// <exception cref="ArgumentException">Fewer than two points, a point without packets, or SNRs that do not ascend.</exception>
    public PacketErrorCurve(PacketFormat format, int payloadBytes, ReadOnlySpan<PacketErrorPoint> points)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (points.Length < 2)
        {
            throw new ArgumentException("A curve needs at least two points.", nameof(points));
        }

        for (int i = 0; i < points.Length; i++)
        {
            if (points[i].Packets <= 0 || !(points[i].SnrLinear > 0) || (i > 0 && points[i].SnrLinear <= points[i - 1].SnrLinear))
            {
                throw new ArgumentException($"Point {i} has no packets, or its SNR is not above the one before.", nameof(points));
            }
        }

        Format = format;
        PayloadBytes = payloadBytes;
        SpectralEfficiency = new PacketModulator(format).SpectralEfficiency(payloadBytes);
        _points = points.ToArray();
    }

    /// <summary>The format of the packets.</summary>
    public PacketFormat Format { get; }

    /// <summary>Payload of each packet in bytes.</summary>
    public int PayloadBytes { get; }

    /// <summary>Information bits per symbol, all overhead included: <see cref="PacketModulator.SpectralEfficiency"/>.</summary>
    public double SpectralEfficiency { get; }

    /// <summary>The points, by ascending SNR.</summary>
    public IReadOnlyList<PacketErrorPoint> Points => _points;

    /// <summary>Measures a curve. One seed gives one result.</summary>
    /// <param name="format">The format.</param>
    /// <param name="payloadBytes">Payload of each packet.</param>
    /// <param name="snrLinear">Es/N0 of each point, linear, ascending, at least two.</param>
    /// <param name="packets">Packets per point at most.</param>
    /// <param name="enoughErrors">A point ends early after this many lost packets.</param>
    /// <param name="seed">Seed of bits, noise and offsets.</param>
    /// <param name="cancellationToken">Checked before each packet.</param>
    /// <exception cref="ArgumentException">See the constructor.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PacketErrorCurve Measure(
        PacketFormat format, int payloadBytes, ReadOnlySpan<double> snrLinear, int packets, int enoughErrors, ulong seed,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(packets);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(enoughErrors);
        var trial = new PacketTrial(format, payloadBytes);
        var points = new PacketErrorPoint[snrLinear.Length];
        for (int i = 0; i < points.Length; i++)
        {
            int sent = 0, errors = 0;
            while (sent < packets && errors < enoughErrors)
            {
                cancellationToken.ThrowIfCancellationRequested();
                errors += trial.Run(snrLinear[i], seed, (uint)i, (ulong)sent) ? 0 : 1;
                sent++;
            }

            points[i] = new PacketErrorPoint(snrLinear[i], sent, errors);
        }

        return new PacketErrorCurve(format, payloadBytes, points);
    }

    /// <summary>Es/N0 at which the packet error rate falls through a value: straight lines in log rate over decibels.</summary>
    /// <remarks>A point without errors counts as half an error.</remarks>
    /// <exception cref="InvalidOperationException">No two neighbouring points enclose the value.</exception>
    public double RequiredSnr(double packetErrorRate)
    {
        for (int i = _points.Length - 2; i >= 0; i--)
        {
            double above = Floored(_points[i]), below = Floored(_points[i + 1]);
            if (above >= packetErrorRate && below < packetErrorRate)
            {
                double t = Math.Log(above / packetErrorRate) / Math.Log(above / below);
                return _points[i].SnrLinear * Math.Pow(_points[i + 1].SnrLinear / _points[i].SnrLinear, t);
            }
        }

        throw new InvalidOperationException($"The measured curve does not cross a packet error rate of {packetErrorRate}; measure a wider range of SNR.");
    }

    /// <summary>How much more SNR the modem needs than Shannon's bound: required SNR over (2^eta - 1), linear.</summary>
    /// <remarks>With eta = R/B this is the factor of the outage condition SNR &lt; gap (2^(R/B) - 1).</remarks>
    /// <exception cref="InvalidOperationException">No two neighbouring points enclose the value.</exception>
    public double Gap(double packetErrorRate) => RequiredSnr(packetErrorRate) / (Math.Pow(2, SpectralEfficiency) - 1);

    private static double Floored(PacketErrorPoint point) => Math.Max(point.Rate, 0.5 / point.Packets);

    private sealed class PacketTrial
    {
        private readonly PacketFormat _format;
        private readonly PacketModulator _modulator;
        private readonly PacketDemodulator _demodulator;
        private readonly Rotator _rotator = new();
        private readonly byte[] _payload;
        private readonly float[] _packetRe;
        private readonly float[] _packetIm;
        private readonly float[] _windowRe;
        private readonly float[] _windowIm;

        public PacketTrial(PacketFormat format, int payloadBytes)
        {
            _format = format;
            _modulator = new PacketModulator(format);
            _demodulator = new PacketDemodulator(format);
            _payload = new byte[payloadBytes];
            int length = _modulator.LengthInSamples(payloadBytes);
            (_packetRe, _packetIm) = (new float[length], new float[length]);
            (_windowRe, _windowIm) = (new float[length + DelayRange + Tail], new float[length + DelayRange + Tail]);
        }

        public bool Run(double snrLinear, ulong seed, uint point, ulong packet)
        {
            var bits = new CounterRandom(seed, RandomPurpose.PacketBits, point);
            for (int i = 0; i < _payload.Length; i++)
            {
                _payload[i] = (byte)bits.UInt64At((packet << PacketShift) + (ulong)i);
            }

            var channel = new CounterRandom(seed, RandomPurpose.PacketBits, point, 1);
            double offset = ((2 * channel.UniformAt(4 * packet)) - 1) * OffsetRange / _format.SamplesPerSymbol;
            (double sin, double cos) = Math.SinCos(2 * Math.PI * channel.UniformAt((4 * packet) + 1));
            int delay = channel.IntegerAt((4 * packet) + 2, DelayRange);
            _modulator.Modulate(_payload, (uint)packet, point, _packetRe, _packetIm);
            _rotator.Rotate(_packetRe, _packetIm, 0, offset, _packetRe, _packetIm);

            var noise = new CounterRandom(seed, RandomPurpose.ReceiverNoise, point);
            double sigma = Math.Sqrt(PacketModulator.MeanPower * _format.SamplesPerSymbol / snrLinear / 2);
            for (int n = 0; n < _windowRe.Length; n++)
            {
                (double re, double im) = noise.NormalPairAt((packet << PacketShift) + (ulong)n);
                (re, im) = (sigma * re, sigma * im);
                int k = n - delay;
                if (k >= 0 && k < _packetRe.Length)
                {
                    re += (_packetRe[k] * cos) - (_packetIm[k] * sin);
                    im += (_packetRe[k] * sin) + (_packetIm[k] * cos);
                }

                (_windowRe[n], _windowIm[n]) = ((float)re, (float)im);
            }

            PacketReception reception = _demodulator.Receive(_windowRe, _windowIm, DelayRange);
            return reception.PayloadValid && reception.SequenceNumber == (uint)packet && reception.Payload.Span.SequenceEqual(_payload);
        }
    }
}
