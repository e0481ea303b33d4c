namespace IsacTestbed.Dsp.Detection;

/// <summary>Ordered-statistic detector of constant false-alarm rate on a map of powers: not blinded by other targets among its training
/// cells.</summary>
/// <remarks>
/// A cell is detected if its power exceeds alpha times the k-th smallest of its N training cells, with
/// Pfa = product over i = 0 .. k-1 of (N - i) / (N - i + alpha), exact for exponential powers and independent cells (Rohling, "Radar CFAR
/// thresholding in clutter and multiple target situations", 1983). Near an edge N shrinks, k with it, and alpha follows. Immutable; thread
/// safe.
/// </remarks>
public sealed class OrderedStatisticCfar
{
    private readonly CfarWindow _window;
    private readonly double _rankFraction;
    private readonly double[] _factors;

    /// <summary>Prepares the thresholds.</summary>
    /// <param name="window">Guard and training cells; zero rows for a detector along rows.</param>
    /// <param name="falseAlarmProbability">Pfa per cell, in (0, 1).</param>
    /// <param name="rankFraction">k / N, in (0, 1]; three quarters is usual.</param>
    /// <exception cref="ArgumentException">The window has no training cells.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A window size is negative, or a number is outside its range.</exception>
    public OrderedStatisticCfar(CfarWindow window, double falseAlarmProbability, double rankFraction = 0.75)
    {
        window.Check();
        if (!(rankFraction > 0 && rankFraction <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rankFraction), rankFraction, "A rank fraction lies in (0, 1].");
        }

        _window = window;
        _rankFraction = rankFraction;
        _factors = new double[window.TrainingCells + 1];
        _factors[0] = double.PositiveInfinity;
        for (int cells = 1; cells < _factors.Length; cells++)
        {
            _factors[cells] = Factor(cells, Rank(cells), falseAlarmProbability);
        }
    }

    /// <summary>Floats of scratch that <see cref="Detect"/> needs.</summary>
    public int ScratchLength => _window.TrainingCells;

    /// <summary>alpha on the k-th smallest of N cells.</summary>
    /// <param name="cells">N, at least one.</param>
    /// <param name="rank">k, 1 to N.</param>
    /// <param name="falseAlarmProbability">Pfa, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double Factor(int cells, int rank, double falseAlarmProbability)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cells);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, cells);
        if (!(falseAlarmProbability > 0 && falseAlarmProbability < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(falseAlarmProbability), falseAlarmProbability,
                "A probability lies between 0 and 1.");
        }

        double wanted = Math.Log(falseAlarmProbability), low = 0, high = 1;
        while (LogFalseAlarm(cells, rank, high) > wanted)
        {
            high *= 2;
        }

        for (int i = 0; i < 100; i++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = LogFalseAlarm(cells, rank, middle) > wanted ? (middle, high) : (low, middle);
        }

        return 0.5 * (low + high);
    }

    /// <summary>Tests every cell.</summary>
    /// <param name="power">|x|^2, rows x columns floats, row by row.</param>
    /// <param name="columns">Cells of a row, at least one.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats that overlap nothing.</param>
    /// <param name="detections">Set to whether each cell is detected; as long as <paramref name="power"/>.</param>
    /// <returns>Cells detected.</returns>
    /// <exception cref="ArgumentException">Lengths do not agree.</exception>
    public int Detect(ReadOnlySpan<float> power, int columns, Span<float> scratch, Span<bool> detections)
    {
        int rows = CfarShape.Rows(power.Length, columns, detections.Length);
        Kernels.SpanRules.AtLeast(scratch, ScratchLength, nameof(scratch));
        int detected = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                int cells = Gather(power, rows, columns, row, column, scratch);
                int cell = (row * columns) + column;
                detections[cell] = cells > 0 && power[cell] > _factors[cells] * Select(scratch[..cells], Rank(cells) - 1);
                detected += detections[cell] ? 1 : 0;
            }
        }

        return detected;
    }

    private static double LogFalseAlarm(int cells, int rank, double factor)
    {
        double sum = 0;
        for (int i = 0; i < rank; i++)
        {
            sum -= double.LogP1(factor / (cells - i));
        }

        return sum;
    }

    private int Rank(int cells) => Math.Clamp((int)Math.Round(_rankFraction * cells), 1, cells);

    private int Gather(ReadOnlySpan<float> power, int rows, int columns, int row, int column, Span<float> cells)
    {
        int count = 0;
        for (int r = Math.Max(0, row - _window.ReachRows); r < Math.Min(rows, row + _window.ReachRows + 1); r++)
        {
            bool guarded = Math.Abs(r - row) <= _window.GuardRows;
            for (int c = Math.Max(0, column - _window.ReachColumns); c < Math.Min(columns, column + _window.ReachColumns + 1); c++)
            {
                if (!guarded || Math.Abs(c - column) > _window.GuardColumns)
                {
                    cells[count++] = power[(r * columns) + c];
                }
            }
        }

        return count;
    }

    /// <summary>The value that would stand at an index were the cells sorted (Hoare's quickselect, middle pivot).</summary>
    private static float Select(Span<float> cells, int index)
    {
        int low = 0, high = cells.Length - 1;
        while (low < high)
        {
            float pivot = cells[(low + high) / 2];
            int i = low, j = high;
            while (i <= j)
            {
                while (cells[i] < pivot)
                {
                    i++;
                }

                while (cells[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (cells[i], cells[j]) = (cells[j], cells[i]);
                    i++;
                    j--;
                }
            }

            if (index <= j)
            {
                high = j;
            }
            else if (index >= i)
            {
                low = i;
            }
            else
            {
                break;
            }
        }

        return cells[index];
    }
}
