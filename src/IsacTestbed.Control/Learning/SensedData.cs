using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Control.Learning;

/// <summary>Sensed data: every valid frame is a sample, its range-angle map labelled with the target's beam.</summary>
public sealed class SensedData : ITrainingData
{
    /// <summary>Creates the data of a scenario.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="reference">Reference frames: the test set.</param>
    /// <exception cref="Radio.RadioException">No reference frame is valid.</exception>
    public SensedData(Scenario scenario, IReadOnlyList<EchoFrame> reference)
    {
        Shape = new FeatureShape(scenario.Sensing.AngleCells, scenario.Sensing.RangeCells, 1);
        Classes = scenario.Sensing.Beams;
        EchoFrame[] valid = [.. reference.Where(f => f.Measurement.Verdict == Verdict.Valid).Take(scenario.Learning.TestSamples)];
        if (valid.Length == 0)
        {
            throw new Radio.RadioException(
                Radio.RadioFaultCode.Unspecified,
                string.Empty,
                $"none of the {reference.Count} reference frames is valid ({reference[0].Measurement.Reason}); check clock, gain and overflow of the devices");
        }

        Test = new LabelledSamples(Shape, Classes, [.. valid.SelectMany(f => f.Map)], [.. valid.Select(f => f.Beam)]);
    }

    /// <inheritdoc/>
    public FeatureShape Shape { get; }

    /// <inheritdoc/>
    public int Classes { get; }

    /// <inheritdoc/>
    public LabelledSamples Test { get; }

    /// <inheritdoc/>
    public void Collect(int device, int round, IReadOnlyList<EchoFrame> frames, CollectedSamples collected)
    {
        foreach (EchoFrame frame in frames.Where(f => f.Measurement.Verdict == Verdict.Valid))
        {
            collected.Add(frame.Map, frame.Beam);
        }
    }
}
