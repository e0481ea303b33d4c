using System.Buffers.Binary;
using System.Text;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Federated;

/// <summary>
/// The saved state of a server. Little-endian: "ISACMODL", version, length of the rest, then the architecture's description (length and
/// UTF-8),
/// the round, the number of weights and the weights; at the end the CRC-32 of all that precedes it.
/// </summary>
internal static class ModelFile
{
    private const uint Version = 1;
    private const int PrefixLength = 16;
    private const int ChecksumLength = 4;

    private static ReadOnlySpan<byte> Magic => "ISACMODL"u8;

    public static void Write(Stream stream, NetworkArchitecture architecture, int round, ReadOnlySpan<float> weights)
    {
        byte[] description = Encoding.UTF8.GetBytes(architecture.Description);
        byte[] file = new byte[checked(PrefixLength + 12 + description.Length + (sizeof(float) * weights.Length) + ChecksumLength)];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), file.Length - PrefixLength);
        Span<byte> rest = file.AsSpan(PrefixLength);
        BinaryPrimitives.WriteInt32LittleEndian(rest, description.Length);
        description.CopyTo(rest[4..]);
        rest = rest[(4 + description.Length)..];
        BinaryPrimitives.WriteInt32LittleEndian(rest, round);
        BinaryPrimitives.WriteInt32LittleEndian(rest[4..], weights.Length);
        rest = rest[8..];
        foreach (float weight in weights)
        {
            BinaryPrimitives.WriteSingleLittleEndian(rest, weight);
            rest = rest[sizeof(float)..];
        }

        BinaryPrimitives.WriteUInt32LittleEndian(rest, Crc32.Compute(file.AsSpan(0, file.Length - ChecksumLength)));
        stream.Write(file);
    }

    public static (int Round, float[] Weights) Read(Stream stream, NetworkArchitecture architecture)
    {
        byte[] prefix = new byte[PrefixLength];
        ReadExactly(stream, prefix);
        if (!prefix.AsSpan().StartsWith(Magic))
        {
            throw new InvalidDataException("This is no saved model: it does not start with ISACMODL.");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(prefix.AsSpan(8));
        if (version != Version)
        {
            throw new InvalidDataException($"The saved model has version {version}; this program reads version {Version}.");
        }

        // The length is bounded by what this architecture can need before anything is allocated by it.
        int expected = 12 + Encoding.UTF8.GetByteCount(architecture.Description) + (sizeof(float) * architecture.ParameterCount)
            + ChecksumLength;
        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix.AsSpan(12));
        if (length < ChecksumLength + 12 || length > (long)expected + (1 << 20))
        {
            throw new InvalidDataException($"The saved model announces {length} bytes; {architecture} has {expected}.");
        }

        byte[] file = new byte[PrefixLength + length];
        prefix.CopyTo(file, 0);
        ReadExactly(stream, file.AsSpan(PrefixLength));
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(file.Length - ChecksumLength));
        if (checksum != Crc32.Compute(file.AsSpan(0, file.Length - ChecksumLength)))
        {
            throw new InvalidDataException("The saved model is damaged: its checksum does not match.");
        }

        ReadOnlySpan<byte> rest = file.AsSpan(PrefixLength);
        int descriptionLength = BinaryPrimitives.ReadInt32LittleEndian(rest);
        if (descriptionLength < 0 || descriptionLength > rest.Length - 16)
        {
            throw new InvalidDataException("The saved model is inconsistent: its description does not fit.");
        }

        string description = Encoding.UTF8.GetString(rest.Slice(4, descriptionLength));
        if (description != architecture.Description || length != expected)
        {
            throw new InvalidDataException($"The saved model is {description}, the experiment's is {architecture}.");
        }

        rest = rest[(4 + descriptionLength)..];
        int round = BinaryPrimitives.ReadInt32LittleEndian(rest), count = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
        if (round < 0 || count != architecture.ParameterCount)
        {
            throw new InvalidDataException($"The saved model is inconsistent: round {round}, {count} weights.");
        }

        float[] weights = new float[count];
        for (int i = 0; i < count; i++)
        {
            weights[i] = BinaryPrimitives.ReadSingleLittleEndian(rest[(8 + (sizeof(float) * i))..]);
        }

        return (round, weights);
    }

    private static void ReadExactly(Stream stream, Span<byte> destination)
    {
        int read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (read < destination.Length)
        {
            throw new InvalidDataException("The saved model is truncated.");
        }
    }
}
