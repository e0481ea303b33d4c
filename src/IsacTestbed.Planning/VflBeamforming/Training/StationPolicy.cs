using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>One base station's trained network with the scale of its features.</summary>
/// <param name="Station">Which base station.</param>
/// <param name="Weights">The parameters.</param>
/// <param name="Means">Mean of each feature over the training samples.</param>
/// <param name="Deviations">Standard deviation of each; one where it does not vary.</param>
internal sealed record StationPolicy(int Station, float[] Weights, float[] Means, float[] Deviations)
{
    /// <summary>Brings features to mean zero and deviation one.</summary>
    /// <returns>The largest magnitude.</returns>
    public float Standardise(Span<float> features)
    {
        float largest = 0;
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = (features[i] - Means[i]) / Deviations[i];
            largest = MathF.Max(largest, MathF.Abs(features[i]));
        }

        return largest;
    }

    /// <summary>The wiring of a base station's network.</summary>
    public static IBeamDesign Design(BeamDesignKind kind, NetworkShape shape, int station, bool wholeNetwork)
    {
        var visible = VisibleLinks.Of(shape, station, wholeNetwork);
        return kind switch
        {
            BeamDesignKind.Direct => new DirectDesign(shape, visible),
            BeamDesignKind.Priced => new PricedDesign(shape, visible),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such design."),
        };
    }

    /// <summary>The layers of a network.</summary>
    public static NetworkArchitecture Architecture(IBeamDesign design, ReadOnlySpan<int> hidden) =>
        NetworkArchitecture.Perceptron(FeatureShape.Vector(design.Inputs), hidden, design.Outputs);
}
