using IsacTestbed.Learning.Federated;

namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>
/// Checkpoints as bytes. Little-endian: "ISACBEAM", version, length of the rest, then method, design, sizes, range of rho, hidden widths, and
/// per base station means, deviations and weights; at the end the CRC-32 of all that precedes it.
/// </summary>
internal static class BeamCheckpoint
{
    private const uint Version = 1;
    private const int PrefixLength = 16;
    private const int ChecksumLength = 4;

    // Beyond these no file of ours can be; a damaged size must not ask for memory.
    private const int MostLayers = 64;
    /// <summary>The largest number of cells, users, targets or antennas.</summary>
    public const int LargestSize = 4096;


    private static ReadOnlySpan<byte> Magic => "ISACBEAM"u8;

    /// <summary>Writes a policy.</summary>
    public static byte[] Encode(BeamPolicy policy)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(0);
        writer.Write((byte)(policy.Method == VflBeamformingMethods.Vfl ? 1 : 2));
        writer.Write((byte)policy.Design);
        writer.Write(policy.Shape.Cells);
        writer.Write(policy.Shape.Users);
        writer.Write(policy.Shape.Targets);
        writer.Write(policy.Shape.Antennas);
        writer.Write(policy.Rho.Minimum);
        writer.Write(policy.Rho.Maximum);
        writer.Write(policy.Hidden.Count);
        foreach (int width in policy.Hidden)
        {
            writer.Write(width);
        }

        foreach (StationPolicy station in policy.Stations)
        {
            foreach (float value in (IEnumerable<float>)[.. station.Means, .. station.Deviations, .. station.Weights])
            {
                writer.Write(value);
            }
        }

        writer.Write(0);
        writer.Flush();
        byte[] file = stream.ToArray();
        BitConverter.TryWriteBytes(file.AsSpan(12), file.Length - PrefixLength);
        BitConverter.TryWriteBytes(file.AsSpan(file.Length - ChecksumLength), Crc32.Compute(file.AsSpan(0, file.Length - ChecksumLength)));
        return file;
    }

    /// <summary>Reads a policy.</summary>
    /// <exception cref="InvalidDataException">The bytes are no checkpoint, damaged or of another version; says what.</exception>
    public static BeamPolicy Decode(byte[] file)
    {
        if (!file.AsSpan().StartsWith(Magic))
        {
            throw new InvalidDataException("this is no checkpoint of beamforming networks: it does not start with ISACBEAM");
        }

        if (file.Length < PrefixLength + ChecksumLength)
        {
            throw new InvalidDataException($"the checkpoint is truncated: {file.Length} bytes are less than its beginning takes");
        }

        long announced = PrefixLength + (long)BitConverter.ToUInt32(file, 12);
        if (announced != file.Length)
        {
            throw new InvalidDataException(
                $"the checkpoint is {(file.Length < announced ? "truncated" : "longer than it says")}: it has {file.Length} bytes and announces {announced}");
        }

        uint version = BitConverter.ToUInt32(file, 8);
        if (version != Version)
        {
            throw new InvalidDataException($"the checkpoint has version {version}; this program reads version {Version}");
        }

        if (BitConverter.ToUInt32(file, file.Length - ChecksumLength) != Crc32.Compute(file.AsSpan(0, file.Length - ChecksumLength)))
        {
            throw new InvalidDataException("the checkpoint is damaged: its checksum does not match");
        }

        using var reader = new BinaryReader(new MemoryStream(file, PrefixLength, file.Length - PrefixLength - ChecksumLength));
        try
        {
            return Decode(reader);
        }
        catch (Exception exception) when (exception is EndOfStreamException or OverflowException)
        {
            throw new InvalidDataException("the checkpoint is inconsistent: its sizes ask for more than it holds", exception);
        }
    }

    private static BeamPolicy Decode(BinaryReader reader)
    {
        byte method = reader.ReadByte();
        var design = (BeamDesignKind)reader.ReadByte();
        int Size(string what, int largest)
        {
            int value = reader.ReadInt32();
            return value >= 1 && value <= largest ? value : throw new InvalidDataException($"the checkpoint is inconsistent: it has {value} {what}");
        }

        var shape = new NetworkShape(Size("cells", LargestSize), Size("users", LargestSize), Size("targets", LargestSize), Size("antennas", LargestSize));
        (double Minimum, double Maximum) rho = (reader.ReadDouble(), reader.ReadDouble());
        int[] hidden = [.. Enumerable.Range(0, Size("hidden layers", MostLayers)).Select(_ => Size("units in a layer", 16 * LargestSize))];
        if (method is not (1 or 2) || design is not (BeamDesignKind.Direct or BeamDesignKind.Priced) || !(rho.Minimum <= rho.Maximum))
        {
            throw new InvalidDataException($"the checkpoint is inconsistent: method {method}, design {(byte)design}, rho {rho.Minimum} to {rho.Maximum}");
        }

        string name = method == 1 ? VflBeamformingMethods.Vfl : VflBeamformingMethods.PerCell;
        var stations = new StationPolicy[shape.Cells];
        for (int m = 0; m < stations.Length; m++)
        {
            IBeamDesign wiring = StationPolicy.Design(design, shape, m, method == 1);
            int parameters = StationPolicy.Architecture(wiring, hidden).ParameterCount;
            float[] means = Floats(reader, wiring.Inputs), deviations = Floats(reader, wiring.Inputs);
            stations[m] = new StationPolicy(m, Floats(reader, parameters), means, deviations);
        }

        return reader.BaseStream.Position == reader.BaseStream.Length
            ? new BeamPolicy(name, design, shape, rho, hidden, stations)
            : throw new InvalidDataException("the checkpoint is inconsistent: it holds more than its sizes ask for");
    }

    private static float[] Floats(BinaryReader reader, int count)
    {
        byte[] bytes = reader.ReadBytes(checked(sizeof(float) * count));
        if (bytes.Length < sizeof(float) * count)
        {
            throw new EndOfStreamException();
        }

        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = BitConverter.ToSingle(bytes, sizeof(float) * i);
            if (!float.IsFinite(values[i]))
            {
                throw new InvalidDataException("the checkpoint holds a number that is not finite");
            }
        }

        return values;
    }
}
