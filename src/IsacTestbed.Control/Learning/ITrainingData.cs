using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Records;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Control.Learning;

/// <summary>Turns what was sensed into training samples.</summary>
public interface ITrainingData
{
    /// <summary>Shape of one sample.</summary>
    FeatureShape Shape { get; }

    /// <summary>Number of classes.</summary>
    int Classes { get; }

    /// <summary>The samples on which the global model is evaluated.</summary>
    LabelledSamples Test { get; }

    /// <summary>Adds the samples that a device gains from the valid frames of one round.</summary>
    /// <param name="device">Index of the device.</param>
    /// <param name="round">The round.</param>
    /// <param name="frames">Its frames; only valid ones count.</param>
    /// <param name="collected">What it has collected so far; grows.</param>
    void Collect(int device, int round, IReadOnlyList<EchoFrame> frames, CollectedSamples collected);
}
