using System.Buffers.Binary;
using IsacTestbed.Core;

namespace IsacTestbed.Cli.Tests.Reproduction;

/// <summary>A small data set in MNIST's files: ten patterns of 64 random pixels, of which an image has one and small variations.</summary>
public sealed class SyntheticDataSet : IDisposable
{
    private const int Side = 8;
    private const int Pixels = Side * Side;

    public SyntheticDataSet()
    {
        string target = Path.Combine(Folder, "mnist");
        Directory.CreateDirectory(target);
        Write(target, "train", 400, 1);
        Write(target, "t10k", 200, 2);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("isac-test-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Write(string folder, string part, int count, uint stream)
    {
        var pattern = new CounterRandom(1, RandomPurpose.Test);
        var variation = new CounterRandom(1, RandomPurpose.Test, stream);
        byte[] images = new byte[16 + (count * Pixels)], labels = new byte[8 + count];
        Header(images, 0x0803, count, Side, Side);
        Header(labels, 0x0801, count);
        for (int i = 0; i < count; i++)
        {
            int label = i % 10;
            labels[8 + i] = (byte)label;
            for (int p = 0; p < Pixels; p++)
            {
                int bright = pattern.UniformAt((ulong)((label * Pixels) + p)) < 0.3 ? 200 : 0;
                images[16 + (i * Pixels) + p] = (byte)(bright + variation.IntegerAt((ulong)((i * Pixels) + p), 40));
            }
        }

        File.WriteAllBytes(Path.Combine(folder, $"{part}-images-idx3-ubyte"), images);
        File.WriteAllBytes(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), labels);
    }

    private static void Header(byte[] file, params int[] words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 * i), words[i]);
        }
    }
}
