namespace IsacTestbed.Planning.Iscc;

/// <summary>The task and the processors of one user of an iscc case; every figure is above zero.</summary>
/// <param name="TaskBits">Bits to process, Q_k.</param>
/// <param name="LatencySeconds">Within this time, tau_k^th.</param>
/// <param name="CyclesPerBit">Processor cycles per bit, varpi_k.</param>
/// <param name="CyclesPerSecond">The user's processor, C_k^u.</param>
/// <param name="Capacitance">Effective capacitance of the user's processor, xi_k^u, in J s^2 per cycle^3.</param>
/// <param name="ApCapacitance">Effective capacitance of the access point's processor, xi_k^ap, in J s^2 per cycle^3.</param>
/// <param name="EnergyCostRatio">Weight of energy at the access point against energy at the user, beta_k.</param>
public sealed record IsccUser(
    double TaskBits,
    double LatencySeconds,
    double CyclesPerBit,
    double CyclesPerSecond,
    double Capacitance,
    double ApCapacitance,
    double EnergyCostRatio);
