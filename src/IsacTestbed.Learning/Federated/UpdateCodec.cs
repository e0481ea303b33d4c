using System.Buffers.Binary;
using System.Runtime.InteropServices;
using IsacTestbed.Core;

namespace IsacTestbed.Learning.Federated;

/// <summary>Writes an update as bytes and reads it back. Integrity on the way is the carrier's business; what does not fit together is
/// refused.</summary>
/// <remarks>
/// Little-endian. Header of 24 bytes: "IU", version 1, encoding, then as 32-bit integers the round, the device, its sample count, the
/// number of
/// weights and the chunk length (0 if exact). Exact: the weights. Quantised: per chunk a scale and one signed byte per weight of the
/// difference to the broadcast weights. The scale is the chunk's largest magnitude over 127; a value falls on the step below or above it
/// with probabilities that make the mean exact, so errors average out over devices and rounds.
/// </remarks>
public static class UpdateCodec
{
    /// <summary>Weights that share a scale.</summary>
    public const int ChunkLength = 256;

    private const int HeaderLength = 24;
    private const byte Version = 1;
    private const int LargestStep = 127;

    /// <summary>Length of a message in bytes.</summary>
    /// <param name="weights">Number of weights of the model.</param>
    /// <param name="encoding">How they are written.</param>
    public static int EncodedLength(int weights, UpdateEncoding encoding)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weights);
        return encoding switch
        {
            UpdateEncoding.Exact => checked(HeaderLength + (sizeof(float) * weights)),
            UpdateEncoding.Quantised => checked(HeaderLength + weights + (sizeof(float) * Chunks(weights))),
            _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "Exact or Quantised."),
        };
    }

    /// <summary>Writes an update.</summary>
    /// <param name="update">The update as it left local training.</param>
    /// <param name="broadcast">The weights from which the device started.</param>
    /// <param name="encoding">Exact or quantised.</param>
    /// <param name="seed">The experiment's seed; rounding is keyed by device and round.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a weight is not finite.</exception>
    public static byte[] Encode(DeviceUpdate update, ReadOnlySpan<float> broadcast, UpdateEncoding encoding, ulong seed)
    {
        ReadOnlySpan<float> weights = update.Weights.Span;
        if (weights.Length != broadcast.Length)
        {
            throw new ArgumentException($"{weights.Length} weights in the update, {broadcast.Length} in the broadcast.", nameof(update));
        }

        byte[] message = new byte[EncodedLength(weights.Length, encoding)];
        message[0] = (byte)'I';
        message[1] = (byte)'U';
        message[2] = Version;
        message[3] = (byte)encoding;
        WriteInteger(message, 4, update.Round);
        WriteInteger(message, 8, update.Device);
        WriteInteger(message, 12, update.SampleCount);
        WriteInteger(message, 16, weights.Length);
        WriteInteger(message, 20, encoding == UpdateEncoding.Quantised ? ChunkLength : 0);
        Span<byte> body = message.AsSpan(HeaderLength);
        if (encoding == UpdateEncoding.Exact)
        {
            for (int i = 0; i < weights.Length; i++)
            {
                RequireTrained(weights[i]);
                BinaryPrimitives.WriteSingleLittleEndian(body[(sizeof(float) * i)..], weights[i]);
            }

            return message;
        }

        var random = new CounterRandom(seed, RandomPurpose.Quantisation, checked((uint)update.Device), checked((uint)update.Round));
        Span<float> difference = stackalloc float[ChunkLength];
        for (int start = 0; start < weights.Length; start += ChunkLength)
        {
            int count = Math.Min(ChunkLength, weights.Length - start);
            for (int i = 0; i < count; i++)
            {
                difference[i] = weights[start + i] - broadcast[start + i];
            }

            BinaryPrimitives.WriteSingleLittleEndian(
                body,
                Quantise(difference[..count], random, (ulong)start / 4, MemoryMarshal.Cast<byte, sbyte>(body.Slice(sizeof(float), count))));
            body = body[(sizeof(float) + count)..];
        }

        return message;
    }

    /// <summary>Reads an update.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="broadcast">The weights from which the device started.</param>
    /// <exception cref="InvalidDataException">The message is no update, is truncated or too long, or does not fit the model.</exception>
    public static DeviceUpdate Decode(ReadOnlySpan<byte> message, ReadOnlySpan<float> broadcast)
    {
        if (message.Length < HeaderLength || message[0] != 'I' || message[1] != 'U')
        {
            throw new InvalidDataException($"{message.Length} bytes that do not start with the header of a model update.");
        }

        if (message[2] != Version)
        {
            throw new InvalidDataException($"A model update of version {message[2]}; this is version {Version}.");
        }

        var encoding = (UpdateEncoding)message[3];
        if (encoding is not (UpdateEncoding.Exact or UpdateEncoding.Quantised))
        {
            throw new InvalidDataException($"A model update has the unknown encoding {message[3]}.");
        }

        int round = ReadInteger(message, 4, "round"), device = ReadInteger(message, 8, "device");
        int samples = ReadInteger(message, 12, "sample count"), count = ReadInteger(message, 16, "number of weights");
        int chunk = ReadInteger(message, 20, "chunk length");
        if (count != broadcast.Length)
        {
            throw new InvalidDataException(
                $"The update of device {device} in round {round} has {count} weights, the model {broadcast.Length}.");
        }

        if (message.Length != EncodedLength(count, encoding) || chunk != (encoding == UpdateEncoding.Quantised ? ChunkLength : 0))
        {
            throw new InvalidDataException(
                $"The update of device {device} in round {round} has {message.Length} bytes in chunks of {chunk}, "
                + $"not {EncodedLength(count, encoding)} in chunks of {ChunkLength}.");
        }

        float[] weights = new float[count];
        ReadOnlySpan<byte> body = message[HeaderLength..];
        if (encoding == UpdateEncoding.Exact)
        {
            for (int i = 0; i < count; i++)
            {
                weights[i] = RequireFinite(BinaryPrimitives.ReadSingleLittleEndian(body[(sizeof(float) * i)..]), device, round);
            }
        }
        else
        {
            for (int start = 0; start < count; start += ChunkLength)
            {
                int length = Math.Min(ChunkLength, count - start);
                float scale = RequireFinite(BinaryPrimitives.ReadSingleLittleEndian(body), device, round);
                ReadOnlySpan<sbyte> steps = MemoryMarshal.Cast<byte, sbyte>(body.Slice(sizeof(float), length));
                for (int i = 0; i < length; i++)
                {
                    weights[start + i] = broadcast[start + i] + (scale * steps[i]);
                }

                body = body[(sizeof(float) + length)..];
            }
        }

        return new DeviceUpdate(round, device, samples, weights);
    }

    private static int Chunks(int weights) => (int)(((long)weights + ChunkLength - 1) / ChunkLength);

    // Steps of one chunk and their scale. The scale is rounded up, so that no value lies beyond the last step and none is clamped.
    private static float Quantise(ReadOnlySpan<float> values, CounterRandom random, ulong firstBlock, Span<sbyte> steps)
    {
        const double TwoToMinus32 = 1.0 / (1L << 32);
        float largest = 0;
        foreach (float value in values)
        {
            RequireTrained(value);
            largest = MathF.Max(largest, MathF.Abs(value));
        }

        float scale = largest / LargestStep;
        if ((double)scale * LargestStep < largest)
        {
            scale = MathF.BitIncrement(scale);
        }

        Span<uint> words = stackalloc uint[4];
        for (int i = 0; i < values.Length; i++)
        {
            if (i % 4 == 0)
            {
                (words[0], words[1], words[2], words[3]) = random.Block(firstBlock + ((ulong)i / 4));
            }

            steps[i] = scale == 0 ? (sbyte)0 : (sbyte)Math.Floor(((double)values[i] / scale) + (words[i % 4] * TwoToMinus32));
        }

        return scale;
    }

    private static void WriteInteger(Span<byte> message, int offset, int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        BinaryPrimitives.WriteInt32LittleEndian(message[offset..], value);
    }

    private static int ReadInteger(ReadOnlySpan<byte> message, int offset, string name)
    {
        int value = BinaryPrimitives.ReadInt32LittleEndian(message[offset..]);
        return value >= 0 ? value : throw new InvalidDataException($"A model update has the {name} {value}.");
    }

    private static void RequireTrained(float value)
    {
        if (!float.IsFinite(value))
        {
            throw new ArgumentException($"An update holds {value}: training has diverged.");
        }
    }

    private static float RequireFinite(float value, int device, int round) => float.IsFinite(value)
        ? value
        : throw new InvalidDataException($"The update of device {device} in round {round} holds {value}.");
}
