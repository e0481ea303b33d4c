using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Control.OtaFeel;

/// <summary>A stream of one device: its symbols, and the beam under which all of them leave.</summary>
/// <param name="Beam">One weight per element, in square root watts.</param>
/// <param name="Symbols">One symbol per interval.</param>
internal sealed record SentStream(Complex[] Beam, Complex[] Symbols);

/// <summary>
/// A frame as it goes on the air: some first intervals for sensing alone, which may be none, and then those in which fresh symbols are
/// summed. Immutable.
/// </summary>
internal sealed class DesignedFrame
{
    private readonly OtaFeelCase _case;
    private readonly SplitFrame? _split;

    private DesignedFrame(OtaFeelCase problem, OtaFeelPlan aggregation, SplitFrame? split)
    {
        (_case, Aggregation, _split) = (problem, aggregation, split);
    }

    /// <summary>The plan of the intervals that sum.</summary>
    public OtaFeelPlan Aggregation { get; }

    /// <summary>Intervals before those that sum.</summary>
    public int SensingIntervals => _split?.SensingIntervals ?? 0;

    /// <summary>
    /// Whether a device hears its own echo by itself: the orthogonal pulses of known symbols take the others' away. Where all symbols are fresh
    /// no pulse does, and the others' echoes are noise.
    /// </summary>
    public bool SeparatesEchoes => SensingIntervals > 0;

    /// <summary>Designs a frame.</summary>
    /// <param name="problem">The case, of the channels as sounded.</param>
    /// <param name="method">One of <see cref="AirMethods.All"/>.</param>
    /// <param name="sensingBlocks">Blocks of a split frame.</param>
    /// <param name="cancellationToken">Stops the planner.</param>
    /// <returns>The frame, or why there is none.</returns>
    public static (DesignedFrame? Frame, IReadOnlyList<string> Reasons) Create(
        OtaFeelCase problem, string method, int sensingBlocks, CancellationToken cancellationToken)
    {
        if (AirMethods.IsCommonPulse(method))
        {
            var split = SplitFrame.Create(problem, method == AirMethods.SplitFrame ? sensingBlocks : 0, cancellationToken);
            return (new DesignedFrame(problem, split.Aggregation, split), []);
        }

        OtaFeelAnswer answer = new OtaFeelPlanner(TimeProvider.System).Solve(problem, method, cancellationToken);
        return (answer.Plan is { } plan ? new DesignedFrame(problem, plan, null) : null, answer.Reasons);
    }

    /// <summary>The streams of a device.</summary>
    /// <param name="device">From 0.</param>
    /// <param name="symbols">Its symbols g_k^i, one list of one entry per interval of all frames for each task.</param>
    public IReadOnlyList<SentStream> Streams(int device, IReadOnlyList<Complex[]> symbols)
    {
        int length = symbols[0].Length;
        var streams = new List<SentStream>();
        for (int i = 0; i < symbols.Count; i++)
        {
            Complex[] beam = [.. Enumerable.Range(0, _case.DeviceAntennas).Select(m => Aggregation.Precoders[device][m, i])];
            Complex[] sent = new Complex[length];
            for (int n = 0; n < length; n++)
            {
                int t = SumInterval(n);
                sent[n] = t >= 0 ? symbols[i][n] * Aggregation.Pulses[device][t] : Complex.Zero;
            }

            streams.Add(new SentStream(beam, sent));
        }

        // In the sensing part a block's vector is constant but for the pulse: one stream per block, of unit symbols.
        for (int block = 0; block * _case.Devices < SensingIntervals; block++)
        {
            Complex[] beam = _split!.SensingSignal(device, block * _case.Devices);
            Complex[] sent = new Complex[length];
            for (int n = 0; n < length; n++)
            {
                int t = n % _case.PulseLength;
                sent[n] = t < SensingIntervals && t / _case.Devices == block ? _split.SensingSignal(device, t)[0] / beam[0] : Complex.Zero;
            }

            streams.Add(new SentStream(beam, sent));
        }

        return streams;
    }

    /// <summary>Which interval of the summing part an interval of a round is; -1 for one of the sensing part.</summary>
    public int SumInterval(int interval)
    {
        int t = interval % _case.PulseLength;
        return t < SensingIntervals ? -1 : t - SensingIntervals;
    }

    /// <summary>Whether a device listens to its echo in an interval: in those for sensing where there are any, else in all.</summary>
    public bool Listens(int interval) => !SeparatesEchoes || SumInterval(interval) < 0;

    /// <summary>The bound of the location error of what devices heard: in white symbols the other devices' echoes are noise.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="target">Where the target is.</param>
    /// <param name="sent">Per device what it sent while it listened, a row of M per interval.</param>
    public double Bound(SensingScene scene, Location target, IReadOnlyList<ComplexMatrix> sent)
    {
        var information = new FisherInformation();
        for (int k = 0; k < sent.Count; k++)
        {
            double noise = _case.SensingNoise[k];
            double interference = SeparatesEchoes ? 0 : EchoEnergy.Interference(scene, k, target, Aggregation.Precoders, noise);
            information.Add(scene, k, target, EchoEnergy.Of(Transposed(sent[k]), 1, noise), interference);
        }

        return information.CramerRaoBound();
    }

    private static ComplexMatrix Transposed(ComplexMatrix rows) => ComplexMatrix.Create(rows.Columns, rows.Rows, (i, j) => rows[j, i]);
}
