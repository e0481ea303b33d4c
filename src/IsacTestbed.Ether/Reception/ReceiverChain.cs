using System.Buffers;
using IsacTestbed.Core;

namespace IsacTestbed.Ether;

/// <summary>The receiver of one node: noise, signals and impairments, block by block.</summary>
/// <remarks>A sample depends on its tick, the start of its window and the bursts on the air, on nothing else. Thread safe.</remarks>
internal sealed class ReceiverChain
{
    private readonly AirNode _node;
    private readonly double _rateHz;
    private readonly double _carrierHz;
    private readonly Superposition _air;
    private readonly CounterRandom[] _noise;
    private readonly PhaseNoise? _phaseNoise;
    private readonly ConverterStage? _converter;

    public ReceiverChain(AirScene scene, int node, Superposition air)
    {
        _node = scene.Nodes[node];
        _rateHz = scene.SampleRateHz;
        _carrierHz = scene.CarrierFrequencyHz;
        _air = air;
        _noise = [.. Enumerable.Range(0, _node.RxCount).Select(c => new CounterRandom(scene.Seed, RandomPurpose.ReceiverNoise, (uint)node, (uint)c))];
        _converter = ConverterStage.For(_node.Impairments);
        if (_node.Impairments.PhaseNoiseLinewidthHz > 0)
        {
            _phaseNoise = new PhaseNoise(
                new CounterRandom(scene.Seed, RandomPurpose.PhaseNoise, (uint)node),
                new CounterRandom(scene.Seed, RandomPurpose.PhaseNoise, (uint)node, 1),
                2 * Math.PI * _node.Impairments.PhaseNoiseLinewidthHz / _rateHz);
        }
    }

    /// <summary>Fills a block with what the receiver hears.</summary>
    /// <param name="block">The block; its samples need not be cleared. Receives <see cref="CaptureFlags.Clipped"/>.</param>
    /// <param name="windowStart">First tick of its window.</param>
    /// <param name="bursts">The bursts on the air.</param>
    /// <param name="amplitude">10^(receive gain / 20).</param>
    /// <param name="freeRunning">Intervals in which the reference is lost.</param>
    public void Receive(
        CaptureBlock block, long windowStart, BurstTimeline bursts, double amplitude, IReadOnlyList<TickInterval> freeRunning)
    {
        float deviation = (float)(Math.Sqrt(_node.NoisePowerWatts / 2) * amplitude);
        for (int c = 0; c < block.ChannelCount; c++)
        {
            if (deviation > 0)
            {
                _noise[c].FillComplexNormal((ulong)block.FirstTick, deviation, block.Real(c), block.Imaginary(c));
            }
            else
            {
                block.Real(c).Clear();
                block.Imaginary(c).Clear();
            }
        }

        AddSignals(block, windowStart, bursts, amplitude, freeRunning);
        Rotate(block, freeRunning);
        if (_converter is not null)
        {
            for (int c = 0; c < block.ChannelCount; c++)
            {
                if (_converter.Convert(block.Real(c), block.Imaginary(c)))
                {
                    block.AddFlags(CaptureFlags.Clipped);
                }
            }
        }
    }

    /// <summary>How far beyond the end of a block what is sent may still be heard in it: the reach of the delay filter and of the clock's error.</summary>
    /// <param name="windowStart">First tick of the window.</param>
    /// <param name="end">End of the block.</param>
    /// <param name="mayDrift">Whether the reference was or will be lost.</param>
    public long Reach(long windowStart, long end, bool mayDrift)
    {
        double error = Math.Abs(_node.Impairments.SamplingOffsetPpm) + (mayDrift ? Math.Abs(_node.FreeRunningDriftPpm) : 0);
        return FractionalDelay.Taps + (long)Math.Ceiling(error * 1e-6 * Math.Max(0, end - windowStart));
    }

    private void AddSignals(
        CaptureBlock block, long windowStart, BurstTimeline bursts, double amplitude, IReadOnlyList<TickInterval> freeRunning)
    {
        double offset = _node.Impairments.SamplingOffsetPpm * 1e-6, drift = _node.FreeRunningDriftPpm * 1e-6;
        bool drifts = freeRunning.Any(i => i.Overlaps(block.FirstTick, block.FirstTick + block.SampleCount)) && drift != 0;
        if (offset == 0 && !drifts)
        {
            _air.Add(bursts, block, 0, block.SampleCount, 0, amplitude);
            return;
        }

        // The clock's error is held for as long as it moves by less than the delay filter's step; the pieces lie on a grid of the window.
        double fastest = Math.Abs(offset) + (drifts ? Math.Abs(drift) : 0);
        int piece = (int)Math.Clamp(1 / (fastest * FractionalDelay.Steps), 16, 4096);
        long tick = block.FirstTick, end = tick + block.SampleCount;
        while (tick < end)
        {
            long index = (tick - windowStart) / piece, pieceStart = windowStart + (index * piece);
            long pieceEnd = Math.Min(end, pieceStart + piece);
            double centre = pieceStart + (piece / 2.0);
            double delay = (offset * (centre - windowStart)) + (drift * FreeTicks(centre, freeRunning));
            _air.Add(bursts, block, (int)(tick - block.FirstTick), (int)(pieceEnd - tick), delay, amplitude);
            tick = pieceEnd;
        }
    }

    /// <summary>Carrier offset, phase noise and the drift of a lost reference turn all channels alike.</summary>
    private void Rotate(CaptureBlock block, IReadOnlyList<TickInterval> freeRunning)
    {
        double offset = _node.Impairments.CarrierOffsetHz;
        double drift = -_node.FreeRunningDriftPpm * 1e-6 * _carrierHz / _rateHz;
        bool drifts = drift != 0 && freeRunning.Any(i => i.Overlaps(block.FirstTick, block.FirstTick + block.SampleCount));
        if (offset == 0 && _phaseNoise is null && !drifts)
        {
            return;
        }

        int n = block.SampleCount;
        double[] phase = ArrayPool<double>.Shared.Rent(n);
        float[] phasor = ArrayPool<float>.Shared.Rent(2 * n);
        Span<double> radians = phase.AsSpan(0, n);
        radians.Clear();
        _phaseNoise?.Fill(block.FirstTick, radians);
        Span<float> real = phasor.AsSpan(0, n), imaginary = phasor.AsSpan(n, n);
        for (int i = 0; i < n; i++)
        {
            long tick = block.FirstTick + i;
            double cycles = (offset / _rateHz * tick) + (drifts ? drift * FreeTicks(tick, freeRunning) : 0);
            (double sine, double cosine) = Math.SinCos(radians[i] + (2 * Math.PI * Math.IEEERemainder(cycles, 1)));
            real[i] = (float)cosine;
            imaginary[i] = (float)sine;
        }

        for (int c = 0; c < block.ChannelCount; c++)
        {
            ComplexKernels.Multiply(block.Real(c), block.Imaginary(c), real, imaginary, block.Real(c), block.Imaginary(c));
        }

        ArrayPool<double>.Shared.Return(phase);
        ArrayPool<float>.Shared.Return(phasor);
    }

    /// <summary>Ticks for which the clock has run free at an instant, since the reference was lost; zero while it is locked.</summary>
    private static double FreeTicks(double tick, IReadOnlyList<TickInterval> freeRunning)
    {
        foreach (TickInterval interval in freeRunning)
        {
            if (tick >= interval.First && tick < interval.End)
            {
                return tick - interval.First;
            }
        }

        return 0;
    }
}
