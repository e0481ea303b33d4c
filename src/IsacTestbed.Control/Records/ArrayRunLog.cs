using System.Text.Json;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Records;

/// <summary>
/// The log of one strategy of an array study: rounds.jsonl with one line per round and comparisons.jsonl with one per figure. Their lengths
/// stand in progress.json, which is renamed into place behind each round, so a kill loses at most the round under way.
/// </summary>
/// <param name="folder">The strategy's folder.</param>
internal sealed class ArrayRunLog(string folder)
{
    private string RoundsFile => Path.Combine(folder, "rounds.jsonl");

    private string ComparisonsFile => Path.Combine(folder, "comparisons.jsonl");

    private string ProgressFile => Path.Combine(folder, "progress.json");

    /// <summary>Cuts the logs to the last complete round.</summary>
    /// <returns>The complete rounds, in order.</returns>
    /// <exception cref="ConfigurationException">A log is damaged.</exception>
    public List<ArrayRound> Restore()
    {
        ArrayProgress progress = ReadProgress();
        DurableFile.Cut(RoundsFile, progress.Rounds);
        DurableFile.Cut(ComparisonsFile, progress.Comparisons);
        List<ArrayRound> rounds = File.Exists(RoundsFile) ? [.. File.ReadLines(RoundsFile).Select(ReadRound)] : [];
        return rounds.Count == progress.NextRound
            ? rounds
            : throw new ConfigurationException(
                RoundsFile, string.Empty, $"found {rounds.Count} rounds where progress.json counts {progress.NextRound}; delete the strategy's folder to begin it again");
    }

    /// <summary>Records a round.</summary>
    public void Append(ArrayRound round)
    {
        long comparisons = DurableFile.AppendLines(
            ComparisonsFile, [.. round.Comparisons.Select(c => JsonSerializer.Serialize(c, RecordJson.Default.Comparison))]);
        long rounds = DurableFile.AppendLines(RoundsFile, [JsonSerializer.Serialize(round, RecordJson.Default.ArrayRound)]);
        DurableFile.WriteWhole(
            ProgressFile, JsonSerializer.SerializeToUtf8Bytes(new ArrayProgress(round.Round + 1, rounds, comparisons), RecordJson.Default.ArrayProgress));
    }

    private ArrayProgress ReadProgress()
    {
        try
        {
            return File.Exists(ProgressFile)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(ProgressFile), RecordJson.Default.ArrayProgress)!
                : new ArrayProgress(0, 0, 0);
        }
        catch (JsonException exception)
        {
            throw Damaged(ProgressFile, exception);
        }
    }

    private ArrayRound ReadRound(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RecordJson.Default.ArrayRound)!;
        }
        catch (JsonException exception)
        {
            throw Damaged(RoundsFile, exception);
        }
    }

    private static ConfigurationException Damaged(string file, JsonException exception) =>
        new(file, string.Empty, $"the file is damaged: {exception.Message}; delete the strategy's folder to begin it again", exception);
}
