using IsacTestbed.Core;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Data;

/// <summary>Samples with their classes. Immutable; the arrays given belong to it from then on.</summary>
public sealed class LabelledSamples
{
    private readonly float[] _features;
    private readonly int[] _labels;

    /// <summary>Takes over features and labels.</summary>
    /// <param name="shape">Shape of one sample.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="features">count x shape.Size, row-major.</param>
    /// <param name="labels">One class per sample, in 0 .. classes - 1.</param>
    /// <exception cref="ArgumentException">The lengths do not match, or a label is no class.</exception>
    public LabelledSamples(FeatureShape shape, int classes, float[] features, int[] labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shape.Size, nameof(shape));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        if (features.Length != (long)labels.Length * shape.Size)
        {
            throw new ArgumentException($"{features.Length} features are not {labels.Length} samples of {shape}.", nameof(features));
        }

        int wrong = Array.FindIndex(labels, label => (uint)label >= (uint)classes);
        if (wrong >= 0)
        {
            throw new ArgumentException($"Label {labels[wrong]} of sample {wrong} is not in 0 .. {classes - 1}.", nameof(labels));
        }

        Shape = shape;
        Classes = classes;
        _features = features;
        _labels = labels;
    }

    /// <summary>Shape of one sample.</summary>
    public FeatureShape Shape { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Number of samples; may be 0.</summary>
    public int Count => _labels.Length;

    /// <summary>All features: Count x Shape.Size, row-major.</summary>
    public ReadOnlyMemory<float> Features => _features;

    /// <summary>The class of each sample.</summary>
    public ReadOnlyMemory<int> Labels => _labels;

    /// <summary>The samples at the given indices, in that order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public LabelledSamples Subset(ReadOnlySpan<int> indices)
    {
        float[] features = new float[checked(indices.Length * Shape.Size)];
        int[] labels = new int[indices.Length];
        Gather(indices, features, labels);
        return new LabelledSamples(Shape, Classes, features, labels);
    }

    /// <summary>The first samples.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many.</exception>
    public LabelledSamples Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        return new LabelledSamples(Shape, Classes, _features[..(count * Shape.Size)], _labels[..count]);
    }

    /// <summary>These samples with white Gaussian noise added, such that E||x||^2 / E||n||^2 is the given SNR (Appendix B of
    /// isac-fl).</summary>
    /// <param name="snrLinear">Mean power of all features here over the mean power of the noise; positive. Infinity adds nothing.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="device">Whose samples they are: each device has its own noise.</param>
    /// <exception cref="ArgumentOutOfRangeException">The SNR is not positive.</exception>
    public LabelledSamples WithNoise(double snrLinear, ulong seed, uint device)
    {
        if (!(snrLinear > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(snrLinear), snrLinear, "A signal-to-noise ratio is positive.");
        }

        double power = 0;
        foreach (float feature in _features)
        {
            power += (double)feature * feature;
        }

        double deviation = Math.Sqrt(power / Math.Max(_features.Length, 1) / snrLinear);
        var random = new CounterRandom(seed, RandomPurpose.DataNoise, device);
        float[] noisy = new float[_features.Length];
        for (int i = 0; i < noisy.Length; i += 2)
        {
            (double first, double second) = random.NormalPairAt((ulong)i / 2);
            noisy[i] = (float)(_features[i] + (deviation * first));
            if (i + 1 < noisy.Length)
            {
                noisy[i + 1] = (float)(_features[i + 1] + (deviation * second));
            }
        }

        return new LabelledSamples(Shape, Classes, noisy, _labels);
    }

    /// <summary>Copies the samples at the given indices.</summary>
    internal void Gather(ReadOnlySpan<int> indices, Span<float> features, Span<int> labels)
    {
        int size = Shape.Size;
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"There are {Count} samples.");
            }

            _features.AsSpan(indices[i] * size, size).CopyTo(features[(i * size)..]);
            labels[i] = _labels[indices[i]];
        }
    }

    /// <summary>Throws unless a network can be trained on these samples.</summary>
    internal void RequireFit(NetworkArchitecture architecture)
    {
        if (Shape.Size != architecture.Input.Size || Classes > architecture.Classes)
        {
            throw new ArgumentException($"Samples of {Shape} in {Classes} classes do not fit {architecture}.");
        }
    }
}
