namespace IsacTestbed.Dsp.Radar;

/// <summary>Some threads that wait for the same job again and again; the caller is one of them. Starting a job allocates nothing.</summary>
/// <remarks>One job at a time; the owner serialises calls.</remarks>
internal sealed class WorkerTeam : IDisposable
{
    private readonly Action<int> _job;
    private readonly SemaphoreSlim[] _start;
    private readonly Thread[] _threads;
    private readonly CountdownEvent _done;
    private Exception? _failure;
    private volatile bool _ending;

    /// <summary>Starts the threads.</summary>
    /// <param name="size">Workers, the caller included.</param>
    /// <param name="job">What each worker does; gets the worker's number, 0 for the caller.</param>
    public WorkerTeam(int size, Action<int> job)
    {
        _job = job;
        _done = new CountdownEvent(Math.Max(1, size - 1));
        _start = new SemaphoreSlim[size - 1];
        _threads = new Thread[size - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _start[i] = new SemaphoreSlim(0);
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"range-doppler {worker}" };
            _threads[i].Start();
        }
    }

    public int Size => _threads.Length + 1;

    /// <summary>Runs the job on all workers and returns when the last has finished.</summary>
    public void Run()
    {
        if (_threads.Length == 0)
        {
            _job(0);
            return;
        }

        _done.Reset();
        foreach (SemaphoreSlim start in _start)
        {
            start.Release();
        }

        try
        {
            _job(0);
        }
        finally
        {
            _done.Wait();
        }

        if (Interlocked.Exchange(ref _failure, null) is Exception failure)
        {
            throw new InvalidOperationException("A worker failed.", failure);
        }
    }

    public void Dispose()
    {
        if (_ending)
        {
            return;
        }

        _ending = true;
        for (int i = 0; i < _threads.Length; i++)
        {
            _start[i].Release();
            _threads[i].Join();
            _start[i].Dispose();
        }

        _done.Dispose();
    }

    private void Work(int worker)
    {
        while (true)
        {
            _start[worker - 1].Wait();
            if (_ending)
            {
                return;
            }

            try
            {
                _job(worker);
            }
            catch (Exception failure)
            {
                // Carried to the caller of Run, who must not see half a map as a whole one.
                _failure = failure;
            }

            _done.Signal();
        }
    }
}
