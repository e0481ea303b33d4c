using System.Collections.Concurrent;

namespace IsacTestbed.Radio;

/// <summary>Makes the control calls to a device: one at a time, on a thread of its own, each with a time limit.</summary>
/// <remarks>
/// A driver that hangs costs its caller the time limit and no more: from then on the device counts as dead, its thread and handles are given up,
/// and every call fails at once.
/// </remarks>
internal sealed class DeviceControl
{
    private readonly BlockingCollection<Action> _calls = [];
    private readonly string _radioId;
    private readonly TimeSpan _timeLimit;
    private readonly TimeProvider _timeProvider;
    private IStreamingDevice? _device;
    private volatile bool _isGivenUp;
    private volatile RadioException? _death;

    /// <summary>Starts the thread; no device is open yet.</summary>
    public DeviceControl(string radioId, TimeSpan timeLimit, TimeProvider timeProvider)
    {
        _radioId = radioId;
        _timeLimit = timeLimit;
        _timeProvider = timeProvider;
        new Thread(MakeCalls) { IsBackground = true, Name = $"{radioId} control" }.Start();
    }

    /// <summary>Opens the device. A caller who gives up leaves nothing open behind.</summary>
    public async Task<StreamingDeviceDescription> OpenAsync(
        Func<IStreamingDevice> open, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        return await MakeAsync(
            () =>
            {
                _device = open();
                return _device.Description;
            },
            "opening the device",
            timeLimit,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="what">What it does, for the message when it fails.</param>
    /// <param name="cancellationToken">Gives up waiting; the call itself goes on unless it looks at the token.</param>
    /// <exception cref="RadioException">The driver refused, or did not answer in time.</exception>
    public Task<T> CallAsync<T>(Func<IStreamingDevice, T> call, string what, CancellationToken cancellationToken) =>
        MakeAsync(() => call(_device!), what, _timeLimit, cancellationToken);

    /// <inheritdoc cref="CallAsync{T}"/>
    public Task CallAsync(Action<IStreamingDevice> call, string what, CancellationToken cancellationToken) =>
        CallAsync(
            device =>
            {
                call(device);
                return true;
            },
            what,
            cancellationToken);

    /// <summary>Declares the device dead: nothing is asked of it any more.</summary>
    public void Bury(RadioException death) => _death ??= death;

    /// <summary>Throws when the device is dead.</summary>
    public void RequireAlive()
    {
        if (_death is { } death)
        {
            throw new RadioException(RadioFaultCode.Dead, _radioId, "the device has failed before; open it again.", death);
        }
    }

    /// <summary>Leaves the device open for good: a thread hangs in its driver, and closing underneath it would crash the process.</summary>
    public void GiveUp() => _isGivenUp = true;

    /// <summary>Closes the device behind the call that is going on, and ends the thread. May be called again.</summary>
    /// <returns>Completes when it is closed, or after the time limit: a call that hangs in the driver is given up.</returns>
    public async Task CloseAsync()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_calls.IsAddingCompleted)
        {
            return;
        }

        _calls.Add(() => CloseDevice(closed));
        _calls.CompleteAdding();
        try
        {
            await closed.Task.WaitAsync(_timeLimit, _timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Closing underneath a call would crash the process; it is closed when the call returns, if ever.
        }
    }

    private void CloseDevice(TaskCompletionSource closed)
    {
        try
        {
            if (!_isGivenUp)
            {
                _device?.Dispose();
            }
        }
        catch (StreamingDeviceException)
        {
            // It is gone one way or the other; there is nobody left to tell.
        }
        finally
        {
            closed.SetResult();
        }
    }

    private async Task<T> MakeAsync<T>(Func<T> call, string what, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        RequireAlive();
        cancellationToken.ThrowIfCancellationRequested();
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Add(
            () =>
            {
                try
                {
                    completion.SetResult(call());
                }
                catch (Exception exception)
                {
                    completion.SetException(exception);
                }
            },
            CancellationToken.None);
        try
        {
            return await completion.Task.WaitAsync(timeLimit, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (StreamingDeviceException exception)
        {
            throw new RadioException(exception.Code, _radioId, $"{what}: {exception.Message}", exception);
        }
        catch (TimeoutException exception)
        {
            var death = new RadioException(
                RadioFaultCode.Dead, _radioId, $"{what}: no answer within {timeLimit.TotalSeconds:0.#} s; the device counts as dead.", exception);
            Bury(death);
            throw death;
        }
    }

    private void MakeCalls()
    {
        foreach (Action call in _calls.GetConsumingEnumerable())
        {
            call();
        }
    }
}
