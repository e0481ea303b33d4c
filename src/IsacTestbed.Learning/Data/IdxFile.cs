using System.Buffers.Binary;
using System.IO.Compression;
using IsacTestbed.Core;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Data;

/// <summary>Reads the IDX files of unsigned bytes in which MNIST and Fashion-MNIST are distributed, plain or compressed by gzip.</summary>
public static class IdxFile
{
    private const int MaximumElements = 1 << 30;

    /// <summary>Reads images and their labels; pixels 0 .. 255 become 0 .. 1.</summary>
    /// <param name="imagesPath">File of count x height x width bytes.</param>
    /// <param name="labelsPath">File of count bytes.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ConfigurationException">A file cannot be read, is no such file, is truncated, or the two do not belong
    /// together.</exception>
    public static LabelledSamples ReadImages(string imagesPath, string labelsPath, int classes)
    {
        (int[] size, byte[] pixels) = Read(imagesPath, 3, "images (count x height x width)");
        (int[] count, byte[] labels) = Read(labelsPath, 1, "labels (count)");
        if (size[0] != count[0])
        {
            throw new ConfigurationException(labelsPath, "", $"holds {count[0]} labels, but {imagesPath} holds {size[0]} images");
        }

        int wrong = Array.FindIndex(labels, label => label >= classes);
        if (wrong >= 0)
        {
            throw new ConfigurationException(labelsPath, "", $"label {labels[wrong]} of sample {wrong} is not in 0 .. {classes - 1}");
        }

        float[] features = Array.ConvertAll(pixels, pixel => pixel / 255f);
        return new LabelledSamples(new FeatureShape(size[1], size[2], 1), classes, features, Array.ConvertAll(labels, label => (int)label));
    }

    private static (int[] Size, byte[] Data) Read(string path, int dimensions, string content)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            int first = file.ReadByte(), second = file.ReadByte();
            file.Position = 0;
            if (first != 0x1F || second != 0x8B)
            {
                return ReadBody(path, file, dimensions, content);
            }

            using var plain = new GZipStream(file, CompressionMode.Decompress);
            return ReadBody(path, plain, dimensions, content);
        }
        catch (EndOfStreamException exception)
        {
            throw new ConfigurationException(path, "", "is truncated: it ends before what its header announces", exception);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(path, "", $"cannot be read: {exception.Message}", exception);
        }
    }

    private static (int[] Size, byte[] Data) ReadBody(string path, Stream stream, int dimensions, string content)
    {
        byte[] header = new byte[4 + (4 * dimensions)];
        stream.ReadExactly(header, 0, 4);
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header), expected = 0x0800u | (uint)dimensions;
        if (magic != expected)
        {
            throw new ConfigurationException(path, "", $"starts with 0x{magic:X8}; an IDX file of {content} starts with 0x{expected:X8}");
        }

        stream.ReadExactly(header, 4, 4 * dimensions);
        int[] size = new int[dimensions];
        long elements = 1;
        for (int i = 0; i < dimensions; i++)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + (4 * i)));
            elements = length > MaximumElements ? long.MaxValue : elements * length;
            if (elements > MaximumElements || (i > 0 && length == 0))
            {
                throw new ConfigurationException(path, "", $"announces a size of {length} in dimension {i}, which no such data set has");
            }

            size[i] = (int)length;
        }

        byte[] data = new byte[elements];
        stream.ReadExactly(data);
        if (stream.ReadByte() >= 0)
        {
            throw new ConfigurationException(path, "", $"goes on after the {elements} bytes that its header announces");
        }

        return (size, data);
    }
}
