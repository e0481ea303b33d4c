namespace IsacTestbed.Planning.IsacFl;

/// <summary>All devices of a case, evaluated together, in parallel where there are many.</summary>
/// <remarks>
/// Sums run over fixed blocks of devices and then over the blocks in order, so their bits do not depend on the number of threads.
/// Immutable and thread safe.
/// </remarks>
internal sealed class Fleet
{
    private const int BlockSize = 256;
    private const int ParallelFrom = 2 * BlockSize;
    private readonly DeviceModel[] _devices;
    private readonly int _threads;

    /// <summary>Folds the constants of every device.</summary>
    /// <param name="problem">The case.</param>
    /// <param name="threads">Most threads to use; -1 for as many as there are.</param>
    public Fleet(IsacFlCase problem, int threads = -1)
    {
        _threads = threads;
        _devices = [.. problem.Devices.Select(device => new DeviceModel(problem, device))];
        LargestSensingSnr = _devices.Min(device => device.LargestSensingSnr());
    }

    /// <summary>The devices, in the case's order.</summary>
    public IReadOnlyList<DeviceModel> Devices => _devices;

    /// <summary>Largest gamma at which every device has a feasible triple; negative if some device has none at any gamma.</summary>
    public double LargestSensingSnr { get; }

    /// <summary>Why the case has no feasible plan: one line per device without a feasible triple.</summary>
    public IReadOnlyList<string> Infeasibilities() => [.. _devices.Where(d => d.LargestSensingSnr() < 0).Select(d => d.Infeasibility())];

    /// <summary>
    /// Adds up a vector of figures over the devices: <paramref name="accumulate"/> adds one device's figures to its argument.
    /// </summary>
    public double[] Sum(int length, Action<DeviceModel, double[]> accumulate, CancellationToken cancellationToken)
    {
        int blocks = (_devices.Length + BlockSize - 1) / BlockSize;
        var partial = new double[blocks][];
        void RunBlock(int block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var sums = new double[length];
            int end = Math.Min(_devices.Length, (block + 1) * BlockSize);
            for (int k = block * BlockSize; k < end; k++)
            {
                accumulate(_devices[k], sums);
            }

            partial[block] = sums;
        }

        if (_devices.Length >= ParallelFrom)
        {
            Parallel.For(0, blocks, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = _threads }, RunBlock);
        }
        else
        {
            for (int block = 0; block < blocks; block++)
            {
                RunBlock(block);
            }
        }

        double[] total = partial[0];
        for (int block = 1; block < blocks; block++)
        {
            for (int i = 0; i < length; i++)
            {
                total[i] += partial[block][i];
            }
        }

        return total;
    }

    /// <summary>The triples that solve every subproblem (32) at gamma in closed form, or null if some device has none.</summary>
    public Allocation[]? Solve(double sensingSnr)
    {
        var allocations = new Allocation[_devices.Length];
        for (int k = 0; k < _devices.Length; k++)
        {
            if (!_devices[k].TrySolve(sensingSnr, out allocations[k]))
            {
                return null;
            }
        }

        return allocations;
    }
}
