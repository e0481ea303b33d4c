using System.Text;
using System.Text.Json;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Records;

/// <summary>
/// The folder of one run: scenario.json (the resolved scenario), run.json (what else made it), per strategy rounds.jsonl,
/// measurements.jsonl, samples.bin and checkpoint.bin, summary.json at the end, and with instruments on the bench instruments.jsonl.
/// </summary>
/// <remarks>
/// Logs are appended before the checkpoint that counts them is renamed into place; a resume cuts them to the checkpoint's lengths. So a kill
/// at any point loses at most the round under way. One process at a time: the folder is locked while it is open.
/// </remarks>
public sealed class RunFolder : IDisposable
{
    private const string RoundsLog = "rounds.jsonl";
    private const string MeasurementsLog = "measurements.jsonl";
    private const string SamplesLog = "samples.bin";
    private const string LockFile = ".lock";

    private readonly FileStream _lock;

    private RunFolder(string path, RunManifest manifest, FileStream runLock)
    {
        Path = path;
        Manifest = manifest;
        _lock = runLock;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>The resolved scenario's document.</summary>
    public string ScenarioFile => System.IO.Path.Combine(Path, "scenario.json");

    /// <summary>What made the run.</summary>
    public RunManifest Manifest { get; }

    /// <summary>Creates a new run folder.</summary>
    /// <exception cref="ConfigurationException">A run is there already, or the folder cannot be written.</exception>
    /// <param name="path">The folder; made if it is missing.</param>
    /// <param name="scenarioJson">The scenario's document.</param>
    /// <param name="manifest">What else made the run.</param>
    public static RunFolder Create(string path, string scenarioJson, RunManifest manifest)
    {
        path = System.IO.Path.GetFullPath(path);
        if (File.Exists(System.IO.Path.Combine(path, "run.json")))
        {
            throw new ConfigurationException(path, string.Empty, "a run is in this folder already; continue it with --resume or name another folder");
        }

        try
        {
            Directory.CreateDirectory(path);
            FileStream runLock = Lock(path);
            DurableFile.WriteWhole(System.IO.Path.Combine(path, "scenario.json"), Encoding.UTF8.GetBytes(scenarioJson));
            DurableFile.WriteWhole(System.IO.Path.Combine(path, "run.json"), JsonSerializer.SerializeToUtf8Bytes(manifest, DurableFile.Indented(RecordJson.Default.RunManifest)));
            return new RunFolder(path, manifest, runLock);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(path, string.Empty, $"the run folder cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Opens the folder of an interrupted or finished run.</summary>
    /// <exception cref="ConfigurationException">There is no run, its manifest is damaged, or another process has it open.</exception>
    public static RunFolder Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        string file = System.IO.Path.Combine(path, "run.json");
        if (!File.Exists(file))
        {
            throw new ConfigurationException(path, string.Empty, "no run is in this folder (run.json is missing); give the folder that isac run printed");
        }

        try
        {
            RunManifest manifest = JsonSerializer.Deserialize(File.ReadAllBytes(file), RecordJson.Default.RunManifest)
                ?? throw new ConfigurationException(file, string.Empty, "the manifest is empty");
            return new RunFolder(path, manifest, Lock(path));
        }
        catch (JsonException exception)
        {
            throw new ConfigurationException(file, string.Empty, $"the manifest is damaged: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(path, string.Empty, $"the run cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Whether any strategy has begun, so that there is something to resume.</summary>
    public bool HasBegun => Manifest.Methods.Any(method => Directory.Exists(System.IO.Path.Combine(Path, method)));

    /// <summary>Removes what <see cref="Create"/> made: for a run that could not start.</summary>
    public void Discard()
    {
        foreach (string file in (string[])["scenario.json", "run.json", "instruments.jsonl", LockFile])
        {
            File.Delete(System.IO.Path.Combine(Path, file));
        }

        if (!Directory.EnumerateFileSystemEntries(Path).Any())
        {
            Directory.Delete(Path);
        }
    }

    /// <summary>The state after the last complete round of a strategy, its logs cut to it; null when the strategy has not begun.</summary>
    /// <param name="method">The strategy.</param>
    /// <param name="collected">Per device, empty: receives the samples that belong to the state.</param>
    /// <exception cref="ConfigurationException">The checkpoint or a log is damaged.</exception>
    public Checkpoint? Restore(string method, IReadOnlyList<CollectedSamples> collected)
    {
        string folder = FolderOf(method), file = System.IO.Path.Combine(folder, "checkpoint.bin");
        Checkpoint? checkpoint = File.Exists(file) ? Checkpoint.FromBytes(File.ReadAllBytes(file), file) : null;
        LogLengths lengths = checkpoint?.Logs ?? default;
        DurableFile.Cut(System.IO.Path.Combine(folder, RoundsLog), lengths.Rounds);
        DurableFile.Cut(System.IO.Path.Combine(folder, MeasurementsLog), lengths.Measurements);
        DurableFile.Cut(System.IO.Path.Combine(folder, SamplesLog), lengths.Samples);
        if (checkpoint is not null)
        {
            ReadSamples(System.IO.Path.Combine(folder, SamplesLog), checkpoint.NextRound, collected);
        }

        return checkpoint;
    }

    /// <summary>Records a round and then the state behind it.</summary>
    /// <param name="round">The round.</param>
    /// <param name="frames">Every frame's measurement.</param>
    /// <param name="uploads">Every upload's measurement.</param>
    /// <param name="collected">Per device, its samples; what is new is recorded.</param>
    /// <param name="state">Makes the state, given the lengths of the logs.</param>
    public void Append(
        RoundRecord round,
        IEnumerable<SensingMeasurement> frames,
        IEnumerable<UploadMeasurement> uploads,
        IReadOnlyList<CollectedSamples> collected,
        Func<LogLengths, Checkpoint> state)
    {
        string folder = FolderOf(round.Method);
        long rounds = DurableFile.AppendLines(System.IO.Path.Combine(folder, RoundsLog), [JsonSerializer.Serialize(round, RecordJson.Default.RoundRecord)]);
        long measurements = DurableFile.AppendLines(
            System.IO.Path.Combine(folder, MeasurementsLog),
            [
                .. frames.Select(f => $"{{\"round\":{round.Round},\"sensing\":{JsonSerializer.Serialize(f, RecordJson.Default.SensingMeasurement)}}}"),
                .. uploads.Select(u => $"{{\"round\":{round.Round},\"upload\":{JsonSerializer.Serialize(u, RecordJson.Default.UploadMeasurement)}}}"),
            ]);
        long samples = AppendSamples(System.IO.Path.Combine(folder, SamplesLog), collected);
        DurableFile.WriteWhole(System.IO.Path.Combine(folder, "checkpoint.bin"), state(new LogLengths(rounds, measurements, samples)).ToBytes());
    }

    /// <summary>Adds to the diary of the instruments. It tells of the bench and not of results, has wall times in it, and no resume cuts it.</summary>
    public void AppendInstruments(IEnumerable<InstrumentRecord> records) =>
        DurableFile.AppendLines(System.IO.Path.Combine(Path, "instruments.jsonl"), [.. records.Select(r => JsonSerializer.Serialize(r, RecordJson.Default.InstrumentRecord))]);

    /// <summary>All recorded rounds of a strategy, in order.</summary>
    public IReadOnlyList<RoundRecord> Rounds(string method)
    {
        string file = System.IO.Path.Combine(FolderOf(method), RoundsLog);
        try
        {
            return File.Exists(file)
                ? [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize(line, RecordJson.Default.RoundRecord)!)]
                : [];
        }
        catch (JsonException exception)
        {
            throw new ConfigurationException(
                file, string.Empty, $"the round log is damaged: {exception.Message}; delete the strategy's folder to begin it again", exception);
        }
    }

    /// <summary>The log of a strategy of an array study.</summary>
    internal ArrayRunLog ArrayLog(string method) => new(FolderOf(method));

    /// <summary>Writes the summary at the end of a run of array rounds.</summary>
    public void WriteSummary(ArrayRunSummary summary) => DurableFile.WriteWhole(
        System.IO.Path.Combine(Path, "summary.json"), JsonSerializer.SerializeToUtf8Bytes(summary, DurableFile.Indented(RecordJson.Default.ArrayRunSummary)));

    /// <summary>Writes the summary at the end of a run.</summary>
    public void WriteSummary(RunSummary summary) =>
        DurableFile.WriteWhole(System.IO.Path.Combine(Path, "summary.json"), JsonSerializer.SerializeToUtf8Bytes(summary, DurableFile.Indented(RecordJson.Default.RunSummary)));

    /// <summary>Releases the folder.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new ConfigurationException(path, string.Empty, "another process has this run open; wait for it or stop it", exception);
        }
    }

    private static long AppendSamples(string file, IReadOnlyList<CollectedSamples> collected)
    {
        using var stream = new FileStream(file, FileMode.Append, FileAccess.Write);
        using var writer = new BinaryWriter(stream);
        foreach (CollectedSamples samples in collected)
        {
            samples.WriteNew(writer);
        }

        writer.Flush();
        stream.Flush(flushToDisk: true);
        return stream.Position;
    }

    private static void ReadSamples(string file, int rounds, IReadOnlyList<CollectedSamples> collected)
    {
        try
        {
            using var reader = new BinaryReader(File.OpenRead(file));
            for (int round = 0; round < rounds; round++)
            {
                foreach (CollectedSamples samples in collected)
                {
                    samples.ReadMore(reader);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OverflowException)
        {
            throw new ConfigurationException(file, string.Empty, "the sample log is damaged; delete the strategy's folder to begin it again", exception);
        }
    }

    private string FolderOf(string method)
    {
        string folder = System.IO.Path.Combine(Path, method);
        Directory.CreateDirectory(folder);
        return folder;
    }
}
