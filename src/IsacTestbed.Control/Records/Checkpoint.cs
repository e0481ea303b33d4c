using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IsacTestbed.Control.Calibration;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Records;

/// <summary>The whole state of one strategy between two rounds. Continuing from it gives the same bits as never having stopped.</summary>
/// <param name="NextRound">The round to do next.</param>
/// <param name="Model">The federated server, as it saves itself.</param>
/// <param name="Calibration">What measurements have taught.</param>
/// <param name="FrameDebt">Per device: fraction of a frame that earlier plans asked for and that did not make a whole one.</param>
/// <param name="Datasets">Per device: the samples collected so far.</param>
/// <param name="RoundsLength">Length in bytes of the round log that belongs to this state.</param>
/// <param name="MeasurementsLength">Length in bytes of the measurement log that belongs to this state.</param>
public sealed record Checkpoint(
    int NextRound,
    byte[] Model,
    CalibratedModel Calibration,
    double[] FrameDebt,
    IReadOnlyList<CollectedSamples> Datasets,
    long RoundsLength,
    long MeasurementsLength)
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
        writer.Write(RoundsLength);
        writer.Write(MeasurementsLength);
        writer.Write(Model.Length);
        writer.Write(Model);
        writer.Write(JsonSerializer.Serialize(Calibration, RecordJson.Default.CalibratedModel));
        writer.Write(FrameDebt.Length);
        foreach (double debt in FrameDebt)
        {
            writer.Write(debt);
        }

        writer.Write(Datasets.Count);
        foreach (CollectedSamples dataset in Datasets)
        {
            writer.Write(dataset.FeatureCount);
            writer.Write(dataset.Labels.Count);
            foreach (int label in dataset.Labels)
            {
                writer.Write(label);
            }

            Write(writer, [.. dataset.Features]);
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
        long rounds = reader.ReadInt64(), measurements = reader.ReadInt64();
        byte[] model = reader.ReadBytes(reader.ReadInt32());
        CalibratedModel calibration = JsonSerializer.Deserialize(reader.ReadString(), RecordJson.Default.CalibratedModel)!;
        double[] debt = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadDouble())];
        var datasets = new CollectedSamples[reader.ReadInt32()];
        for (int i = 0; i < datasets.Length; i++)
        {
            int features = reader.ReadInt32();
            int[] labels = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt32())];
            datasets[i] = new CollectedSamples(features);
            float[] values = ReadFloats(reader);
            for (int sample = 0; sample < labels.Length; sample++)
            {
                datasets[i].Add(values.AsSpan(sample * features, features), labels[sample]);
            }
        }

        return new Checkpoint(nextRound, model, calibration, debt, datasets, rounds, measurements);
    }

    private static void Write(BinaryWriter writer, float[] values)
    {
        writer.Write(values.Length);
        foreach (float value in values)
        {
            writer.Write(value);
        }
    }

    private static float[] ReadFloats(BinaryReader reader)
    {
        float[] values = new float[reader.ReadInt32()];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadSingle();
        }

        return values;
    }
}
