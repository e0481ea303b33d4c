using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Federated;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Control.Learning;

/// <summary>Federated learning as the loop uses it: local training to messages, messages to the next global model.</summary>
/// <remarks>One caller at a time. Results do not depend on the number of threads.</remarks>
public sealed class FederatedLearner : IDisposable
{
    private readonly Scenario _scenario;
    private readonly ITrainingData _data;
    private readonly NetworkArchitecture _architecture;
    private readonly LocalTraining _training;
    private readonly Network _network;
    private FederatedServer _server;

    /// <summary>A learner before its first round.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="data">Shape of the samples, and the test set.</param>
    public FederatedLearner(Scenario scenario, ITrainingData data)
    {
        LearningSection learning = scenario.Learning;
        _scenario = scenario;
        _data = data;
        _architecture = ArchitectureOf(scenario, data);
        var settings = new LocalTrainingSettings(new SgdSettings((float)learning.LearningRate), learning.BatchSize, learning.LocalSteps);
        _training = new LocalTraining(_architecture, settings, scenario.Seed, Environment.ProcessorCount);
        _network = new Network(_architecture, Environment.ProcessorCount);
        _server = FederatedServer.Start(_architecture, scenario.Seed);
    }

    /// <summary>Bytes of one quantised update of a scenario's model.</summary>
    public static int UpdateBytesOf(Scenario scenario, ITrainingData data) =>
        UpdateCodec.EncodedLength(ArchitectureOf(scenario, data).ParameterCount, UpdateEncoding.Quantised);

    /// <summary>Trains every device from the global model and writes what each has to send.</summary>
    /// <param name="collected">What each device has collected, in the scenario's order.</param>
    /// <param name="encoding">How the updates are written.</param>
    /// <returns>One message per device; null for a device that has no sample yet.</returns>
    public IReadOnlyList<byte[]?> TrainDevices(IReadOnlyList<CollectedSamples> collected, UpdateEncoding encoding)
    {
        DeviceData[] devices =
        [
            .. collected.Select((c, k) => new DeviceData(k, new LabelledSamples(_data.Shape, _data.Classes, c.Features.ToArray(), c.Labels.ToArray()))),
        ];
        return
        [
            .. _training.Train(_server.Round, _server.Weights.Span, devices)
                .Select(result => result.Update.SampleCount == 0 ? null : UpdateCodec.Encode(result.Update, _server.Weights.Span, encoding, _scenario.Seed)),
        ];
    }

    /// <summary>Ends the round: averages the updates that arrived, or keeps the model if none did.</summary>
    /// <param name="messages">The messages as they were received.</param>
    public void CompleteRound(IEnumerable<byte[]> messages) =>
        _server.CompleteRound([.. messages.Select(message => UpdateCodec.Decode(message, _server.Weights.Span))]);

    /// <summary>Evaluates the global model on the test set.</summary>
    public Evaluation Evaluate() => _network.Evaluate(_server.Weights.Span, _data.Test);

    /// <summary>The state to the last bit.</summary>
    public byte[] Save()
    {
        using var stream = new MemoryStream();
        _server.Save(stream);
        return stream.ToArray();
    }

    /// <summary>Goes on from a saved state.</summary>
    public void Restore(byte[] state)
    {
        using var stream = new MemoryStream(state);
        _server = FederatedServer.Load(stream, _architecture);
    }

    /// <summary>Ends the training threads.</summary>
    public void Dispose()
    {
        _training.Dispose();
        _network.Dispose();
    }

    private static NetworkArchitecture ArchitectureOf(Scenario scenario, ITrainingData data) =>
        NetworkArchitecture.Perceptron(data.Shape, [.. scenario.Learning.HiddenWidths], data.Classes);
}
