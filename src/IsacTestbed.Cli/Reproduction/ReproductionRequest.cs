using IsacTestbed.Core;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>What is asked of a reproduction.</summary>
/// <param name="Figure">Number of the figure.</param>
/// <param name="Setup">How much to compute.</param>
/// <param name="Dataset">Which stored data set.</param>
/// <param name="DataFolder">Folder of stored data sets.</param>
/// <param name="Seed">Seed of the first run.</param>
internal sealed record ReproductionRequest(int Figure, LearningSetup Setup, DataKind Dataset, string DataFolder, ulong Seed)
{
    /// <summary>Most threads to use; results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
