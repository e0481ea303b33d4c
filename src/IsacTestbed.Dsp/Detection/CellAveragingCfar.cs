namespace IsacTestbed.Dsp.Detection;

/// <summary>Cell-averaging detector of constant false-alarm rate on a map of powers |x|^2.</summary>
/// <remarks>
/// A cell is detected if its power exceeds alpha times the mean of its N training cells, alpha = N (Pfa^(-1/N) - 1), exact for exponential
/// powers (complex Gaussian noise) and independent cells (Finn and Johnson, "Adaptive detection mode with threshold control as a function
/// of spatially sampled clutter-level estimates", 1968). Near an edge the window is cut and alpha follows the cells that remain, so the
/// rate holds there too. Immutable; thread safe.
/// </remarks>
public sealed class CellAveragingCfar
{
    private readonly CfarWindow _window;
    private readonly double[] _factors;

    /// <summary>Prepares the thresholds.</summary>
    /// <param name="window">Guard and training cells; zero rows for a detector along rows.</param>
    /// <param name="falseAlarmProbability">Pfa per cell, in (0, 1).</param>
    /// <exception cref="ArgumentException">The window has no training cells.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A window size is negative or the probability is not in (0, 1).</exception>
    public CellAveragingCfar(CfarWindow window, double falseAlarmProbability)
    {
        window.Check();
        _window = window;
        _factors = new double[window.TrainingCells + 1];
        _factors[0] = double.PositiveInfinity;
        for (int cells = 1; cells < _factors.Length; cells++)
        {
            // The factor applies to the sum, hence without N.
            _factors[cells] = Factor(cells, falseAlarmProbability) / cells;
        }
    }

    /// <summary>alpha = N (Pfa^(-1/N) - 1), on the mean of N cells.</summary>
    /// <param name="cells">N, at least one.</param>
    /// <param name="falseAlarmProbability">Pfa, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double Factor(int cells, double falseAlarmProbability)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cells);
        if (!(falseAlarmProbability > 0 && falseAlarmProbability < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(falseAlarmProbability), falseAlarmProbability,
                "A probability lies between 0 and 1.");
        }

        return cells * double.ExpM1(-Math.Log(falseAlarmProbability) / cells);
    }

    /// <summary>Doubles of scratch that <see cref="Detect"/> needs for a map.</summary>
    public static int ScratchLength(int rows, int columns) => checked((rows + 1) * (columns + 1));

    /// <summary>Tests every cell.</summary>
    /// <param name="power">|x|^2, rows x columns floats, row by row.</param>
    /// <param name="columns">Cells of a row, at least one.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> doubles.</param>
    /// <param name="detections">Set to whether each cell is detected; as long as <paramref name="power"/>.</param>
    /// <returns>Cells detected.</returns>
    /// <exception cref="ArgumentException">Lengths do not agree.</exception>
    public int Detect(ReadOnlySpan<float> power, int columns, Span<double> scratch, Span<bool> detections)
    {
        int rows = CfarShape.Rows(power.Length, columns, detections.Length);
        int pitch = columns + 1;
        if (scratch.Length < ScratchLength(rows, columns))
        {
            throw new ArgumentException($"Needs {ScratchLength(rows, columns)} doubles, got {scratch.Length}.", nameof(scratch));
        }

        // Summed areas: any window's sum is four look-ups.
        scratch[..pitch].Clear();
        for (int row = 0; row < rows; row++)
        {
            double sum = 0;
            scratch[(row + 1) * pitch] = 0;
            for (int column = 0; column < columns; column++)
            {
                sum += power[(row * columns) + column];
                scratch[((row + 1) * pitch) + column + 1] = sum + scratch[(row * pitch) + column + 1];
            }
        }

        int detected = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                (double outer, int outerCells) = Sum(scratch, rows, columns, row, column, _window.ReachRows, _window.ReachColumns);
                (double inner, int innerCells) = Sum(scratch, rows, columns, row, column, _window.GuardRows, _window.GuardColumns);
                int cell = (row * columns) + column;
                detections[cell] = power[cell] > _factors[outerCells - innerCells] * (outer - inner);
                detected += detections[cell] ? 1 : 0;
            }
        }

        return detected;
    }

    private static (double Sum, int Cells) Sum(ReadOnlySpan<double> areas, int rows, int columns, int row, int column, int reachRows,
        int reachColumns)
    {
        int top = Math.Max(0, row - reachRows), bottom = Math.Min(rows, row + reachRows + 1);
        int left = Math.Max(0, column - reachColumns), right = Math.Min(columns, column + reachColumns + 1);
        int pitch = columns + 1;
        ReadOnlySpan<double> above = areas[(top * pitch)..], below = areas[(bottom * pitch)..];
        double sum = below[right] - above[right] - below[left] + above[left];
        return (sum, (bottom - top) * (right - left));
    }
}
