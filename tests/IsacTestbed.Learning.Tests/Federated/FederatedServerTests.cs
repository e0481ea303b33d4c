using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Federated;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Tests.Federated;

public sealed class FederatedServerTests
{
    private static readonly NetworkArchitecture Model =
        NetworkArchitecture.Perceptron(FeatureShape.Vector(Clusters.Features), [12], Clusters.Classes);

    [Fact]
    public void Round_WithAStraggler_WeighsTheOthersByTheirSamples()
    {
        FederatedServer server = FederatedServer.Start(Model, 1);
        DeviceUpdate[] updates = [Random(0, 100), Random(1, 50), Random(2, 300)];

        // Device 1 does not arrive: rho = (1/4, 0, 3/4) by eq. (13).
        RoundOutcome outcome = server.CompleteRound([updates[2], updates[0]]);
        Assert.Equal([0, 2], outcome.Arrived);
        Assert.Equal((0, 400L, false), (outcome.Round, outcome.SampleCount, outcome.Skipped));
        for (int i = 0; i < Model.ParameterCount; i++)
        {
            Assert.Equal((float)((0.25 * updates[0].Weights.Span[i]) + (0.75 * updates[2].Weights.Span[i])), server.Weights.Span[i]);
        }

        Assert.Equal(1, server.Round);
    }

    [Fact]
    public void Round_WithDevicesInAnyOrder_HasTheSameBits()
    {
        DeviceUpdate[] updates = [.. Enumerable.Range(0, 5).Select(k => Random(k, 7 + k))];
        float[] first = new float[Model.ParameterCount], second = new float[Model.ParameterCount];
        FederatedAveraging.Average(updates, first);
        FederatedAveraging.Average([updates[3], updates[0], updates[4], updates[2], updates[1]], second);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Round_InWhichNobodyArrives_KeepsTheWeightsAndCounts()
    {
        FederatedServer server = FederatedServer.Start(Model, 1);
        float[] before = server.Weights.ToArray();
        Assert.True(server.CompleteRound([]).Skipped);
        Assert.True(server.CompleteRound([new DeviceUpdate(1, 0, 0, new float[Model.ParameterCount])]).Skipped);
        Assert.Equal(before, server.Weights.ToArray());
        Assert.Equal(2, server.Round);
    }

    [Fact]
    public void Round_GivenStrangeUpdates_RefusesThemAndChangesNothing()
    {
        FederatedServer server = FederatedServer.Start(Model, 1);
        float[] before = server.Weights.ToArray();
        DeviceUpdate good = Random(0, 10);
        Assert.Throws<ArgumentException>(() => server.CompleteRound([good with { Round = 1 }]));
        Assert.Throws<ArgumentException>(() => server.CompleteRound([good, good]));
        Assert.Throws<ArgumentException>(() => server.CompleteRound([good with { Weights = good.Weights[1..] }]));
        Assert.Throws<ArgumentOutOfRangeException>(() => server.CompleteRound([good with { SampleCount = -1 }]));
        Assert.Equal(before, server.Weights.ToArray());
        Assert.Equal(0, server.Round);
    }

    [Fact]
    public void Rounds_OverAQuantisedUplinkWithDropsAndUnevenData_ReachTheBestAccuracy()
    {
        const double Distance = 3;
        LabelledSamples all = Clusters.Draw(2000, Distance, 300), test = Clusters.Draw(8000, Distance, 302);
        int[][] parts = DataPartition.Dirichlet(all.Labels.Span, Clusters.Classes, 5, 0.5, 2);
        DeviceData[] devices = [.. parts.Select((part, k) => new DeviceData(k, all.Subset(part)))];
        FederatedServer server = FederatedServer.Start(Model, 2);
        Run(server, devices, 60);
        using var network = new Network(Model);
        double accuracy = network.Evaluate(server.Weights.Span, test).Accuracy;

        // Four binomial deviations of the test; below, also what 268 weights lose that were learned from 2000 samples, below 3 %.
        double best = Clusters.BestAccuracy(Distance), deviation = Math.Sqrt(best * (1 - best) / 8000);
        Assert.InRange(accuracy, best - 0.03 - (4 * deviation), best + (4 * deviation));
    }

    [Fact]
    public void Server_SavedAndLoaded_EndsWithTheSameBits()
    {
        DeviceData[] devices = [.. Enumerable.Range(0, 3).Select(k => new DeviceData(k, Clusters.Draw(60, 3, (uint)(310 + (2 * k)))))];
        FederatedServer uninterrupted = FederatedServer.Start(Model, 3), interrupted = FederatedServer.Start(Model, 3);
        Run(uninterrupted, devices, 6);
        Run(interrupted, devices, 2);
        using var file = new MemoryStream();
        interrupted.Save(file);
        file.Position = 0;
        FederatedServer resumed = FederatedServer.Load(file, Model);
        Assert.Equal(file.Length, file.Position);
        Assert.Equal(2, resumed.Round);
        Run(resumed, devices, 4);
        Assert.Equal(uninterrupted.Weights.ToArray(), resumed.Weights.ToArray());
        Assert.Equal(6, resumed.Round);
    }

    [Fact]
    public void File_TruncatedOrDamagedAnywhere_IsRefused()
    {
        using var file = new MemoryStream();
        FederatedServer.Start(Model, 3).Save(file);
        byte[] bytes = file.ToArray();
        for (int position = 0; position < bytes.Length; position += position < 64 ? 1 : 37)
        {
            Assert.Throws<InvalidDataException>(() => FederatedServer.Load(new MemoryStream(bytes[..position]), Model));
            byte[] damaged = [.. bytes];
            damaged[position] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => FederatedServer.Load(new MemoryStream(damaged), Model));
        }
    }

    [Fact]
    public void File_OfAnotherModel_IsRefusedByName()
    {
        using var file = new MemoryStream();
        FederatedServer.Start(Model, 3).Save(file);
        NetworkArchitecture other = NetworkArchitecture.Perceptron(FeatureShape.Vector(Clusters.Features), [12], Clusters.Classes, 0.2f);
        file.Position = 0;
        string message = Assert.Throws<InvalidDataException>(() => FederatedServer.Load(file, other)).Message;
        Assert.Contains(Model.Description, message, StringComparison.Ordinal);
        Assert.Contains(other.Description, message, StringComparison.Ordinal);
    }

    // Every update crosses a quantised uplink; a third of them, in a fixed pattern, does not arrive.
    private static void Run(FederatedServer server, DeviceData[] devices, int rounds)
    {
        var settings = new LocalTrainingSettings(new SgdSettings(0.1f), 32, 5);
        using var training = new LocalTraining(Model, settings, 3, 2);
        for (int i = 0; i < rounds; i++)
        {
            var arrived = new List<DeviceUpdate>();
            foreach (LocalResult result in training.Train(server.Round, server.Weights.Span, devices))
            {
                byte[] message = UpdateCodec.Encode(result.Update, server.Weights.Span, UpdateEncoding.Quantised, 3);
                if ((server.Round + result.Update.Device) % 3 != 0)
                {
                    arrived.Add(UpdateCodec.Decode(message, server.Weights.Span));
                }
            }

            server.CompleteRound(arrived);
        }
    }

    private static DeviceUpdate Random(int device, int samples) =>
        new(0, device, samples, TestValues.Normal(Model.ParameterCount, (uint)(320 + device)));
}
