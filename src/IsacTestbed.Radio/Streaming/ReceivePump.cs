using IsacTestbed.Core;

namespace IsacTestbed.Radio;

/// <summary>Reads one continuous receive stream into the ring, on a thread of its own, from arming to the end of the run.</summary>
/// <remarks>
/// In real time it never waits for anybody: what the reader leaves too long is overwritten, and the reader finds out. In lock-step it reads only as
/// far as the ring has room and as the transmit samples have been written, since by reading it lets the time pass. Time stamps say where samples
/// belong: a jump ahead is a gap, samples from before the head are dropped.
/// </remarks>
internal sealed class ReceivePump : IDisposable
{
    private const int ReadMicroseconds = 50_000;
    private static readonly TimeSpan IdlePause = TimeSpan.FromMilliseconds(1);

    private readonly IReceiveStream _stream;
    private readonly SampleRing _ring;
    private readonly StreamBuffer _buffer;
    private readonly StreamClock _clock;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _deadAfter;
    private readonly Action _progressed;
    private readonly ManualResetEventSlim _mayRead = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private long _floor = long.MinValue;
    private long _limit = long.MinValue;
    private long _lastSamples;
    private bool _isPlaceLost;
    private volatile bool _hasStarted;
    private volatile StreamingDeviceException? _fault;

    /// <summary>Prepares; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="stream">The stream, active by the time of the start.</param>
    /// <param name="ring">Where the samples go.</param>
    /// <param name="clock">What makes the device's clock go on.</param>
    /// <param name="timeProvider">The host's clock.</param>
    /// <param name="deadAfter">How long the device may stay silent in real time.</param>
    /// <param name="progressed">Called behind each read, on the pump's thread.</param>
    public ReceivePump(
        IReceiveStream stream, SampleRing ring, StreamClock clock, TimeProvider timeProvider, TimeSpan deadAfter, Action progressed)
    {
        _stream = stream;
        _ring = ring;
        _buffer = new StreamBuffer(stream.Format, ring.ChannelCount, stream.MaxSamples);
        _clock = clock;
        _timeProvider = timeProvider;
        _deadAfter = deadAfter;
        _progressed = progressed;
        _lastSamples = timeProvider.GetTimestamp();
    }

    /// <summary>Completes when the thread has left the driver for good; at once when it was never started.</summary>
    public Task Ended => _hasStarted ? _ended.Task : Task.CompletedTask;

    /// <summary>Why the stream failed; null while it has not.</summary>
    public StreamingDeviceException? Fault => _fault;

    /// <summary>How long ago samples came last, or since the start.</summary>
    public TimeSpan Silence => _timeProvider.GetElapsedTime(Interlocked.Read(ref _lastSamples));

    /// <summary>Starts the thread.</summary>
    public void Start(string name)
    {
        _hasStarted = true;
        Interlocked.Exchange(ref _lastSamples, _timeProvider.GetTimestamp());
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Lets the pump read on in lock-step.</summary>
    /// <param name="floor">Oldest tick that the reader still needs.</param>
    /// <param name="limit">Tick that must not be read past yet, because samples to transmit behind it are not written.</param>
    public void Permit(long floor, long limit)
    {
        Interlocked.Exchange(ref _floor, floor);
        Interlocked.Exchange(ref _limit, limit);
        _mayRead.Set();
    }

    /// <summary>Makes the thread end behind its current read.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Frees the buffer; the thread has ended.</summary>
    public void Dispose()
    {
        _buffer.Dispose();
        _mayRead.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            while (_fault is null && WaitForLeave())
            {
                ReadOnce();
                _progressed();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped while it waited for leave to read.
        }
        catch (StreamingDeviceException exception)
        {
            _fault = exception;
            _progressed();
        }
        finally
        {
            _ended.SetResult();
        }
    }

    /// <summary>Waits in lock-step until a whole read fits.</summary>
    /// <returns>False when it is to end.</returns>
    private bool WaitForLeave()
    {
        while (_clock == StreamClock.LockStep && !_stop.IsCancellationRequested)
        {
            _mayRead.Reset();
            long end = _ring.Head + _buffer.Capacity;
            if (end <= Interlocked.Read(ref _limit) && end - Math.Min(end, Interlocked.Read(ref _floor)) <= _ring.Capacity)
            {
                break;
            }

            _mayRead.Wait(_stop.Token);
        }

        return !_stop.IsCancellationRequested;
    }

    private void ReadOnce()
    {
        ReceiveResult result = _stream.Read(_buffer, ReadMicroseconds);
        switch (result.Status)
        {
            case ReceiveStatus.Samples when result.SampleCount > 0:
                Take(result);
                Interlocked.Exchange(ref _lastSamples, _timeProvider.GetTimestamp());
                break;
            case ReceiveStatus.Overflow or ReceiveStatus.Corrupt:
                _isPlaceLost = true;
                break;
            case ReceiveStatus.Failed:
                _fault = new StreamingDeviceException(RadioFaultCode.Dead, "the receive stream has failed.");
                break;
            default:
                if (_clock == StreamClock.RealTime && Silence > _deadAfter)
                {
                    _fault = new StreamingDeviceException(
                        RadioFaultCode.Dead, $"no samples for {_deadAfter.TotalSeconds:0.#} s; check power, cable and clock source.");
                }

                // Some drivers come back at once from a stream that brings nothing.
                _stop.Token.WaitHandle.WaitOne(IdlePause);
                break;
        }
    }

    private void Take(ReceiveResult result)
    {
        if (!_ring.HasStarted)
        {
            _ring.Start(result.FirstTick ?? throw Unplaced());
            _isPlaceLost = false;
        }

        long first = result.FirstTick ?? (_isPlaceLost ? throw Unplaced() : _ring.Head);
        long ahead = first - _ring.Head;
        int skipped = 0;
        if (ahead > 0)
        {
            _ring.Lose(ahead);
        }
        else if (ahead < 0)
        {
            skipped = (int)Math.Min(-ahead, result.SampleCount);
            _ring.FlagHead(CaptureFlags.Overflow);
        }
        else if (_isPlaceLost)
        {
            _ring.FlagHead(CaptureFlags.Overflow);
        }

        _isPlaceLost = false;
        if (skipped < result.SampleCount)
        {
            _ring.Append(_buffer, skipped, result.SampleCount - skipped, 1 / _stream.FullScale);
        }
    }

    private static StreamingDeviceException Unplaced() => new(
        RadioFaultCode.NotSupported,
        "the driver gives samples without a time stamp where the radio needs one; it needs a device with hardware time.");
}
