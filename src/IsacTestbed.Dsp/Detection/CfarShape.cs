namespace IsacTestbed.Dsp.Detection;

internal static class CfarShape
{
    public static int Rows(int cells, int columns, int detections)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (cells % columns != 0 || detections != cells)
        {
            throw new ArgumentException($"{cells} powers and {detections} detections are not one map of rows of {columns}.");
        }

        return cells / columns;
    }
}
