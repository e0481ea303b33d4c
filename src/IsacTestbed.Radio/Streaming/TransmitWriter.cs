using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Radio;

/// <summary>Writes the bursts of a schedule to the transmit stream ahead of their time, on a thread of its own.</summary>
/// <remarks>
/// A burst is one timed part with its repetitions and the silence between them, or one timed part per repetition where the silence is long. Each part
/// ends with an end-of-burst mark. A burst that has failed is closed and not written on.
/// </remarks>
internal sealed class TransmitWriter : IDisposable
{
    private const int WriteMicroseconds = 20_000;

    private readonly ITransmitStream _stream;
    private readonly BurstSignal[] _signals;
    private readonly TransmitLedger _ledger;
    private readonly TransmitTiming _timing;
    private readonly StreamBuffer _buffer;
    private readonly float[] _real;
    private readonly float[] _imaginary;
    private readonly TimeProvider _timeProvider;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly AutoResetEvent _timePassed = new(false);
    private readonly Action _progressed;
    private long _writtenUntil;
    private bool _isPartOpen;
    private volatile bool _hasStarted;
    private volatile StreamingDeviceException? _fault;

    /// <summary>Prepares; nothing is written before <see cref="Start"/>.</summary>
    /// <param name="stream">The stream, active by the time of the start.</param>
    /// <param name="signals">The bursts in order of start, with what they send.</param>
    /// <param name="ledger">Where each burst's fate is booked.</param>
    /// <param name="timing">When samples are written.</param>
    /// <param name="timeProvider">The host's clock.</param>
    /// <param name="progressed">Called when more is written or something has failed, on the writer's thread.</param>
    public TransmitWriter(
        ITransmitStream stream,
        BurstSignal[] signals,
        TransmitLedger ledger,
        TransmitTiming timing,
        TimeProvider timeProvider,
        Action progressed)
    {
        _stream = stream;
        _signals = signals;
        _ledger = ledger;
        _timing = timing;
        _timeProvider = timeProvider;
        _progressed = progressed;
        _buffer = new StreamBuffer(stream.Format, signals[0].ChannelCount, stream.MaxSamples);
        _real = new float[stream.MaxSamples];
        _imaginary = new float[stream.MaxSamples];
        _writtenUntil = signals[0].Burst.StartTick;
    }

    /// <summary>Completes when the thread has left the driver for good; at once when it was never started.</summary>
    public Task Ended => _hasStarted ? _ended.Task : Task.CompletedTask;

    /// <summary>Why the stream failed; null while it has not.</summary>
    public StreamingDeviceException? Fault => _fault;

    /// <summary>Everything that is to leave before this tick has been written.</summary>
    public long WrittenUntil => Interlocked.Read(ref _writtenUntil);

    /// <summary>Starts the thread.</summary>
    public void Start(string name)
    {
        _hasStarted = true;
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Says that the radio's time has gone on, for a clock that does not go by itself.</summary>
    public void TimePassed() => _timePassed.Set();

    /// <summary>Makes the thread end: an open part is closed, nothing more is written.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Frees the buffer; the thread has ended.</summary>
    public void Dispose()
    {
        _buffer.Dispose();
        _timePassed.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            for (int i = 0; i < _signals.Length && !_stop.IsCancellationRequested; i++)
            {
                AdvanceTo(_signals[i].Burst.StartTick);
                WriteBurst(i);
            }

            if (!_stop.IsCancellationRequested)
            {
                AdvanceTo(long.MaxValue);
            }
        }
        catch (StreamingDeviceException exception)
        {
            _fault = exception;
        }
        finally
        {
            _ended.SetResult();
            _progressed();
        }
    }

    private void WriteBurst(int index)
    {
        BurstSignal signal = _signals[index];
        TxBurst burst = signal.Burst;
        bool isSplit = burst.IntervalTicks - signal.Length >= _timing.LongSilenceTicks;
        long partLength = isSplit ? signal.Length : ((burst.Repeats - 1L) * burst.IntervalTicks) + signal.Length;
        for (int part = 0; part < (isSplit ? burst.Repeats : 1); part++)
        {
            long start = burst.StartTick + ((long)part * burst.IntervalTicks);
            if (!WritePart(index, start, partLength))
            {
                ClosePart();
                return;
            }
        }

        _ledger.Written(index);
        _progressed();
    }

    /// <summary>Writes one timed part of a burst.</summary>
    /// <returns>False when the burst has failed or was stopped.</returns>
    private bool WritePart(int index, long start, long length)
    {
        long first = start - _signals[index].Burst.StartTick;
        for (long at = 0; at < length;)
        {
            int count = (int)Math.Min(_stream.MaxSamples, length - at);
            AdvanceTo(start + at);
            if (!WaitUntil(start + at - _timing.AheadTicks, index))
            {
                return false;
            }

            if (at == 0 && _timing.Now() > start)
            {
                // The time has passed already: some devices would send it now.
                _ledger.Fail(index, nothingWasSent: first == 0, start);
                return false;
            }

            Fill(index, first + at, count);
            if (!WriteAll(index, start + at, count, isStart: at == 0, endsPart: at + count == length))
            {
                return false;
            }

            at += count;
        }

        return true;
    }

    private bool WriteAll(int index, long tick, int count, bool isStart, bool endsPart)
    {
        long since = _timeProvider.GetTimestamp();
        for (int offset = 0; offset < count;)
        {
            if (_stop.IsCancellationRequested || _ledger.IsSettled(index))
            {
                return false;
            }

            bool isTimed = isStart && offset == 0;
            TransmitResult result = _stream.Write(_buffer, offset, count - offset, isTimed ? tick : null, endsPart, WriteMicroseconds);
            switch (result.Status)
            {
                case TransmitStatus.Accepted when result.SampleCount > 0:
                    offset += result.SampleCount;
                    since = _timeProvider.GetTimestamp();
                    _isPartOpen = !(endsPart && offset == count);
                    if (isTimed)
                    {
                        _ledger.PartStarted(index);
                    }

                    break;
                case TransmitStatus.Late or TransmitStatus.Underflow:
                    _ledger.Fail(index, result.Status == TransmitStatus.Late && tick == _signals[index].Burst.StartTick, tick);
                    return false;
                case TransmitStatus.Failed:
                    throw new StreamingDeviceException(RadioFaultCode.Dead, "the transmit stream has failed.");
                default:
                    if (_timing.DeadAfter is { } limit && _timeProvider.GetElapsedTime(since) > limit)
                    {
                        throw new StreamingDeviceException(
                            RadioFaultCode.Dead, $"the device takes no samples to transmit for {limit.TotalSeconds:0.#} s.");
                    }

                    break;
            }
        }

        return true;
    }

    /// <summary>Ends a part that was left in the middle, with one sample of silence, so that the device does not wait for the rest.</summary>
    private void ClosePart()
    {
        if (_isPartOpen)
        {
            Clear(1);
            _stream.Write(_buffer, 0, 1, null, endOfBurst: true, WriteMicroseconds);
            _isPartOpen = false;
        }
    }

    /// <summary>Waits until the radio's time has come to a tick.</summary>
    /// <returns>False when the burst has failed or was stopped meanwhile.</returns>
    private bool WaitUntil(long tick, int index)
    {
        while (!_stop.IsCancellationRequested && !_ledger.IsSettled(index))
        {
            if (_timing.Now() >= tick)
            {
                return true;
            }

            WaitHandle.WaitAny([_timePassed, _stop.Token.WaitHandle], _timing.Pause(tick));
        }

        return false;
    }

    private void AdvanceTo(long tick)
    {
        Interlocked.Exchange(ref _writtenUntil, tick);
        _progressed();
    }

    /// <summary>Computes samples of a burst, counted from its start, with the silence between its repetitions.</summary>
    private void Fill(int index, long first, int count)
    {
        BurstSignal signal = _signals[index];
        Span<float> real = _real.AsSpan(0, count), imaginary = _imaginary.AsSpan(0, count);
        for (int c = 0; c < signal.ChannelCount; c++)
        {
            for (int done = 0; done < count;)
            {
                int phase = (int)((first + done) % signal.Burst.IntervalTicks), run = Math.Min(count - done, signal.Burst.IntervalTicks - phase);
                signal.Render(c, phase, _stream.FullScale, real.Slice(done, run), imaginary.Slice(done, run));
                done += run;
            }

            if (_stream.Format == SampleFormat.ComplexFloat32)
            {
                SampleLayout.Join(real, imaginary, Complex.One, _buffer.Floats(c)[..(2 * count)]);
            }
            else
            {
                SampleLayout.Join(real, imaginary, Complex.One, _buffer.Integers(c)[..(2 * count)]);
            }
        }
    }

    private void Clear(int count)
    {
        for (int c = 0; c < _buffer.ChannelCount; c++)
        {
            if (_stream.Format == SampleFormat.ComplexFloat32)
            {
                _buffer.Floats(c)[..(2 * count)].Clear();
            }
            else
            {
                _buffer.Integers(c)[..(2 * count)].Clear();
            }
        }
    }
}

/// <summary>When samples are written.</summary>
/// <param name="Now">The radio's time, as a tick.</param>
/// <param name="Pause">How long to wait at most for a tick before looking again.</param>
/// <param name="AheadTicks">How far ahead of their time samples are written.</param>
/// <param name="LongSilenceTicks">Silence from which repetitions become parts of their own.</param>
/// <param name="DeadAfter">How long the device may refuse samples; null when it may as long as it likes, since its clock may stand.</param>
internal sealed record TransmitTiming(
    Func<long> Now, Func<long, TimeSpan> Pause, long AheadTicks, long LongSilenceTicks, TimeSpan? DeadAfter);
