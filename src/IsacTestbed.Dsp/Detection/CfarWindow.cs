namespace IsacTestbed.Dsp.Detection;

/// <summary>Which cells around the one under test tell the noise: a frame of training cells around a frame of guard cells.</summary>
/// <param name="GuardRows">Guard cells above and below, each; zero or more.</param>
/// <param name="GuardColumns">Guard cells left and right, each; zero or more.</param>
/// <param name="TrainingRows">Training cells beyond the guard above and below, each; zero for one dimension.</param>
/// <param name="TrainingColumns">Training cells beyond the guard left and right, each.</param>
public readonly record struct CfarWindow(int GuardRows, int GuardColumns, int TrainingRows, int TrainingColumns)
{
    /// <summary>A window along one row.</summary>
    /// <param name="guard">Guard cells on each side.</param>
    /// <param name="training">Training cells on each side.</param>
    public static CfarWindow Along(int guard, int training) => new(0, guard, 0, training);

    /// <summary>Rows above and below that the window reaches.</summary>
    internal int ReachRows => GuardRows + TrainingRows;

    /// <summary>Columns left and right that the window reaches.</summary>
    internal int ReachColumns => GuardColumns + TrainingColumns;

    /// <summary>Training cells of a cell whose window is wholly inside the map.</summary>
    public int TrainingCells => (((2 * ReachRows) + 1) * ((2 * ReachColumns) + 1)) - (((2 * GuardRows) + 1) * ((2 * GuardColumns) + 1));

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(GuardRows);
        ArgumentOutOfRangeException.ThrowIfNegative(GuardColumns);
        ArgumentOutOfRangeException.ThrowIfNegative(TrainingRows);
        ArgumentOutOfRangeException.ThrowIfNegative(TrainingColumns);
        if (TrainingRows + TrainingColumns == 0)
        {
            throw new ArgumentException("A CFAR window needs training cells.");
        }
    }
}
