using IsacTestbed.Core;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Federated;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Tests.Federated;

public sealed class LocalTrainingTests
{
    private static readonly NetworkArchitecture Model =
        NetworkArchitecture.Perceptron(FeatureShape.Vector(Clusters.Features), [24], Clusters.Classes);

    [Fact]
    public void Training_OfOneDevice_IsThatManyStepsOverShuffledPasses()
    {
        // 50 samples in batches of 16: 16, 16, 16, 2, and then a new pass.
        LabelledSamples samples = Clusters.Draw(50, 2, 100);
        const int Device = 3, Round = 17, Steps = 6;
        float[] start = Model.InitialWeights(1), expected = [.. start], gradient = new float[start.Length];
        using var network = new Network(Model);
        var random = new CounterRandom(1, RandomPurpose.BatchOrder, Device, Round);
        int[] order = new int[100];
        random.Permute(0, order.AsSpan(0, 50));
        random.Permute(50, order.AsSpan(50, 50));
        double losses = 0;
        foreach (Range batch in new[] { 0..16, 16..32, 32..48, 48..50, 50..66, 66..82 })
        {
            LabelledSamples chosen = samples.Subset(order.AsSpan(batch));
            losses += network.LossAndGradient(expected, chosen.Features.Span, chosen.Labels.Span, gradient);
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] -= 0.1f * gradient[i];
            }
        }

        LocalResult result = Train([new DeviceData(Device, samples)], start, Round, threads: 1, Steps).Single();
        Assert.Equal(expected, result.Update.Weights.ToArray());
        Assert.Equal(losses / Steps, result.Loss);
        Assert.Equal((Round, Device, 50), (result.Update.Round, result.Update.Device, result.Update.SampleCount));

        // One device: federated averaging is local training, exactly.
        float[] average = [.. start];
        Assert.True(FederatedAveraging.Average([result.Update], average));
        Assert.Equal(expected, average);
    }

    [Fact]
    public void Training_WithAnyNumberOfThreadsAndOrderOfDevices_HasTheSameBits()
    {
        DeviceData[] devices = [.. Enumerable.Range(0, 5).Select(k => new DeviceData(k, Clusters.Draw(40 + (13 * k), 2, (uint)(110 + (2 * k)))))];
        float[] start = Model.InitialWeights(2);
        IReadOnlyList<LocalResult> alone = Train(devices, start, 0, 1, 4);
        foreach (int threads in new[] { 2, 3, 8 })
        {
            IReadOnlyList<LocalResult> together = Train([.. devices.Reverse()], start, 0, threads, 4);
            for (int k = 0; k < devices.Length; k++)
            {
                LocalResult other = together[devices.Length - 1 - k];
                Assert.Equal(k, other.Update.Device);
                Assert.True(alone[k].Update.Weights.Span.SequenceEqual(other.Update.Weights.Span));
                Assert.Equal(alone[k].Loss, other.Loss);
            }
        }
    }

    [Fact]
    public void Average_OfOneFullBatchStepOnEqualParts_IsTheCentralStep()
    {
        const int Devices = 4, PerDevice = 32;
        LabelledSamples all = Clusters.Draw(Devices * PerDevice, 2, 130);
        DeviceData[] devices =
            [.. Enumerable.Range(0, Devices).Select(k => new DeviceData(k, all.Subset([.. Enumerable.Range(k * PerDevice, PerDevice)])))];
        float[] start = Model.InitialWeights(3), average = [.. start];
        FederatedAveraging.Average([.. Train(devices, start, 0, 2, 1).Select(result => result.Update)], average);
        ReadOnlySpan<float> central = Train([new DeviceData(0, all)], start, 0, 1, 1)[0].Update.Weights.Span;

        // Each gradient is a sum of at most 128 terms below one, divided by their number: single precision keeps it to about 1e-6.
        double moved = 0;
        for (int i = 0; i < start.Length; i++)
        {
            moved = Math.Max(moved, Math.Abs(central[i] - start[i]));
            Assert.Equal(central[i], average[i], 1e-6);
        }

        Assert.True(moved > 1e-3);
    }

    [Fact]
    public void Epochs_CoverTheDataThatManyTimes()
    {
        var settings = new LocalTrainingSettings(new SgdSettings(0.1f), 16, 2, LocalTrainingUnit.Epochs);
        using var training = new LocalTraining(Model, settings, 1, 1);
        LabelledSamples samples = Clusters.Draw(50, 2, 100);
        float[] start = Model.InitialWeights(1);
        Assert.Equal(
            Train([new DeviceData(0, samples)], start, 0, 1, 8)[0].Update.Weights.ToArray(),
            training.Train(0, start, [new DeviceData(0, samples)])[0].Update.Weights.ToArray());
    }

    [Fact]
    public void Training_ToConvergence_ReachesTheBestAccuracy()
    {
        const double Distance = 2.5;
        const int TestCount = 8000;
        var settings = new LocalTrainingSettings(new AdamSettings(5e-3f), 64, 30, LocalTrainingUnit.Epochs);
        NetworkArchitecture linear = NetworkArchitecture.From(FeatureShape.Vector(Clusters.Features)).Dense(Clusters.Classes);
        using var training = new LocalTraining(linear, settings, 4, 2);
        LocalResult result = training.Train(0, linear.InitialWeights(4), [new DeviceData(0, Clusters.Draw(4000, Distance, 140))])[0];
        using var network = new Network(linear);
        double accuracy = network.Evaluate(result.Update.Weights.Span, Clusters.Draw(TestCount, Distance, 142)).Accuracy;

        // Four binomial deviations of the test above; below, also the excess error of 68 weights learned from 4000 samples, below 1.5 %.
        double best = Clusters.BestAccuracy(Distance), deviation = Math.Sqrt(best * (1 - best) / TestCount);
        Assert.InRange(accuracy, best - 0.015 - (4 * deviation), best + (4 * deviation));
    }

    [Fact]
    public void Training_OnNoisierSamples_LearnsLess()
    {
        LabelledSamples clean = Clusters.Draw(200, 4, 150), test = Clusters.Draw(4000, 4, 152);
        var settings = new LocalTrainingSettings(new SgdSettings(0.05f), 32, 20, LocalTrainingUnit.Epochs);
        using var training = new LocalTraining(Model, settings, 5, 2);
        using var network = new Network(Model);
        double[] accuracies = [.. new[] { 10, 0.1, 0.02, 0.004 }.Select(snr =>
        {
            // Eight devices with the same samples and their own noise: the mean of eight trainings.
            DeviceData[] devices = [.. Enumerable.Range(0, 8).Select(k => new DeviceData(k, clean.WithNoise(snr, 5, (uint)k)))];
            return training.Train(0, Model.InitialWeights(5), devices).Average(result => network.Evaluate(result.Update.Weights.Span, test).Accuracy);
        })];

        // Training scatters by a few per cent, the mean of eight by about one; each step of the SNR costs far more.
        for (int i = 1; i < accuracies.Length; i++)
        {
            Assert.True(accuracies[i] < accuracies[i - 1] - 0.04, $"accuracies by falling SNR: {string.Join(", ", accuracies)}");
        }
    }

    [Fact]
    public void Device_WithoutSamples_ReturnsTheBroadcastAndWeighsNothing()
    {
        float[] start = Model.InitialWeights(6);
        var empty = new LabelledSamples(FeatureShape.Vector(Clusters.Features), Clusters.Classes, [], []);
        IReadOnlyList<LocalResult> results = Train([new DeviceData(0, empty), new DeviceData(1, Clusters.Draw(20, 2, 160))], start, 0, 2, 1);
        Assert.Equal(start, results[0].Update.Weights.ToArray());
        Assert.True(double.IsNaN(results[0].Loss));
        float[] average = [.. start];
        FederatedAveraging.Average([.. results.Select(result => result.Update)], average);
        Assert.Equal(results[1].Update.Weights.ToArray(), average);
    }

    [Fact]
    public void Training_ThatDiverges_NamesDeviceAndRound()
    {
        var settings = new LocalTrainingSettings(new SgdSettings(1e30f), 16, 20);
        using var training = new LocalTraining(Model, settings, 1, 2);
        DeviceData[] devices = [new DeviceData(6, Clusters.Draw(50, 2, 100)), new DeviceData(7, Clusters.Draw(50, 2, 100))];
        ArithmeticException exception = Assert.Throws<ArithmeticException>(() => training.Train(9, Model.InitialWeights(1), devices));
        Assert.Matches("device [67] in round 9", exception.Message);
    }

    [Fact]
    public void Training_WithWrongArguments_IsRefused()
    {
        LabelledSamples samples = Clusters.Draw(4, 2, 100);
        float[] start = Model.InitialWeights(1);
        Assert.Throws<ArgumentException>(() => Train([new DeviceData(1, samples), new DeviceData(1, samples)], start, 0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Train([new DeviceData(-1, samples)], start, 0, 1, 1));
        Assert.Throws<ArgumentException>(() => Train([new DeviceData(1, samples)], start[1..], 0, 1, 1));
        Assert.Throws<ArgumentException>(() => new LocalTraining(Model, new LocalTrainingSettings(new SgdSettings(0), 1, 1), 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LocalTraining(Model, new LocalTrainingSettings(new SgdSettings(1), 0, 1), 1, 1));
    }

    private static IReadOnlyList<LocalResult> Train(DeviceData[] devices, float[] weights, int round, int threads, int steps)
    {
        // A batch of 16 unless one step over everything is asked for.
        var settings = new LocalTrainingSettings(new SgdSettings(0.1f), steps == 1 ? 128 : 16, steps);
        using var training = new LocalTraining(Model, settings, 1, threads);
        return training.Train(round, weights, devices);
    }
}
