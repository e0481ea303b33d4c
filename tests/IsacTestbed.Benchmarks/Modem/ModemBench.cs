using System.Diagnostics;
using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Benchmarks.Modem;

/// <summary>Speed of the modem's kernels and its packet error curves beside the textbook's bounds.</summary>
internal static class ModemBench
{
    private const double WarmUpSeconds = 1;
    private const double ViterbiTarget = 40e6;
    private const int CurvePoints = 6;
    private const double CurveStepDb = 0.5;

    /// <summary>Runs everything; within a minute on one core.</summary>
    public static void Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Viterbi(output);
        Throughput(output);
        Curves(output);
    }

    private static void Viterbi(TextWriter output)
    {
        const int Bytes = 4096;
        var random = new CounterRandom(1, RandomPurpose.PacketBits);
        var soft = new sbyte[(16 * Bytes) + 12];
        for (int i = 0; i < soft.Length; i++)
        {
            soft[i] = (sbyte)(random.IntegerAt((ulong)i, 31) - 15);
        }

        var decoder = new ViterbiDecoder();
        var bytes = new byte[Bytes];
        double fast = Best(() => decoder.Decode(soft, bytes), 400);
        double plain = Best(() => decoder.DecodeScalar(soft, bytes), 3);
        Line(output, $"Soft Viterbi, K = 7, rate 1/2, {Bytes} bytes a block: {8 * Bytes / fast / 1e6:0.0} Mbit/s, x {8 * Bytes / fast / ViterbiTarget:0.00} of the target of {ViterbiTarget / 1e6:0} Mbit/s a core; scalar reference {8 * Bytes / plain / 1e6:0.0} Mbit/s");
    }

    private static void Throughput(TextWriter output)
    {
        const int Bytes = 2048;
        foreach ((PacketFormat format, int taps) in new[]
        {
            (new PacketFormat(Modulation.Qpsk, CodeRate.Half, 2), 0),
            (new PacketFormat(Modulation.Qpsk, CodeRate.Half, 4), 0),
            (new PacketFormat(Modulation.Qam16, CodeRate.ThreeQuarters, 2), 0),
            (new PacketFormat(Modulation.Qpsk, CodeRate.Half, 2), 11),
        })
        {
            var modulator = new PacketModulator(format);
            var demodulator = new PacketDemodulator(format, new PacketReceiverOptions { EqualiserTaps = taps });
            int length = modulator.LengthInSamples(Bytes);
            float[] re = new float[length], im = new float[length];
            var payload = new byte[Bytes];
            double send = Best(() => modulator.Modulate(payload, 1, 2, re, im), 100);
            if (!demodulator.Receive(re, im, 64).PayloadValid)
            {
                throw new InvalidOperationException("A clean packet did not decode.");
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            demodulator.Receive(re, im, 64);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            double receive = Best(() => demodulator.Receive(re, im, 64), 100);
            Line(output, $"{Name(format)}, {format.SamplesPerSymbol} samples a symbol, {taps} equaliser taps, {Bytes} bytes: modulate {length / send / 1e6:0.0} MS/s, receive {length / receive / 1e6:0.0} MS/s ({8 * Bytes / receive / 1e6:0.0} Mbit/s), {allocated} bytes allocated a packet");
        }
    }

    private static void Curves(TextWriter output)
    {
        const int Bytes = 250;
        Line(output, $"Packet error rate over white noise, {Bytes} bytes; textbook is the union bound of the code on the payload's Eb/N0, overhead not counted");
        PacketFormat[] formats =
        [
            new PacketFormat(Modulation.Qpsk, CodeRate.Half),
            new PacketFormat(Modulation.PiOver2Bpsk, CodeRate.Half),
            new PacketFormat(Modulation.Qpsk, CodeRate.TwoThirds),
            new PacketFormat(Modulation.Qpsk, CodeRate.ThreeQuarters),
            new PacketFormat(Modulation.Qam16, CodeRate.Half),
            new PacketFormat(Modulation.Qam16, CodeRate.ThreeQuarters),
        ];

        // Counts of errors, not times: the curves may share the machine.
        foreach (string curve in formats.AsParallel().AsOrdered().Select(format =>
        {
            using var lines = new StringWriter(CultureInfo.InvariantCulture);
            Curve(lines, format, Bytes);
            return lines.ToString();
        }))
        {
            output.Write(curve);
        }
    }

    private static void Curve(TextWriter output, PacketFormat format, int bytes)
    {
        bool antipodal = format.Modulation != Modulation.Qam16;
        double bits = format.BitsPerSymbol * CodeRateOf(format.CodeRate);
        double startDb = antipodal
            ? Decibel(ConvolutionalBound.RequiredEbN0ForPackets(format.CodeRate, 0.5, 8 * bytes) * bits) - 0.5
            : WaterfallDb(format, bytes);
        double[] snr = [.. Enumerable.Range(0, CurvePoints).Select(i => Math.Pow(10, (startDb + (CurveStepDb * i)) / 10))];
        PacketErrorCurve curve = PacketErrorCurve.Measure(format, bytes, snr, 1000, 50, 1);
        Line(output, $"{Name(format)}: efficiency {curve.SpectralEfficiency:0.000} bit per symbol");
        foreach (PacketErrorPoint point in curve.Points)
        {
            string textbook = antipodal
                ? string.Create(CultureInfo.InvariantCulture, $"{ConvolutionalBound.PacketErrorRate(format.CodeRate, point.SnrLinear / bits, 8 * bytes):0.00e+0}")
                : "-";
            Line(output, $"  Es/N0 {Decibel(point.SnrLinear),6:0.00} dB  {point.Errors,5} of {point.Packets,5}  {point.Rate:0.00e+0}  textbook {textbook}");
        }

        foreach (double target in new[] { 0.1, 0.01 })
        {
            if (!Crosses(curve, target))
            {
                Line(output, $"  at {target}: not within the measured range");
                continue;
            }

            double required = curve.RequiredSnr(target);
            string distance = antipodal
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $", {Decibel(required / bits / ConvolutionalBound.RequiredEbN0ForPackets(format.CodeRate, target, 8 * bytes)):+0.00;-0.00} dB from the textbook")
                : "";
            Line(output, $"  at {target}: {Decibel(required):0.00} dB{distance}, gap {Decibel(curve.Gap(target)):0.00} dB");
        }
    }

    /// <summary>Es/N0 in decibels at which most packets are still lost, for a format without a bound to start from.</summary>
    private static double WaterfallDb(PacketFormat format, int bytes)
    {
        double[] snr = [.. Enumerable.Range(4, 18).Select(db => Math.Pow(10, db / 10.0))];
        PacketErrorCurve coarse = PacketErrorCurve.Measure(format, bytes, snr, 20, 15, 2);
        PacketErrorPoint last = coarse.Points.LastOrDefault(point => point.Rate > 0.5);
        return last.Packets > 0 ? Decibel(last.SnrLinear) : Decibel(snr[0]);
    }

    private static bool Crosses(PacketErrorCurve curve, double target) =>
        curve.Points.Any(point => point.Rate >= target) && Math.Max(curve.Points[^1].Rate, 0.5 / curve.Points[^1].Packets) < target;

    private static double CodeRateOf(CodeRate rate) => rate switch
    {
        CodeRate.Half => 1.0 / 2,
        CodeRate.TwoThirds => 2.0 / 3,
        _ => 3.0 / 4,
    };

    private static double Decibel(double ratio) => 10 * Math.Log10(ratio);

    private static string Name(PacketFormat format) => $"{format.Modulation} {format.CodeRate}";

    private static void Line(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    // The fastest of several runs is the one least disturbed by others on the machine. The warm-up lasts until the compiler has reached its
    // last tier, which happens in the background some time after a method's thirtieth call.
    private static double Best(Action action, int runs)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 40 || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds; i++)
        {
            action();
        }

        double best = double.PositiveInfinity;
        for (int i = 0; i < runs; i++)
        {
            start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }
}
