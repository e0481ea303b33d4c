using IsacTestbed.Radio;

namespace IsacTestbed.Control.Sidecars;

/// <summary>What a sidecar's radio is doing now.</summary>
/// <param name="RadioId">The radio.</param>
/// <param name="Settings">How it was last tuned through the sidecar; null when it was not.</param>
/// <param name="Holder">Who holds it; null when it is free.</param>
/// <param name="LeaseRemaining">Until the lease runs out unless renewed; zero when it is free.</param>
public sealed record SidecarRadioState(string RadioId, RadioSettings? Settings, string? Holder, TimeSpan LeaseRemaining);
