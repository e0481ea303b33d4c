using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Federated;

/// <summary>The global model and the count of rounds: all the state that federated learning carries from one round to the next.</summary>
/// <remarks>Knows no radio: whether an update arrived is decided elsewhere. One caller at a time.</remarks>
public sealed class FederatedServer
{
    private float[] _weights;

    private FederatedServer(NetworkArchitecture architecture, float[] weights, int round)
    {
        Architecture = architecture;
        _weights = weights;
        Round = round;
    }

    /// <summary>The model's layers.</summary>
    public NetworkArchitecture Architecture { get; }

    /// <summary>Number of the round that is next or under way; the first is 0.</summary>
    public int Round { get; private set; }

    /// <summary>The global weights to broadcast. The memory is never written again: a later round has its own.</summary>
    public ReadOnlyMemory<float> Weights => _weights;

    /// <summary>A server before its first round, with initial weights drawn from the seed.</summary>
    public static FederatedServer Start(NetworkArchitecture architecture, ulong seed) =>
        new(architecture, architecture.InitialWeights(seed), 0);

    /// <summary>Ends the round: averages what arrived, or keeps the weights if nothing did.</summary>
    /// <param name="arrived">The updates that were decoded in this round, in any order.</param>
    /// <exception cref="ArgumentException">An update is of another round or model, or a device appears twice; nothing has
    /// changed.</exception>
    public RoundOutcome CompleteRound(IReadOnlyList<DeviceUpdate> arrived)
    {
        foreach (DeviceUpdate update in arrived)
        {
            if (update.Round != Round)
            {
                throw new ArgumentException(
                    $"The update of device {update.Device} is of round {update.Round}, not {Round}.", nameof(arrived));
            }
        }

        float[] weights = [.. _weights];
        bool averaged = FederatedAveraging.Average(arrived, weights);
        _weights = weights;
        int[] devices = [.. arrived.Select(update => update.Device).Order()];
        return new RoundOutcome(Round++, devices, arrived.Sum(update => (long)update.SampleCount), !averaged);
    }

    /// <summary>Writes the state; <see cref="Load"/> restores it to the last bit.</summary>
    /// <param name="stream">Stays open.</param>
    public void Save(Stream stream) => ModelFile.Write(stream, Architecture, Round, _weights);

    /// <summary>Restores a server.</summary>
    /// <param name="stream">What <see cref="Save"/> wrote; read to the end of the state, stays open.</param>
    /// <param name="architecture">The model's layers, which must be those that were saved.</param>
    /// <exception cref="InvalidDataException">The data is no model, of another version or architecture, truncated or damaged.</exception>
    public static FederatedServer Load(Stream stream, NetworkArchitecture architecture)
    {
        (int round, float[] weights) = ModelFile.Read(stream, architecture);
        return new FederatedServer(architecture, weights, round);
    }
}
