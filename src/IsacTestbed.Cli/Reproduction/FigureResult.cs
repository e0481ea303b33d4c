using IsacTestbed.Cli.Plots;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>A figure of a paper as it comes out here.</summary>
/// <param name="Number">Number of the figure in the paper.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Setting">In one line: data, budget and seed, as far as they matter.</param>
/// <param name="Tables">The paper's values beside ours first, then the details.</param>
/// <param name="Notes">One remark per item: choices, and what differs from the paper and why.</param>
/// <param name="Chart">The picture.</param>
internal sealed record FigureResult(
    int Number, string Title, string Setting, IReadOnlyList<ResultTable> Tables, IReadOnlyList<string> Notes, SvgFigure Chart);
