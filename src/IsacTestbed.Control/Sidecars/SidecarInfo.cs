using IsacTestbed.Radio;

namespace IsacTestbed.Control.Sidecars;

/// <summary>What a sidecar says about itself, for the record of a run.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="ServerVersion">Version of its program.</param>
/// <param name="Protocol">Name of the protocol.</param>
/// <param name="ProtocolRevision">Revision of the protocol.</param>
/// <param name="ScenarioHash">Label of the scenario that it was started with; empty when there is none.</param>
/// <param name="MaximumLease">The longest lease that it grants.</param>
/// <param name="Radios">Its radios.</param>
public sealed record SidecarInfo(
    Uri Address,
    string ServerVersion,
    string Protocol,
    int ProtocolRevision,
    string ScenarioHash,
    TimeSpan MaximumLease,
    IReadOnlyList<RadioDescription> Radios);
