namespace IsacTestbed.Core;

/// <summary>Where training samples come from.</summary>
public enum DataKind
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>Each sample is a device's own accumulated echo frame: a range-angle map labelled with the target's beam.</summary>
    Sensed = 1,

    /// <summary>MNIST images with additive noise at the measured sensing SNR.</summary>
    Mnist = 2,

    /// <summary>Fashion-MNIST images with additive noise at the measured sensing SNR.</summary>
    FashionMnist = 3,
}

/// <summary>How a stored data set is divided among the devices.</summary>
public enum PartitionKind
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>At random.</summary>
    Iid = 1,

    /// <summary>Label shares drawn from a Dirichlet distribution.</summary>
    Dirichlet = 2,

    /// <summary>Each device sees a few labels only.</summary>
    ByLabel = 3,
}

/// <summary>What is learned, and how.</summary>
/// <param name="Data">Where samples come from.</param>
/// <param name="Partition">Division of a stored data set; sensed data are each device's own.</param>
/// <param name="DirichletAlpha">Concentration of the Dirichlet partition.</param>
/// <param name="HiddenWidths">Widths of the hidden layers of the perceptron.</param>
/// <param name="LocalSteps">Local steps per round (E_L).</param>
/// <param name="BatchSize">Samples per step.</param>
/// <param name="LearningRate">Step size of the local optimiser.</param>
/// <param name="TestSamples">Most samples of the test set that are evaluated after each round.</param>
public sealed record LearningSection(
    DataKind Data,
    PartitionKind Partition,
    double DirichletAlpha,
    IReadOnlyList<int> HiddenWidths,
    int LocalSteps,
    int BatchSize,
    double LearningRate,
    int TestSamples)
{
    internal static LearningSection Read(ConfigurationObject o)
    {
        double[] widths = o.Numbers("hiddenWidths", 1, 65_536);
        int fractional = Array.FindIndex(widths, w => w != Math.Floor(w));
        if (fractional >= 0)
        {
            throw o.Error($"hiddenWidths[{fractional}]", $"found {widths[fractional]}; it must be a whole number");
        }

        var section = new LearningSection(
            o.Choice<DataKind>("data"),
            o.Choice<PartitionKind>("partition"),
            o.Number("dirichletAlpha", 0, 1e6, exclusiveMinimum: true),
            [.. widths.Select(w => (int)w)],
            o.Integer("localSteps", 1, 100_000),
            o.Integer("batchSize", 1, 1_000_000),
            o.PositiveNumber("learningRate"),
            o.Integer("testSamples", 1));
        o.RejectUnknownKeys();
        return section;
    }
}
