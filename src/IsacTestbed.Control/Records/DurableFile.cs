using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Records;

/// <summary>Files that a kill at any point leaves whole: logs that only grow and are cut back, and files that are replaced at once.</summary>
internal static class DurableFile
{
    /// <summary>Appends lines and sees them to the disk.</summary>
    /// <returns>The length of the file behind them.</returns>
    public static long AppendLines(string file, IReadOnlyList<string> lines)
    {
        using var stream = new FileStream(file, FileMode.Append, FileAccess.Write);
        using var writer = new StreamWriter(stream) { NewLine = "\n" };
        foreach (string line in lines)
        {
            writer.WriteLine(line);
        }

        writer.Flush();
        stream.Flush(flushToDisk: true);
        return stream.Position;
    }

    /// <summary>Cuts a log to the length that belongs to a state; a file that is not there has none.</summary>
    /// <exception cref="ConfigurationException">The log is shorter than that.</exception>
    public static void Cut(string file, long length)
    {
        long found = File.Exists(file) ? new FileInfo(file).Length : 0;
        if (found < length)
        {
            throw new ConfigurationException(
                file,
                string.Empty,
                $"found {found} bytes where the checkpoint counts {length}: the log is damaged; delete the strategy's folder to begin it again");
        }

        if (found > length)
        {
            using FileStream stream = File.Open(file, FileMode.Open, FileAccess.Write);
            stream.SetLength(length);
        }
    }

    /// <summary>Writes a file beside the old one and renames it into place.</summary>
    public static void WriteWhole(string file, byte[] content)
    {
        string beside = file + ".new";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, file, overwrite: true);
    }

    /// <summary>The same JSON, indented, for files that people read.</summary>
    public static JsonTypeInfo<T> Indented<T>(JsonTypeInfo<T> type)
    {
        var options = new JsonSerializerOptions(type.Options) { WriteIndented = true };
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }
}
