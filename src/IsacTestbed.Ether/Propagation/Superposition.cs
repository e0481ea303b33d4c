using System.Buffers;
using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Ether;

/// <summary>The sum of everything that reaches one receiver: every burst of every node over every path.</summary>
/// <remarks>
/// A sample is a pure function of its tick: the terms are added in a fixed order (node, start, layer, path) and their phases are exact at fixed
/// places of each burst, so that neither the length of the blocks nor the order of the calls shows in the bits. Thread safe.
/// </remarks>
internal sealed class Superposition
{
    /// <summary>Within a long waveform the geometry is taken anew after so many samples.</summary>
    internal const int HopSamples = 16384;

    private readonly double _rateHz;
    private readonly PropagationPath[][] _pathsByTransmitter;
    private readonly DelayedWaveforms _delayed;

    /// <param name="paths">The paths into the receiver, in their fixed order.</param>
    /// <param name="rateHz">Sample rate.</param>
    /// <param name="delayed">The cache.</param>
    public Superposition(IEnumerable<PropagationPath> paths, double rateHz, DelayedWaveforms delayed)
    {
        _pathsByTransmitter = [.. paths.GroupBy(p => p.TransmitterIndex).OrderBy(g => g.Key).Select(g => g.ToArray())];
        _rateHz = rateHz;
        _delayed = delayed;
    }

    /// <summary>Adds the signals to a part of a block.</summary>
    /// <param name="bursts">The bursts on the air.</param>
    /// <param name="block">The block.</param>
    /// <param name="offset">First sample of the part.</param>
    /// <param name="count">Samples of the part.</param>
    /// <param name="extraDelaySamples">Delay added to every path: the error of the receiver's clock.</param>
    /// <param name="amplitude">Amplitude of the receiver: 10^(gain / 20).</param>
    public void Add(
        BurstTimeline bursts, CaptureBlock block, int offset, int count, double extraDelaySamples, double amplitude)
    {
        foreach (PropagationPath[] paths in _pathsByTransmitter)
        {
            BurstTimeline.NodeBursts sent = bursts.Of(paths[0].TransmitterIndex);
            if (sent.IsEmpty)
            {
                continue;
            }

            foreach (BurstOnAir burst in Audible(sent, paths, block.FirstTick + offset, count, extraDelaySamples))
            {
                foreach (LayerOnAir layer in burst.Layers)
                {
                    float[]? scratch = layer.Segment is null ? null : ArrayPool<float>.Shared.Rent(StreamedSegment.ScratchLength);
                    foreach (PropagationPath path in paths)
                    {
                        double root = amplitude * burst.AmplitudeRootWatts;
                        new PathRendering(this, path, burst, layer, block, offset, count, extraDelaySamples, root, scratch).Run();
                    }

                    if (scratch is not null)
                    {
                        ArrayPool<float>.Shared.Return(scratch);
                    }
                }
            }
        }
    }

    /// <summary>The bursts that may be heard in a part of a block: none is missing, though some may turn out not to be heard.</summary>
    private static ReadOnlySpan<BurstOnAir> Audible(
        in BurstTimeline.NodeBursts sent, PropagationPath[] paths, long firstTick, int count, double extraDelaySamples)
    {
        double longest = 0;
        foreach (PropagationPath path in paths)
        {
            longest = Math.Max(longest, path.LongestDelay(sent.StartTick, sent.EndTick));
        }

        // A waveform is no longer than its interval, so that a burst's end is that of its last waveform or later.
        long reach = (long)Math.Ceiling(longest + Math.Abs(extraDelaySamples)) + FractionalDelay.Taps;
        return sent.Between(firstTick - reach, firstTick + count + FractionalDelay.Lead + (long)Math.Ceiling(Math.Abs(extraDelaySamples)) + 1);
    }

    /// <summary>One layer of a burst over one path into one part of a block.</summary>
    private ref struct PathRendering
    {
        private readonly int _signalLength;
        private readonly Span<float> _scratch;
        private readonly Superposition _air;
        private readonly PropagationPath _path;
        private readonly BurstOnAir _burst;
        private readonly LayerOnAir _layer;
        private readonly CaptureBlock _block;
        private readonly long _firstTick;
        private readonly long _endTick;
        private readonly double _extraDelay;
        private readonly double _amplitude;
        private PathGeometry _geometry;
        private bool _hasGeometry;
        private DelayedWaveform? _wave;
        private int _waveStep;
        private Phasors? _doppler;
        private double _dopplerHz;
        private Complex[]? _channel;
        private long _channelBlock;

        public PathRendering(
            Superposition air,
            PropagationPath path,
            BurstOnAir burst,
            LayerOnAir layer,
            CaptureBlock block,
            int offset,
            int count,
            double extraDelay,
            double amplitude,
            Span<float> scratch)
        {
            _air = air;
            _path = path;
            _burst = burst;
            _layer = layer;
            _block = block;
            _firstTick = block.FirstTick + offset;
            _endTick = _firstTick + count;
            _extraDelay = extraDelay;
            _amplitude = amplitude;
            _scratch = scratch;

            // Of a stream more may arrive meanwhile; this block was granted on what is there now.
            _signalLength = layer.Length;
        }

        public void Run()
        {
            TxBurst burst = _burst.Burst;
            if (_amplitude * burst.Amplitude == 0 || burst.StartTick - FractionalDelay.Lead + Math.Floor(_extraDelay) >= _endTick)
            {
                return;
            }

            double longest = _path.LongestDelay(burst.StartTick, burst.EndTick);
            long reach = (long)Math.Ceiling(longest + _extraDelay) + FractionalDelay.Taps + _signalLength;
            long first = Math.Max(0, Floor(_firstTick - reach - burst.StartTick, burst.IntervalTicks));
            long last = Math.Min(burst.Repeats - 1, Floor(_endTick + FractionalDelay.Taps + (long)Math.Ceiling(-Math.Min(0, _extraDelay)) - burst.StartTick, burst.IntervalTicks));
            for (long repeat = first; repeat <= last; repeat++)
            {
                long start = burst.StartTick + (repeat * burst.IntervalTicks);
                for (int hop = 0; hop < _signalLength; hop += HopSamples)
                {
                    RenderHop(start, hop);
                }
            }
        }

        private void RenderHop(long start, int hop)
        {
            if (start + hop >= _burst.CutTick)
            {
                return;
            }

            Locate(start + hop);
            double delay = _geometry.DelaySamples + _extraDelay;
            (long whole, int step) = FractionalDelay.Split(delay);
            if (_layer.Waveform is not null && (_wave is null || _waveStep != step))
            {
                _wave = _air._delayed.Get(_layer.Waveform, step);
            }

            _waveStep = step;

            // Index i of the delayed waveform arrives at tick origin + i. The first hop takes the filter's rise, the last its decay.
            long origin = start + whole - FractionalDelay.Lead;
            long from = hop == 0 ? origin : origin + FractionalDelay.Lead + hop;
            long to = hop + HopSamples >= _signalLength ? origin + _signalLength + FractionalDelay.Taps - 1 : origin + FractionalDelay.Lead + hop + HopSamples;
            to = _burst.CutTick == long.MaxValue ? to : Math.Min(to, _burst.CutTick + whole);
            from = Math.Max(from, _firstTick);
            to = Math.Min(to, _endTick);
            while (from < to)
            {
                long fading = _path.BlockOf(from);
                long end = _path.BlockTicks == long.MaxValue ? to : Math.Min(to, (fading + 1) * _path.BlockTicks);
                AddPiece(from, end, origin, (double)origin + FractionalDelay.Lead + hop + (delay - whole), fading);
                from = end;
            }
        }

        /// <summary>Adds ticks [from, to), within one fading block; the Doppler phase is zero at <paramref name="phaseOrigin"/>.</summary>
        private void AddPiece(long from, long to, long origin, double phaseOrigin, long fading)
        {
            Complex[] channel = ChannelAmplitudes(fading);
            ReadOnlySpan<float> waveReal, waveImaginary;
            if (_geometry.DopplerHz == 0)
            {
                while (from < to)
                {
                    int length = (int)Math.Min(to - from, _wave is null ? StreamedSegment.LongestRun : int.MaxValue);
                    Delayed((int)(from - origin), length, out waveReal, out waveImaginary);
                    AddToChannels(waveReal, waveImaginary, from, channel, Complex.One);
                    from += length;
                }

                return;
            }

            Phasors doppler = Doppler();
            float[] scratch = ArrayPool<float>.Shared.Rent(2 * Phasors.Length);
            Span<float> real = scratch.AsSpan(0, Phasors.Length), imaginary = scratch.AsSpan(Phasors.Length, Phasors.Length);
            while (from < to)
            {
                // Runs begin at multiples of 256 of the waveform's index, whatever the block is.
                int index = (int)(from - origin), within = index & (Phasors.Length - 1);
                int length = (int)Math.Min(to - from, Phasors.Length - within);
                Delayed(index, length, out waveReal, out waveImaginary);
                ComplexKernels.Multiply(
                    waveReal,
                    waveImaginary,
                    doppler.Real.AsSpan(within, length),
                    doppler.Imaginary.AsSpan(within, length),
                    real[..length],
                    imaginary[..length]);
                AddToChannels(real[..length], imaginary[..length], from, channel, doppler.At(from - within - phaseOrigin));
                from += length;
            }

            ArrayPool<float>.Shared.Return(scratch);
        }

        /// <summary>A run of the signal, delayed by the fraction of the geometry at hand.</summary>
        private readonly void Delayed(int index, int length, out ReadOnlySpan<float> real, out ReadOnlySpan<float> imaginary)
        {
            if (_wave is null)
            {
                _layer.Segment!.Delayed(_waveStep, index, length, _scratch, out real, out imaginary);
                return;
            }

            real = _wave.Real.AsSpan(index, length);
            imaginary = _wave.Imaginary.AsSpan(index, length);
        }

        private readonly void AddToChannels(
            ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary, long from, Complex[] channel, Complex rotation)
        {
            int length = real.Length, destination = (int)(from - _block.FirstTick);
            for (int c = 0; c < channel.Length; c++)
            {
                Complex scale = channel[c] * rotation;
                if (scale != Complex.Zero)
                {
                    ComplexKernels.MultiplyAdd(
                        scale,
                        real,
                        imaginary,
                        _block.Real(c).Slice(destination, length),
                        _block.Imaginary(c).Slice(destination, length));
                }
            }
        }

        private void Locate(long tick)
        {
            if (!_hasGeometry || !_path.IsStatic)
            {
                PathGeometry geometry = _path.GeometryAt(tick);
                if (!_hasGeometry || geometry != _geometry)
                {
                    _geometry = geometry;
                    _channel = null;
                }

                _hasGeometry = true;
            }
        }

        private Complex[] ChannelAmplitudes(long fading)
        {
            if (_channel is null || _channelBlock != fading)
            {
                _channel = new Complex[_block.ChannelCount];
                _channelBlock = fading;
                _path.Amplitudes(_geometry, fading, _layer.Weights, _channel);
                for (int c = 0; c < _channel.Length; c++)
                {
                    _channel[c] *= _amplitude * _burst.Burst.Amplitude;
                }
            }

            return _channel;
        }

        private Phasors Doppler()
        {
            if (_doppler is null || _dopplerHz != _geometry.DopplerHz)
            {
                _dopplerHz = _geometry.DopplerHz;
                _doppler = new Phasors(_dopplerHz, _air._rateHz);
            }

            return _doppler;
        }

        private static long Floor(long dividend, long divisor)
        {
            long quotient = dividend / divisor;
            return dividend % divisor < 0 ? quotient - 1 : quotient;
        }
    }
}
