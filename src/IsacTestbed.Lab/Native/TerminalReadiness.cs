using System.Runtime.InteropServices;

namespace IsacTestbed.Lab.Native;

/// <summary>
/// Waits, on one thread of its own, until a terminal can be read or written, so that a read is cancelled without losing a byte and no
/// thread of the pool is held by a quiet line.
/// </summary>
internal sealed class TerminalReadiness : IDisposable
{
    private readonly TerminalHandle _terminal;
    private readonly int _wake;
    private readonly Thread _thread;
    private readonly Lock _lock = new();
    private TaskCompletionSource? _readable;
    private TaskCompletionSource? _writable;
    private bool _stopped;

    /// <summary>Starts the thread.</summary>
    /// <param name="terminal">The terminal; kept open until this is disposed.</param>
    /// <param name="name">Name of the thread.</param>
    public TerminalReadiness(TerminalHandle terminal, string name)
    {
        _wake = LibC.EventFd(0, LibC.NonBlocking | LibC.CloseOnExec);
        if (_wake < 0)
        {
            throw new IOException($"eventfd: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        _terminal = terminal;
        bool counted = false;
        terminal.DangerousAddRef(ref counted);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Completes when a read would not block: bytes are there, or the line hung up.</summary>
    public Task UntilReadableAsync(CancellationToken cancellationToken) => WaitAsync(ref _readable, cancellationToken);

    /// <summary>Completes when a write would not block.</summary>
    public Task UntilWritableAsync(CancellationToken cancellationToken) => WaitAsync(ref _writable, cancellationToken);

    /// <summary>Ends the thread; waits in progress fail.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
        }

        Wake();
        _thread.Join();
        _ = LibC.Close(_wake);
        _terminal.DangerousRelease();
        Complete(ref _readable, new ObjectDisposedException(nameof(TerminalReadiness)));
        Complete(ref _writable, new ObjectDisposedException(nameof(TerminalReadiness)));
    }

    private Task WaitAsync(ref TaskCompletionSource? slot, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            waiter = slot ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Wake();
        return waiter.Task.WaitAsync(cancellationToken);
    }

    private unsafe void Wake()
    {
        ulong one = 1;
        _ = LibC.WriteEvent(_wake, &one, sizeof(ulong));
    }

    private unsafe void Run()
    {
        PollEntry* entries = stackalloc PollEntry[2];
        while (true)
        {
            lock (_lock)
            {
                if (_stopped)
                {
                    return;
                }

                // A hang-up is reported even for no events: a line that nobody waits for is left out altogether.
                short events = (short)((_readable is null ? 0 : LibC.PollIn) | (_writable is null ? 0 : LibC.PollOut));
                entries[0] = new PollEntry { Descriptor = events == 0 ? -1 : (int)_terminal.DangerousGetHandle(), Events = events };
            }

            entries[1] = new PollEntry { Descriptor = _wake, Events = LibC.PollIn };
            if (LibC.Poll(entries, 2, -1) < 0)
            {
                continue;
            }

            if (entries[1].Returned != 0)
            {
                ulong count;
                _ = LibC.ReadEvent(_wake, &count, sizeof(ulong));
            }

            bool broken = (entries[0].Returned & ~(LibC.PollIn | LibC.PollOut)) != 0;
            if (broken || (entries[0].Returned & LibC.PollIn) != 0)
            {
                Complete(ref _readable, null);
            }

            if (broken || (entries[0].Returned & LibC.PollOut) != 0)
            {
                Complete(ref _writable, null);
            }
        }
    }

    private void Complete(ref TaskCompletionSource? slot, Exception? failure)
    {
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            (waiter, slot) = (slot, null);
        }

        if (failure is null)
        {
            waiter?.TrySetResult();
        }
        else
        {
            waiter?.TrySetException(failure);
        }
    }
}
