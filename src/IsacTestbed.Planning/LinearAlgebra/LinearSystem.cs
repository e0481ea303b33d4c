namespace IsacTestbed.Planning.LinearAlgebra;

/// <summary>Small real linear systems.</summary>
internal static class LinearSystem
{
    /// <summary>Gaussian elimination with partial pivoting; null if the matrix is singular.</summary>
    /// <param name="system">n rows of n coefficients and the right side; overwritten.</param>
    public static double[]? TrySolve(double[,] system)
    {
        int n = system.GetLength(0);
        for (int column = 0; column < n; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < n; row++)
            {
                pivot = Math.Abs(system[row, column]) > Math.Abs(system[pivot, column]) ? row : pivot;
            }

            if (!(Math.Abs(system[pivot, column]) > 0))
            {
                return null;
            }

            for (int j = column; j <= n && pivot != column; j++)
            {
                (system[column, j], system[pivot, j]) = (system[pivot, j], system[column, j]);
            }

            for (int row = column + 1; row < n; row++)
            {
                double factor = system[row, column] / system[column, column];
                for (int j = column; j <= n; j++)
                {
                    system[row, j] -= factor * system[column, j];
                }
            }
        }

        double[] solution = new double[n];
        for (int row = n - 1; row >= 0; row--)
        {
            double sum = system[row, n];
            for (int j = row + 1; j < n; j++)
            {
                sum -= system[row, j] * solution[j];
            }

            solution[row] = sum / system[row, row];
        }

        return solution;
    }
}
