using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Federated;

/// <summary>Unit in which the length of local training is given.</summary>
public enum LocalTrainingUnit
{
    /// <summary>Mini-batches.</summary>
    Steps,

    /// <summary>Passes over the device's data; the last mini-batch of a pass may be smaller.</summary>
    Epochs,
}

/// <summary>What a device does between broadcast and upload: E_L in isac-fl.</summary>
/// <param name="Optimiser">SGD or Adam; it starts at rest in every round, so no optimiser state outlives one.</param>
/// <param name="BatchSize">Samples per mini-batch, positive; a device with fewer uses all it has.</param>
/// <param name="Length">Steps or epochs, positive.</param>
/// <param name="Unit">What <paramref name="Length"/> counts.</param>
public sealed record LocalTrainingSettings(
    OptimiserSettings Optimiser, int BatchSize, int Length, LocalTrainingUnit Unit = LocalTrainingUnit.Steps);
