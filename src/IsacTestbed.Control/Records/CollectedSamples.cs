using System.Runtime.InteropServices;

namespace IsacTestbed.Control.Records;

/// <summary>The labelled samples that one device has collected so far. Grows; not thread safe.</summary>
/// <param name="featureCount">Features per sample.</param>
public sealed class CollectedSamples(int featureCount)
{
    private readonly List<float> _features = [];
    private readonly List<int> _labels = [];
    private int _recorded;

    /// <summary>Features per sample.</summary>
    public int FeatureCount => featureCount;

    /// <summary>Features, sample after sample.</summary>
    public ReadOnlySpan<float> Features => CollectionsMarshal.AsSpan(_features);

    /// <summary>One label per sample.</summary>
    public ReadOnlySpan<int> Labels => CollectionsMarshal.AsSpan(_labels);

    /// <summary>Adds a sample.</summary>
    /// <exception cref="ArgumentException">The number of features is wrong.</exception>
    public void Add(ReadOnlySpan<float> features, int label)
    {
        if (features.Length != featureCount)
        {
            throw new ArgumentException($"A sample has {features.Length} features; this collection holds samples of {featureCount}.", nameof(features));
        }

        _features.AddRange(features);
        _labels.Add(label);
    }

    /// <summary>Writes what has been added since the last write: a count, the labels, the features.</summary>
    public void WriteNew(BinaryWriter writer)
    {
        ReadOnlySpan<int> labels = Labels[_recorded..];
        writer.Write(labels.Length);
        writer.Write(MemoryMarshal.AsBytes(labels));
        writer.Write(MemoryMarshal.AsBytes(Features[(_recorded * featureCount)..]));
        _recorded = _labels.Count;
    }

    /// <summary>Adds what one <see cref="WriteNew"/> wrote.</summary>
    /// <exception cref="EndOfStreamException">The data end too early.</exception>
    public void ReadMore(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        int[] labels = new int[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(labels.AsSpan()));
        float[] features = new float[count * featureCount];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(features.AsSpan()));
        _labels.AddRange(labels);
        _features.AddRange(features);
        _recorded = _labels.Count;
    }
}
