using System.Runtime.ExceptionServices;

namespace IsacTestbed.Core;

/// <summary>A fixed set of threads that share the parts of one piece of work after another, without allocating.</summary>
/// <remarks>
/// The caller is worker 0 and takes parts too, so a helper that the system wakes late delays nobody: it finds nothing left. Parts are
/// claimed by counting down the lower half of a ticket whose upper half is the number of the job; a helper that read an old ticket
/// fails to swap it. One caller at a time. Its two waits are what it is for: the caller's for the last part, which others are computing at that
/// moment, and a helper's for work, on a thread of its own and never of the pool.
/// </remarks>
public sealed class WorkTeam : IDisposable
{
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ManualResetEventSlim _done = new(false, 200);
    private readonly Thread[] _helpers;
    private IPartitionedWork? _work;
    private ExceptionDispatchInfo? _failure;
    private ulong _ticket;
    private int _pending;
    private volatile bool _stopping;

    /// <summary>Starts the helpers.</summary>
    /// <param name="size">Threads that work together, the caller included; at least 1.</param>
    public WorkTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        _helpers = new Thread[size - 1];
        for (int i = 0; i < _helpers.Length; i++)
        {
            int worker = i + 1;
            _helpers[i] = new Thread(() => Help(worker)) { IsBackground = true, Name = $"work team {worker}" };
            _helpers[i].Start();
        }
    }

    /// <summary>Threads that work together, the caller included.</summary>
    public int Size => _helpers.Length + 1;

    /// <summary>Does all parts and returns when they are done; the first exception of a part is thrown here, behind the other parts.</summary>
    /// <param name="work">The work.</param>
    /// <param name="parts">Number of parts, not negative.</param>
    public void Run(IPartitionedWork work, int parts)
    {
        if (Size == 1 || parts <= 1)
        {
            for (int part = 0; part < parts; part++)
            {
                work.Execute(part, 0);
            }

            return;
        }

        ObjectDisposedException.ThrowIf(_stopping, this);
        _work = work;
        _failure = null;
        _pending = parts;
        _done.Reset();
        Volatile.Write(ref _ticket, (((_ticket >> 32) + 1) << 32) | (uint)parts);
        _wake.Release(Math.Min(_helpers.Length, parts - 1));
        Claim(0);
        _done.Wait();
        _work = null;
        _failure?.Throw();
    }

    /// <summary>Ends the helpers.</summary>
    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        if (_helpers.Length > 0)
        {
            _wake.Release(_helpers.Length);
        }

        foreach (Thread helper in _helpers)
        {
            helper.Join();
        }

        _wake.Dispose();
        _done.Dispose();
    }

    private void Help(int worker)
    {
        while (true)
        {
            _wake.Wait();
            if (_stopping)
            {
                return;
            }

            Claim(worker);
        }
    }

    private void Claim(int worker)
    {
        while (true)
        {
            ulong ticket = Volatile.Read(ref _ticket);
            if ((uint)ticket == 0)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _ticket, ticket - 1, ticket) != ticket)
            {
                continue;
            }

            try
            {
                _work!.Execute((int)(uint)ticket - 1, worker);
            }
#pragma warning disable CA1031 // Whatever a part throws belongs to the caller of Run.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }

            if (Interlocked.Decrement(ref _pending) == 0)
            {
                _done.Set();
            }
        }
    }
}
