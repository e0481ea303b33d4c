using System.Runtime.CompilerServices;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Benchmarks.Rpc;

/// <summary>A radio that captures as fast as it is read: each block is one copy of the same noise, as a driver would hand it over.</summary>
internal sealed class SteadyRadio : IRadio
{
    private readonly float[] _real;
    private readonly float[] _imaginary;
    private BurstSchedule? _armed;

    public SteadyRadio(int blockSamples)
    {
        _real = new float[blockSamples];
        _imaginary = new float[blockSamples];
        var random = new CounterRandom(5, RandomPurpose.Test);
        for (int i = 0; i < blockSamples; i++)
        {
            (double first, double second) = random.NormalPairAt((ulong)i);
            (_real[i], _imaginary[i]) = ((float)first, (float)second);
            BlockEnergy += ((double)_real[i] * _real[i]) + ((double)_imaginary[i] * _imaginary[i]);
        }

        Description = new RadioDescription(
            "steady",
            "bench",
            "0",
            new Dictionary<string, string>(),
            0,
            1,
            new SettingRange(1e3, 1e9),
            new SettingRange(1e6, 1e10),
            new SettingRange(0, 0),
            new SettingRange(0, 0),
            1,
            0,
            blockSamples);
    }

    /// <summary>Sum of |x|^2 over a block.</summary>
    public double BlockEnergy { get; }

    public RadioDescription Description { get; }

    public ValueTask<RadioSettings> ConfigureAsync(RadioSettingsRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask UploadWaveformAsync(Waveform waveform, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<DeviceTime> GetTimeAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new DeviceTime(0, 1e8));

    public ValueTask SetTimeAsync(DeviceTime time, TimeAlignment alignment, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<SensorReading>> ReadSensorsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SensorReading>>([]);

    public ValueTask ArmAsync(BurstSchedule schedule, CancellationToken cancellationToken)
    {
        _armed = schedule;
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<RadioOutput> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (RxWindow window in _armed!.Windows)
        {
            for (int first = 0; first < window.SampleCount; first += _real.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                bool isLast = first + _real.Length >= window.SampleCount;
                var block = new CaptureBlock("steady", window.WindowId, window.StartTick + first, 1e8, 1, _real.Length, isLast: isLast);
                _real.CopyTo(block.Real(0));
                _imaginary.CopyTo(block.Imaginary(0));
                yield return block;
            }
        }

        await Task.CompletedTask;
    }

    public ValueTask MuteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
