using IsacTestbed.Core;

namespace IsacTestbed.Radio.Tests;

/// <summary>The receiver of <see cref="LoopbackDevice"/>.</summary>
internal sealed class LoopbackReceiveStream : IReceiveStream
{
    private const int NoiseLength = 1 << 16;

    private readonly LoopbackDevice _device;
    private readonly float[] _noise = new float[NoiseLength];
    private readonly ManualResetEventSlim _never = new();
    private readonly float[] _real = new float[2048];
    private readonly float[] _imaginary = new float[2048];
    private long _position;
    private bool _isActive;

    public LoopbackReceiveStream(LoopbackDevice device)
    {
        _device = device;
        var random = new CounterRandom(7, RandomPurpose.Test);
        for (int i = 0; i < NoiseLength; i += 2)
        {
            (double first, double second) = random.NormalPairAt((ulong)i);
            _noise[i] = (float)(first * Math.Sqrt(LoopbackDevice.NoisePower / 2));
            _noise[i + 1] = (float)(second * Math.Sqrt(LoopbackDevice.NoisePower / 2));
        }
    }

    public SampleFormat Format => _device.Format;

    public float FullScale => Format == SampleFormat.ComplexFloat32 ? 1 : 32768;

    public float ClipLevel => 32767f / 32768;

    public int MaxSamples => _real.Length;

    public bool IsActive => _isActive;

    public int Reads { get; private set; }

    public void Activate()
    {
        _position = _device.Now;
        _isActive = true;
    }

    public void Deactivate() => _isActive = false;

    public ReceiveResult Read(StreamBuffer buffer, int timeLimitMicroseconds)
    {
        Assert.True(_isActive, "read of a stream that is not active");
        Reads++;
        LoopbackScript script = _device.Script;
        if (_position >= script.HangTick)
        {
            script.Release.Wait();
            return ReceiveResult.Nothing(ReceiveStatus.TimedOut);
        }

        if (_position >= script.FailTick)
        {
            return ReceiveResult.Nothing(ReceiveStatus.Failed);
        }

        if (_position >= script.SilentTick)
        {
            return Wait(timeLimitMicroseconds);
        }

        if (script.Losses.TryRemove(_position, out (long Count, bool IsAnnounced) loss))
        {
            _position += loss.Count;
            if (loss.IsAnnounced)
            {
                return ReceiveResult.Nothing(ReceiveStatus.Overflow);
            }
        }

        if (script.StepsBack.TryRemove(_position, out long back))
        {
            _position -= back;
        }

        int count = MaxSamples;
        foreach (long stop in (long[])[.. script.Losses.Keys, .. script.StepsBack.Keys, script.SilentTick, script.HangTick, script.FailTick])
        {
            count = stop > _position ? (int)Math.Min(count, stop - _position) : count;
        }

        if (_device.Description.Clock == StreamClock.RealTime)
        {
            for (int waited = 0; _device.Now < _position + count + LoopbackDevice.DelayTicks; waited++)
            {
                if (waited * 1000 > timeLimitMicroseconds)
                {
                    return ReceiveResult.Nothing(ReceiveStatus.TimedOut);
                }

                _never.Wait(1);
            }

            // The device holds one second for a slow host.
            if (_device.Now - _position > _device.SampleRateHz)
            {
                _position = _device.Now - count;
                return ReceiveResult.Nothing(ReceiveStatus.Overflow);
            }
        }

        long first = _position;
        Receive(first, count, buffer);
        _position += count;
        _device.MoveTo(_position);
        return new ReceiveResult(ReceiveStatus.Samples, count, first);
    }

    public void Dispose() => _isActive = false;

    private static bool Overlaps((long First, long End) range, long tick) => tick >= range.First && tick < range.End;

    private ReceiveResult Wait(int microseconds)
    {
        _never.Wait(microseconds / 1000);
        return ReceiveResult.Nothing(ReceiveStatus.TimedOut);
    }

    private void Receive(long first, int count, StreamBuffer buffer)
    {
        Span<float> real = _real.AsSpan(0, count), imaginary = _imaginary.AsSpan(0, count);
        real.Clear();
        imaginary.Clear();
        _device.Transmit.AddTo(first - LoopbackDevice.DelayTicks, real, imaginary);
        for (int c = 0; c < buffer.ChannelCount; c++)
        {
            for (int i = 0; i < count; i++)
            {
                int at = (int)(((2 * (first + i)) + (c * 4098)) & (NoiseLength - 1));
                float re = (real[i] * (float)LoopbackDevice.Gain) + _noise[at], im = (imaginary[i] * (float)LoopbackDevice.Gain) + _noise[at + 1];
                re = Overlaps(_device.Script.Zeros, first + i) ? 0 : Overlaps(_device.Script.Saturation, first + i) ? 1 : re;
                im = Overlaps(_device.Script.Zeros, first + i) ? 0 : im;
                if (Format == SampleFormat.ComplexFloat32)
                {
                    buffer.Floats(c)[2 * i] = re;
                    buffer.Floats(c)[(2 * i) + 1] = im;
                }
                else
                {
                    buffer.Integers(c)[2 * i] = (short)Math.Clamp(MathF.Round(re * 32768), -32768, 32767);
                    buffer.Integers(c)[(2 * i) + 1] = (short)Math.Clamp(MathF.Round(im * 32768), -32768, 32767);
                }
            }
        }
    }
}
