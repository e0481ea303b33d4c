namespace IsacTestbed.Control.Records;

/// <summary>The labelled samples that one device has collected so far. Grows; not thread safe.</summary>
/// <param name="featureCount">Features per sample.</param>
public sealed class CollectedSamples(int featureCount)
{
    private readonly List<float> _features = [];
    private readonly List<int> _labels = [];

    /// <summary>Features per sample.</summary>
    public int FeatureCount => featureCount;

    /// <summary>Features, sample after sample.</summary>
    public IReadOnlyList<float> Features => _features;

    /// <summary>One label per sample.</summary>
    public IReadOnlyList<int> Labels => _labels;

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
}
