using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Control.Learning;

/// <summary>
/// Stored data: each valid frame lets its device take the next image of its share of the data set, with white noise added at the sensing SNR
/// that the round measured.
/// </summary>
public sealed class StoredData : ITrainingData
{
    // Below this SNR an image is noise alone; a mean of few frames may even come out negative.
    private const double LeastSnr = 1e-3;

    private readonly ulong _seed;
    private readonly LabelledSamples _training;
    private readonly int[][] _shares;

    /// <summary>Divides a data set among the devices of a scenario.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="training">Training images.</param>
    /// <param name="test">Test images.</param>
    public StoredData(Scenario scenario, LabelledSamples training, LabelledSamples test)
    {
        const int shardsPerDevice = 2;
        int devices = scenario.Devices.Count;
        _seed = scenario.Seed;
        _training = training;
        _shares = scenario.Learning.Partition switch
        {
            PartitionKind.Iid => DataPartition.Iid(training.Count, devices, _seed),
            PartitionKind.Dirichlet => DataPartition.Dirichlet(training.Labels.Span, training.Classes, devices, scenario.Learning.DirichletAlpha, _seed),
            PartitionKind.ByLabel => DataPartition.ByLabel(training.Labels.Span, training.Classes, devices, shardsPerDevice, _seed),
            _ => throw new ArgumentException($"Unknown partition {scenario.Learning.Partition}.", nameof(scenario)),
        };
        Test = test.Take(Math.Min(test.Count, scenario.Learning.TestSamples));
    }

    /// <inheritdoc/>
    public FeatureShape Shape => _training.Shape;

    /// <inheritdoc/>
    public int Classes => _training.Classes;

    /// <inheritdoc/>
    public LabelledSamples Test { get; }

    /// <inheritdoc/>
    public void Collect(int device, int round, IReadOnlyList<EchoFrame> frames, CollectedSamples collected)
    {
        EchoFrame[] valid = [.. frames.Where(f => f.Measurement.Verdict == Verdict.Valid)];
        int[] share = _shares[device];
        if (valid.Length == 0 || share.Length == 0)
        {
            return;
        }

        double snr = Math.Max(valid.Average(f => f.Measurement.SensingSnr), LeastSnr);
        int[] next = [.. Enumerable.Range(collected.Labels.Length, valid.Length).Select(i => share[i % share.Length])];
        LabelledSamples noisy = _training.Subset(next).WithNoise(snr, _seed, (uint)((round * _shares.Length) + device));
        for (int i = 0; i < noisy.Count; i++)
        {
            collected.Add(noisy.Features.Span.Slice(i * Shape.Size, Shape.Size), noisy.Labels.Span[i]);
        }
    }
}
