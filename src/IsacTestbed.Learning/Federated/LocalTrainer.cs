using IsacTestbed.Core;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Federated;

/// <summary>Trains the model of one device after another; keeps its memory between them.</summary>
internal sealed class LocalTrainer(NetworkArchitecture architecture, LocalTrainingSettings settings, ulong seed, int threads) : IDisposable
{
    private readonly Network _network = new(architecture, threads);
    private readonly IOptimiser _optimiser = settings.Optimiser.Create(architecture.ParameterCount);
    private readonly float[] _gradient = new float[architecture.ParameterCount];
    private readonly float[] _features = new float[checked(settings.BatchSize * architecture.Input.Size)];
    private readonly int[] _labels = new int[settings.BatchSize];
    private int[] _order = [];

    /// <summary>Trains in place.</summary>
    /// <param name="round">Number of the round: keys the order of the samples.</param>
    /// <param name="data">The device and its samples.</param>
    /// <param name="weights">The broadcast weights, replaced by the device's.</param>
    /// <returns>Mean loss of the steps; NaN without samples.</returns>
    /// <exception cref="ArithmeticException">The loss is not finite: training has diverged.</exception>
    public double Train(int round, DeviceData data, Span<float> weights)
    {
        LabelledSamples samples = data.Samples;
        if (samples.Count == 0)
        {
            return double.NaN;
        }

        _optimiser.Reset();
        if (_order.Length < samples.Count)
        {
            _order = new int[samples.Count];
        }

        var random = new CounterRandom(seed, RandomPurpose.BatchOrder, (uint)data.Device, (uint)round);
        Span<int> order = _order.AsSpan(0, samples.Count);
        int batch = Math.Min(settings.BatchSize, samples.Count), position = samples.Count, epoch = 0, steps = 0;
        double total = 0;
        while (settings.Unit == LocalTrainingUnit.Steps ? steps < settings.Length : epoch < settings.Length || position < samples.Count)
        {
            if (position == samples.Count)
            {
                random.Permute((ulong)epoch * (ulong)samples.Count, order);
                position = 0;
                epoch++;
            }

            int count = Math.Min(batch, samples.Count - position);
            double loss = Step(samples, order.Slice(position, count), weights);
            if (!double.IsFinite(loss))
            {
                throw new ArithmeticException(
                    $"Training diverged on device {data.Device} in round {round}, step {steps}: "
                    + $"the loss is {loss}. Lower the learning rate.");
            }

            total += loss;
            position += count;
            steps++;
        }

        return total / steps;
    }

    public void Dispose() => _network.Dispose();

    private double Step(LabelledSamples samples, ReadOnlySpan<int> indices, Span<float> weights)
    {
        Span<float> features = _features.AsSpan(0, indices.Length * samples.Shape.Size);
        Span<int> labels = _labels.AsSpan(0, indices.Length);
        samples.Gather(indices, features, labels);
        double loss = _network.LossAndGradient(weights, features, labels, _gradient);
        _optimiser.Apply(_gradient, weights);
        return loss;
    }
}
