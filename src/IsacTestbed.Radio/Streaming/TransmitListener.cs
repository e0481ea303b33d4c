namespace IsacTestbed.Radio;

/// <summary>Collects what the device tells of its transmission, on a thread of its own.</summary>
internal sealed class TransmitListener : IDisposable
{
    private const int ReadMicroseconds = 50_000;
    private static readonly TimeSpan IdlePause = TimeSpan.FromMilliseconds(2);

    private readonly ITransmitStream _stream;
    private readonly Action<TransmitEvent> _told;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _hasStarted;
    private volatile StreamingDeviceException? _fault;

    /// <summary>Prepares; <paramref name="told"/> gets each event on the listener's thread.</summary>
    public TransmitListener(ITransmitStream stream, Action<TransmitEvent> told)
    {
        _stream = stream;
        _told = told;
    }

    /// <summary>Completes when the thread has left the driver for good; at once when it was never started.</summary>
    public Task Ended => _hasStarted ? _ended.Task : Task.CompletedTask;

    /// <summary>Why the stream failed; null while it has not.</summary>
    public StreamingDeviceException? Fault => _fault;

    /// <summary>Starts the thread.</summary>
    public void Start(string name)
    {
        _hasStarted = true;
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Makes the thread end behind its current read.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Frees what it holds; the thread has ended.</summary>
    public void Dispose() => _stop.Dispose();

    private void Run()
    {
        try
        {
            while (!_stop.IsCancellationRequested && Listen())
            {
            }
        }
        catch (StreamingDeviceException exception)
        {
            _fault = exception;
        }
        finally
        {
            _ended.SetResult();
        }
    }

    /// <summary>Waits for one event.</summary>
    /// <returns>False when there will be no more.</returns>
    private bool Listen()
    {
        TransmitEvent told = _stream.ReadEvent(ReadMicroseconds);
        switch (told.Kind)
        {
            case TransmitEventKind.None:
                // Some drivers come back at once.
                _stop.Token.WaitHandle.WaitOne(IdlePause);
                return true;
            case TransmitEventKind.NotSupported:
                return false;
            case TransmitEventKind.Failed:
                _fault = new StreamingDeviceException(RadioFaultCode.Dead, "the transmit stream has failed.");
                _told(told);
                return false;
            default:
                _told(told);
                return true;
        }
    }
}
