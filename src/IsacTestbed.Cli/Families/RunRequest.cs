using IsacTestbed.Control.Records;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;

namespace IsacTestbed.Cli.Families;

/// <summary>How a run is shown while it goes on, and at its end.</summary>
internal enum RunDisplay
{
    /// <summary>A display that is redrawn, then tables.</summary>
    Live = 0,

    /// <summary>One line per round, then tables.</summary>
    Plain = 1,

    /// <summary>Nothing, then one JSON object.</summary>
    Json = 2,
}

/// <summary>What <c>isac run</c> gives to a family's experiment.</summary>
/// <param name="Folder">Where it is recorded; its manifest names the strategies.</param>
/// <param name="ScenarioHash">Fingerprint of the scenario's document.</param>
/// <param name="Sidecar">Address of the sidecar.</param>
/// <param name="Connection">How to connect to it; null for the defaults.</param>
/// <param name="Instruments">The bench's instruments; null for a bench without any.</param>
/// <param name="Display">How it is shown.</param>
internal sealed record RunRequest(
    RunFolder Folder, string ScenarioHash, Uri Sidecar, SidecarClientOptions? Connection, IInstrumentMonitor? Instruments, RunDisplay Display);
