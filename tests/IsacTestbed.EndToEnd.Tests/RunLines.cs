using System.Text.Json;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>What a strategy has recorded in a run folder.</summary>
/// <param name="folder">The run folder.</param>
/// <param name="method">The strategy.</param>
internal sealed class RunLines(string folder, string method)
{
    /// <summary>The records of its rounds.</summary>
    public RoundRecord[] Rounds => [.. Lines("rounds.jsonl").Select(l => l.Deserialize(RecordJson.Default.RoundRecord)!)];

    /// <summary>Its frames, each with its round.</summary>
    public (int Round, SensingMeasurement Frame)[] Sensed =>
    [
        .. Lines("measurements.jsonl").Where(l => l.TryGetProperty("sensing", out _))
            .Select(l => (l.GetProperty("round").GetInt32(), l.GetProperty("sensing").Deserialize(RecordJson.Default.SensingMeasurement)!)),
    ];

    /// <summary>Its uploads, each with its round.</summary>
    public (int Round, UploadMeasurement Upload)[] Uploads =>
    [
        .. Lines("measurements.jsonl").Where(l => l.TryGetProperty("upload", out _))
            .Select(l => (l.GetProperty("round").GetInt32(), l.GetProperty("upload").Deserialize(RecordJson.Default.UploadMeasurement)!)),
    ];

    private IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(Path.Combine(folder, method, file)).Select(line => JsonDocument.Parse(line).RootElement);
}
