using IsacTestbed.Core;

namespace IsacTestbed.Control.OtaFeel;

/// <summary>
/// What is trained over the air in a round: the location by the first task, and a small network by the second where there is one (Setup III of the
/// paper; with one task Setup II).
/// </summary>
/// <param name="Steps">Transmissions of federated training in a round, all on the round's plan; 0 for none.</param>
/// <param name="Classes">Classes of the samples; a device holds half of them.</param>
/// <param name="Features">Numbers of a sample.</param>
/// <param name="Spread">Deviation of a sample around the mean of its class, whose entries have variance one.</param>
/// <param name="SamplesPerDevice">Training samples of a device.</param>
/// <param name="TestSamples">Test samples.</param>
/// <param name="HiddenWidth">Neurons of the hidden layer.</param>
/// <param name="LocalSteps">Mini-batches per device and transmission.</param>
/// <param name="BatchSize">Samples per mini-batch.</param>
/// <param name="LearningRate">Rate of plain SGD.</param>
public sealed record TrainingSection(
    int Steps,
    int Classes,
    int Features,
    double Spread,
    int SamplesPerDevice,
    int TestSamples,
    int HiddenWidth,
    int LocalSteps,
    int BatchSize,
    double LearningRate)
{
    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">A key is missing, unknown or out of range.</exception>
    public static TrainingSection Read(ConfigurationObject o)
    {
        ArgumentNullException.ThrowIfNull(o);
        var section = new TrainingSection(
            o.Integer("steps", 0, 10_000),
            o.Integer("classes", 2, 100),
            o.Integer("features", 1, 1024),
            o.PositiveNumber("spread"),
            o.Integer("samplesPerDevice", 1, 100_000),
            o.Integer("testSamples", 1, 100_000),
            o.Integer("hiddenWidth", 1, 1024),
            o.Integer("localSteps", 1, 1000),
            o.Integer("batchSize", 1, 10_000),
            o.PositiveNumber("learningRate"));
        o.RejectUnknownKeys();
        return section.Steps is > 0 and < 4
            ? throw o.Error("steps", $"found {section.Steps}; a location takes four transmissions at least, or 0 for no training")
            : section;
    }
}
