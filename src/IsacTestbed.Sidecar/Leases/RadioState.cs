using IsacTestbed.Radio;

namespace IsacTestbed.Sidecar.Leases;

/// <summary>What a radio is doing now.</summary>
/// <param name="RadioId">The radio.</param>
/// <param name="Settings">How it was last tuned through this sidecar; null when it was not.</param>
/// <param name="Holder">Who holds it; null when it is free.</param>
/// <param name="Remaining">Until the lease runs out unless renewed.</param>
internal sealed record RadioState(string RadioId, RadioSettings? Settings, string? Holder, TimeSpan Remaining);
