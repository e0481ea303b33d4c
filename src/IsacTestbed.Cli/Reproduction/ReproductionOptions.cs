using IsacTestbed.Core;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>The command line of a reproduction, checked.</summary>
/// <param name="Figure">Number of the figure.</param>
/// <param name="Budget">quick or full.</param>
/// <param name="Dataset">Which stored data set; for papers that learn.</param>
/// <param name="DataFolder">Folder of stored data sets; for papers that learn.</param>
/// <param name="Seed">Seed of the first run.</param>
internal sealed record ReproductionOptions(int Figure, string Budget, DataKind Dataset, string DataFolder, ulong Seed);
