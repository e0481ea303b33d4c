namespace IsacTestbed.Learning.Federated;

/// <summary>What the server made of one round.</summary>
/// <param name="Round">Number of the round that ended.</param>
/// <param name="Arrived">Devices whose update was averaged, in ascending order.</param>
/// <param name="SampleCount">W_t: samples behind the average.</param>
/// <param name="Skipped">Whether nobody arrived, so that the weights stayed as they were.</param>
public sealed record RoundOutcome(int Round, IReadOnlyList<int> Arrived, long SampleCount, bool Skipped);
