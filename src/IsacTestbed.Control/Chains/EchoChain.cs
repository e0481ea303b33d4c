using IsacTestbed.Core;
using IsacTestbed.Dsp.Radar;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Control.Chains;

/// <summary>
/// The echo chain: snapshots are accumulated coherently, the sum is matched-filtered once per array element, and the range profiles become a
/// range-angle map and a sensing SNR. Not thread safe.
/// </summary>
/// <remarks>
/// The SNR is that of eq. (4) of isac-fl: per array element, behind matched filter and accumulation, at the range cell where the target is
/// known to stand. With P the mean of |y|^2 over the elements and N the mean of |x|^2 over n samples of the quiet end of each snapshot, which
/// no echo reaches, SNR = (n - 1) / n P / N - 1 is unbiased, because 1 / N has mean n / (n - 1) over its expectation.
/// </remarks>
public sealed class EchoChain
{
    private const double ElementSpacingWavelengths = 0.5;

    private readonly Scenario _scenario;
    private readonly MatchedFilter _filter;
    private readonly RangeAngleProcessor[] _beamformers;
    private readonly float[] _scratch;
    private readonly float[] _sumRe;
    private readonly float[] _sumIm;
    private readonly float[] _profilesRe;
    private readonly float[] _profilesIm;
    private readonly float[] _mapRe;
    private readonly float[] _mapIm;
    private readonly int _quietStart;

    /// <summary>Prepares the chain of a scenario.</summary>
    public EchoChain(Scenario scenario)
    {
        _scenario = scenario;
        SensingSection sensing = scenario.Sensing;
        int snapshot = sensing.SnapshotSamples, elements = scenario.Devices.Max(d => d.Elements);
        Pulse = MakePulse(sensing);
        _filter = new MatchedFilter(Pulse.Real, Pulse.Imaginary, snapshot);
        _scratch = new float[_filter.ScratchLength];
        _sumRe = new float[snapshot];
        _sumIm = new float[snapshot];
        _profilesRe = new float[elements * sensing.RangeCells];
        _profilesIm = new float[elements * sensing.RangeCells];
        _mapRe = new float[sensing.AngleCells * sensing.RangeCells];
        _mapIm = new float[_mapRe.Length];
        _quietStart = snapshot - sensing.QuietSamples;

        double[] sines = [.. Enumerable.Range(0, sensing.AngleCells).Select(a => sensing.SineLimit * ((2 * (a + 0.5) / sensing.AngleCells) - 1))];
        _beamformers = [.. scenario.Devices.Select(d => new RangeAngleProcessor(d.Elements, ElementSpacingWavelengths, sines))];
    }

    /// <summary>The sensing pulse, of unit amplitude.</summary>
    public Waveform Pulse { get; }

    /// <summary>Variance of a measured SNR around the true one at low SNR: that of P over the elements and of N over the quiet samples.</summary>
    public double EstimateVariance(int device)
    {
        double elements = _scenario.Devices[device].Elements;
        return (1 / elements) + (1 / (elements * _scenario.Sensing.QuietSamples));
    }

    /// <summary>Reads a captured frame.</summary>
    /// <param name="window">Snapshots one after the other, on all elements.</param>
    /// <param name="device">Index of the device.</param>
    /// <param name="snapshots">Snapshots in the window.</param>
    public EchoReading Process(CapturedWindow window, int device, int snapshots)
    {
        SensingSection sensing = _scenario.Sensing;
        int snapshot = sensing.SnapshotSamples, elements = window.ChannelCount, cells = sensing.RangeCells;
        double cell = 2 * _scenario.Devices[device].TargetDistanceMeters / Scenario.SpeedOfLightMetersPerSecond * _scenario.Radio.SampleRateHz;
        int targetCell = (int)Math.Round(cell);
        double signal = 0, noise = 0;
        for (int element = 0; element < elements; element++)
        {
            _sumRe.AsSpan().Clear();
            _sumIm.AsSpan().Clear();
            int used = snapshots * snapshot;
            CoherentAccumulator.Add(window.Real(element)[..used], window.Imaginary(element)[..used], _sumRe, _sumIm);
            noise += Energy(_sumRe.AsSpan(_quietStart), _sumIm.AsSpan(_quietStart));
            _filter.Correlate(_sumRe, _sumIm, _scratch, _sumRe, _sumIm);
            signal += Energy(_sumRe.AsSpan(targetCell, 1), _sumIm.AsSpan(targetCell, 1));
            _sumRe.AsSpan(0, cells).CopyTo(_profilesRe.AsSpan(element * cells));
            _sumIm.AsSpan(0, cells).CopyTo(_profilesIm.AsSpan(element * cells));
        }

        int looks = elements * sensing.QuietSamples;
        double snr = noise > 0 ? ((looks - 1.0) / looks * (signal / elements) / (noise / looks)) - 1 : 0;
        float[] map = new float[cells * sensing.AngleCells];
        _beamformers[device].Process(_profilesRe.AsSpan(0, elements * cells), _profilesIm.AsSpan(0, elements * cells), cells, _mapRe, _mapIm);
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = MathF.Sqrt((_mapRe[i] * _mapRe[i]) + (_mapIm[i] * _mapIm[i]));
        }

        Normalise(map);
        return new EchoReading(snr, map, window.Flags, window.HasGap);
    }

    private static Waveform MakePulse(SensingSection sensing)
    {
        float[] real = new float[sensing.PulseSamples], imaginary = new float[sensing.PulseSamples];
        Pulses.LinearFm(sensing.PulseBandwidthFraction, real, imaginary);
        return new Waveform(Scheduling.SensingScheduler.PulseId, real, imaginary);
    }

    private static double Energy(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        double energy = 0;
        for (int i = 0; i < re.Length; i++)
        {
            energy += ((double)re[i] * re[i]) + ((double)im[i] * im[i]);
        }

        return energy;
    }

    // The network sees the pattern, not the receiver's gain.
    private static void Normalise(Span<float> map)
    {
        double energy = Energy(map, map) / 2;
        if (energy > 0)
        {
            float scale = (float)Math.Sqrt(map.Length / energy);
            foreach (ref float value in map)
            {
                value *= scale;
            }
        }
    }
}
