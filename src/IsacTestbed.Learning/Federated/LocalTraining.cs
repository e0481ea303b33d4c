using IsacTestbed.Core;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Federated;

/// <summary>The local training of all devices in one round, several at a time.</summary>
/// <remarks>
/// Devices train in waves, one thread each; the devices left over for an incomplete wave train one by one with all threads in each matrix
/// product, so that no thread idles. The results do not depend on the number of threads or on the order of the devices. One caller at a
/// time.
/// </remarks>
public sealed class LocalTraining : IDisposable, IPartitionedWork
{
    private readonly NetworkArchitecture _architecture;
    private readonly WorkTeam _team;
    private readonly LocalTrainer[] _single;
    private readonly LocalTrainer _joint;
    private int _round;
    private IReadOnlyList<DeviceData> _devices = [];
    private float[][] _weights = [];
    private double[] _losses = [];

    /// <summary>Prepares local training.</summary>
    /// <param name="architecture">The model.</param>
    /// <param name="settings">What each device does in a round.</param>
    /// <param name="seed">The experiment's seed: the order of samples is drawn from it.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public LocalTraining(NetworkArchitecture architecture, LocalTrainingSettings settings, ulong seed, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.BatchSize, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.Length, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        _architecture = architecture;
        _joint = new LocalTrainer(architecture, settings, seed, threads);
        _single = threads == 1
            ? [_joint]
            : [.. Enumerable.Range(0, threads).Select(_ => new LocalTrainer(architecture, settings, seed, 1))];
        _team = new WorkTeam(threads);
    }

    /// <summary>Trains every device from the broadcast weights.</summary>
    /// <param name="round">Number of the round, in 0 .. 2^24 - 1.</param>
    /// <param name="weights">The broadcast weights; not changed.</param>
    /// <param name="devices">The devices with their data, each once.</param>
    /// <returns>One result per device, in the order given. A device without samples returns the broadcast weights.</returns>
    /// <exception cref="ArgumentException">Samples do not fit the model, a device appears twice or is negative, or the weights have the
    /// wrong length.</exception>
    /// <exception cref="ArithmeticException">Training diverged on a device.</exception>
    public IReadOnlyList<LocalResult> Train(int round, ReadOnlySpan<float> weights, IReadOnlyList<DeviceData> devices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(round, 0xFFFFFF);
        if (weights.Length != _architecture.ParameterCount)
        {
            throw new ArgumentException(
                $"{weights.Length} weights for the {_architecture.ParameterCount} parameters of {_architecture}.", nameof(weights));
        }

        var seen = new HashSet<int>();
        foreach (DeviceData device in devices)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(device.Device, nameof(devices));
            device.Samples.RequireFit(_architecture);
            if (!seen.Add(device.Device))
            {
                throw new ArgumentException($"Device {device.Device} appears twice.", nameof(devices));
            }
        }

        _round = round;
        _devices = devices;
        _losses = new double[devices.Count];
        _weights = new float[devices.Count][];
        for (int i = 0; i < devices.Count; i++)
        {
            _weights[i] = weights.ToArray();
        }

        int inWaves = devices.Count - (devices.Count % _team.Size);
        _team.Run(this, inWaves);
        for (int i = inWaves; i < devices.Count; i++)
        {
            _losses[i] = _joint.Train(round, devices[i], _weights[i]);
        }

        var results = new LocalResult[devices.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = new LocalResult(new DeviceUpdate(round, devices[i].Device, devices[i].Samples.Count, _weights[i]), _losses[i]);
        }

        return results;
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _team.Dispose();
        _joint.Dispose();
        foreach (LocalTrainer trainer in _single)
        {
            trainer.Dispose();
        }
    }

    void IPartitionedWork.Execute(int part, int worker) => _losses[part] = _single[worker].Train(_round, _devices[part], _weights[part]);
}
