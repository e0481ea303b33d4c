namespace IsacTestbed.Cli.Plots;

/// <summary>How a series looks: colour, marker and dashes all differ, so that no reader depends on colour.</summary>
/// <param name="Colour">From the palette of Okabe and Ito, which colour-blind readers can tell apart.</param>
/// <param name="Marker">Shape of the marker: the index of one of five.</param>
/// <param name="Dashes">Lengths of dash and gap; empty for a solid line.</param>
internal readonly record struct SeriesStyle(string Colour, int Marker, string Dashes)
{
    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];
    private static readonly string[] DashPatterns = ["", "7 3", "2 3", "9 3 2 3", "5 5"];

    /// <summary>Number of marker shapes.</summary>
    public const int Markers = 5;

    /// <summary>The style of the series with an index in the legend.</summary>
    public static SeriesStyle At(int index) => new(Colours[index % Colours.Length], index % Markers, DashPatterns[index % DashPatterns.Length]);
}
