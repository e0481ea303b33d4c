namespace IsacTestbed.Dsp.Estimation;

/// <summary>Where a function is largest.</summary>
internal static class PeakSearch
{
    private const double Golden = 0.61803398874989485;

    /// <summary>Index of the largest |x|; the first of equals.</summary>
    public static int Strongest(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        int best = 0;
        float power = -1;
        for (int i = 0; i < re.Length; i++)
        {
            float candidate = (re[i] * re[i]) + (im[i] * im[i]);
            if (candidate > power)
            {
                power = candidate;
                best = i;
            }
        }

        return best;
    }

    /// <summary>The maximum of a function with one peak between two points, by golden section.</summary>
    public static double Maximum(Func<double, double> function, double low, double high)
    {
        double span = high - low;
        double left = high - (Golden * span), right = low + (Golden * span);
        double atLeft = function(left), atRight = function(right);
        // Rounding hides differences of the function closer to its peak than the square root of the precision.
        while (high - low > 1e-6 * span)
        {
            if (atLeft >= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (Golden * (high - low));
                atLeft = function(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (Golden * (high - low));
                atRight = function(right);
            }
        }

        return 0.5 * (low + high);
    }
}
