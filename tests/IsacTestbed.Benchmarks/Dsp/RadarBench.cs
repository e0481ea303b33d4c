using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Radar;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Benchmarks.Dsp;

/// <summary>Range-Doppler map and accumulate-then-filter against FFTW in C and SciPy, in alternating runs, best of all.</summary>
internal static class RadarBench
{
    private const int PulseCount = 128;
    private const int Samples = 2048;
    private const int Rounds = 5;
    private const int Repetitions = 150;

    /// <summary>Runs and prints one line per figure.</summary>
    public static void Run(TextWriter output)
    {
        float[] re = Aligned(PulseCount * Samples, out int reAt), im = Aligned(PulseCount * Samples, out int imAt);
        float[] mapRe = Aligned(PulseCount * Samples, out int mapReAt), mapIm = Aligned(PulseCount * Samples, out int mapImAt);
        CounterRandom random = new(1, RandomPurpose.Test);
        for (int i = 0; i < PulseCount * Samples; i++)
        {
            (double a, double b) = random.NormalPairAt((ulong)i);
            (re[reAt + i], im[imAt + i]) = ((float)a, (float)b);
        }

        float[] pulseRe = new float[512], pulseIm = new float[512];
        Pulses.LinearFm(0.8, pulseRe, pulseIm);
        using RangeDopplerProcessor one = new(PulseCount, Samples, pulseRe, pulseIm), two = new(PulseCount, Samples, pulseRe, pulseIm,
            threads: 2);
        Accumulation accumulation = new(pulseRe, pulseIm);
        string? c = CompilePeer();
        string? scipy = PeerProgram.Folder() is string folder ? Path.Combine(folder, "range_doppler_scipy.py") : null;
        Best ours = new(), threaded = new(), summed = new(), fftw = new(), fftwSummed = new(), python = new();
        string[] arguments = [$"{PulseCount}", $"{Samples}", $"{Repetitions}"];
        for (int round = 0; round < Rounds; round++)
        {
            ours.Take(Measure(() => one.Process(
                re.AsSpan(reAt, PulseCount * Samples), im.AsSpan(imAt, PulseCount * Samples),
                mapRe.AsSpan(mapReAt, PulseCount * Samples), mapIm.AsSpan(mapImAt, PulseCount * Samples))));
            Dictionary<string, double>? peer = c is null ? null : PeerProgram.Figures(c, arguments);
            fftw.Take(peer?["range_doppler"]);
            fftwSummed.Take(peer?["accumulate_filter"]);
            threaded.Take(Measure(() => two.Process(
                re.AsSpan(reAt, PulseCount * Samples), im.AsSpan(imAt, PulseCount * Samples),
                mapRe.AsSpan(mapReAt, PulseCount * Samples), mapIm.AsSpan(mapImAt, PulseCount * Samples))));
            summed.Take(Measure(() => accumulation.Run(re.AsSpan(reAt, PulseCount * Samples), im.AsSpan(imAt, PulseCount * Samples))));
            python.Take(scipy is null ? null : PeerProgram.Figures("/usr/bin/python3", scipy, $"{PulseCount}", $"{Samples}",
                "20")?["range_doppler"]);
        }

        output.WriteLine(Invariant($"range-Doppler map {PulseCount} x {Samples}, best of {Rounds} alternating rounds, MS/s"));
        output.WriteLine(Invariant($"  one thread            {ours,8:F1}"));
        output.WriteLine(Invariant($"  two threads           {threaded,8:F1}   x {threaded.Over(ours):F2} of one (target 1.7)"));
        output.WriteLine(Invariant($"  FFTW in C, one thread {fftw,8:F1}   ours x {ours.Over(fftw):F2} (target 0.8)"));
        output.WriteLine(Invariant($"  SciPy, one worker     {python,8:F1}   ours x {ours.Over(python):F2} (target 2)"));
        output.WriteLine("accumulate, then filter once, same data, MS/s");
        output.WriteLine(Invariant($"  one thread            {summed,8:F1}"));
        output.WriteLine(Invariant($"  FFTW in C, one thread {fftwSummed,8:F1}   ours x {summed.Over(fftwSummed):F2} (target 0.7)"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double Measure(Action work)
    {
        double best = double.MaxValue;
        for (int i = 0; i < Repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return PulseCount * Samples / best / 1e6;
    }

    private static string? CompilePeer()
    {
        if (PeerProgram.Folder() is not string folder)
        {
            return null;
        }

        string program = Path.Combine(AppContext.BaseDirectory, "range_doppler_fftw");
        string? compiled = PeerProgram.Run(
            "gcc", "-O3", "-march=native", "-ffast-math", Path.Combine(folder, "range_doppler_fftw.c"), "-o", program, "-lfftw3f", "-lm");
        return compiled is null ? null : program;
    }

    /// <summary>An array with a position in it that begins a cache line, as the peers' allocators give.</summary>
    private static float[] Aligned(int length, out int first)
    {
        float[] memory = GC.AllocateArray<float>(length + 16, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
        first = (int)((64 - (address & 63)) & 63) / sizeof(float);
        return memory;
    }

    /// <summary>The largest of several figures, none if the peer is absent.</summary>
    private sealed class Best : IFormattable
    {
        private double? _value;

        public void Take(double? value) => _value = value is double v && !(_value > v) ? v : _value;

        public double? Over(Best other) => _value / other._value;

        public string ToString(string? format, IFormatProvider? formatProvider) => _value?.ToString(format, formatProvider) ?? "absent";
    }

    private sealed class Accumulation
    {
        private readonly FftPlan _plan = new(Samples);
        private readonly float[] _scratch;
        private readonly float[] _spectrumRe = new float[Samples];
        private readonly float[] _spectrumIm = new float[Samples];
        private readonly float[] _sumRe = new float[Samples];
        private readonly float[] _sumIm = new float[Samples];

        public Accumulation(float[] pulseRe, float[] pulseIm)
        {
            _scratch = new float[_plan.ScratchLength];
            pulseRe.CopyTo(_spectrumRe, 0);
            pulseIm.CopyTo(_spectrumIm, 0);
            _plan.ForwardUnscaled(_spectrumRe, _spectrumIm, _scratch, _spectrumRe, _spectrumIm);
        }

        public void Run(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
        {
            _sumRe.AsSpan().Clear();
            _sumIm.AsSpan().Clear();
            CoherentAccumulator.Add(re, im, _sumRe, _sumIm);
            _plan.ForwardUnscaled(_sumRe, _sumIm, _scratch, _sumRe, _sumIm);
            SplitComplex.MultiplyConjugate(_sumRe, _sumIm, _spectrumRe, _spectrumIm, _sumRe, _sumIm);
            _plan.InverseUnscaled(_sumRe, _sumIm, _scratch, _sumRe, _sumIm);
        }
    }
}
