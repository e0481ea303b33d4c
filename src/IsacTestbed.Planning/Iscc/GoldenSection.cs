namespace IsacTestbed.Planning.Iscc;

/// <summary>The least value of a function of one variable that falls and then rises, without derivatives: one evaluation per section.</summary>
internal static class GoldenSection
{
    private const double Ratio = 0.6180339887498949;

    /// <summary>Where the least value found is; of a function with several valleys, in one of them.</summary>
    /// <param name="function">The function.</param>
    /// <param name="left">Lower end.</param>
    /// <param name="right">Upper end.</param>
    /// <param name="sections">How often the interval shrinks at most.</param>
    /// <param name="width">The search ends when it is no wider than this.</param>
    public static double Least(Func<double, double> function, double left, double right, int sections, double width = 0)
    {
        double a = right - (Ratio * (right - left)), b = left + (Ratio * (right - left)), atA = function(a), atB = function(b);
        for (int i = 0; i < sections && right - left > width; i++)
        {
            if (atA <= atB)
            {
                (right, b, atB) = (b, a, atA);
                a = right - (Ratio * (right - left));
                atA = function(a);
            }
            else
            {
                (left, a, atA) = (a, b, atB);
                b = left + (Ratio * (right - left));
                atB = function(b);
            }
        }

        return atA <= atB ? a : b;
    }
}
