using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IsacTestbed.Control.Calibration;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Records;

/// <summary>Lengths in bytes of a strategy's logs that belong to a state; what lies beyond was written by a round that did not complete.</summary>
/// <param name="Rounds">Of rounds.jsonl.</param>
/// <param name="Measurements">Of measurements.jsonl.</param>
/// <param name="Samples">Of samples.bin.</param>
public readonly record struct LogLengths(long Rounds, long Measurements, long Samples);

/// <summary>
/// The state of one strategy between two rounds. With the samples in its log, continuing from it gives the same bits as never having stopped.
/// </summary>
/// <param name="NextRound">The round to do next.</param>
/// <param name="Model">The federated server, as it saves itself.</param>
/// <param name="Calibration">What measurements have taught.</param>
/// <param name="FrameDebt">Per device: fraction of a frame that earlier plans asked for and that did not make a whole one.</param>
/// <param name="Logs">Lengths of the logs that belong to this state.</param>
public sealed record Checkpoint(int NextRound, byte[] Model, CalibratedModel Calibration, double[] FrameDebt, LogLengths Logs)
{
    private const uint Magic = 0x4B434349; // "ICCK"
    private const int FormatVersion = 1;
    private const int HeaderLength = 8;

    /// <summary>The state as bytes: magic, version, content, SHA-256.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(FormatVersion);
        writer.Write(NextRound);
        writer.Write(Logs.Rounds);
        writer.Write(Logs.Measurements);
        writer.Write(Logs.Samples);
        writer.Write(Model.Length);
        writer.Write(Model);
        writer.Write(JsonSerializer.Serialize(Calibration, RecordJson.Default.CalibratedModel));
        writer.Write(FrameDebt.Length);
        foreach (double debt in FrameDebt)
        {
            writer.Write(debt);
        }

        writer.Flush();
        writer.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads the state back.</summary>
    /// <param name="bytes">What <see cref="ToBytes"/> gave.</param>
    /// <param name="source">File name for messages.</param>
    /// <exception cref="ConfigurationException">The bytes are no checkpoint, of another version, or damaged.</exception>
    public static Checkpoint FromBytes(byte[] bytes, string source)
    {
        if (bytes.Length < HeaderLength + SHA256.HashSizeInBytes || BitConverter.ToUInt32(bytes) != Magic)
        {
            throw new ConfigurationException(source, string.Empty, "not a checkpoint of this program; delete it to begin the strategy again");
        }

        if (BitConverter.ToInt32(bytes, 4) != FormatVersion)
        {
            throw new ConfigurationException(source, string.Empty, $"a checkpoint of format {BitConverter.ToInt32(bytes, 4)}; this program reads format {FormatVersion}");
        }

        int end = bytes.Length - SHA256.HashSizeInBytes;
        if (!SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
        {
            throw new ConfigurationException(source, string.Empty, "the checksum does not hold, the file is damaged; delete it to begin the strategy again");
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, HeaderLength, end - HeaderLength), Encoding.UTF8);
        int nextRound = reader.ReadInt32();
        var logs = new LogLengths(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        byte[] model = reader.ReadBytes(reader.ReadInt32());
        CalibratedModel calibration = JsonSerializer.Deserialize(reader.ReadString(), RecordJson.Default.CalibratedModel)!;
        double[] debt = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadDouble())];
        return new Checkpoint(nextRound, model, calibration, debt, logs);
    }
}
