namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>How far a training has come.</summary>
/// <param name="Epoch">Passes done.</param>
/// <param name="Epochs">Passes in all.</param>
/// <param name="Objective">Mean of rho R_c + (1 - rho) R_s over the pass, in bit/s/Hz; of the own cells alone in per-cell learning.</param>
/// <param name="Policy">The networks as they are now.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, double Objective, BeamPolicy Policy);
