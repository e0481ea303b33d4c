namespace IsacTestbed.Dsp.Estimation;

/// <summary>The incomplete gamma and beta functions, as far as confidence intervals need them.</summary>
/// <remarks>Relative accuracy about 1e-12 for moderate parameters, 1e-9 at parameters of a million.</remarks>
internal static class SpecialFunctions
{
    private const double Tiny = 1e-300;
    private const double Precision = 1e-15;

    // Lanczos's approximation with g = 7 and nine terms (coefficients of P. Godfrey).
    private static ReadOnlySpan<double> Lanczos =>
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
        -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>ln Gamma(x), x &gt; 0.</summary>
    public static double LogGamma(double x)
    {
        if (x < 0.5)
        {
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        }

        double sum = Lanczos[0];
        for (int i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (x - 1 + i);
        }

        double t = x + 6.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x - 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>I_x(a, b), the probability that a beta variable is at most x.</summary>
    public static double RegularizedBeta(double x, double a, double b)
    {
        if (x <= 0)
        {
            return 0;
        }

        if (x >= 1)
        {
            return 1;
        }

        double front = Math.Exp(LogBetaFactor(x, a, b));
        // The continued fraction converges fast below the mean only.
        return x < (a + 1) / (a + b + 2) ? front * BetaFraction(x, a, b) / a : 1 - (front * BetaFraction(1 - x, b, a) / b);
    }

    /// <summary>ln (x^a (1 - x)^b / B(a, b)).</summary>
    public static double LogBetaFactor(double x, double a, double b) =>
        LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * double.LogP1(-x));

    /// <summary>The x at which I_x(a, b) is a probability.</summary>
    public static double InverseRegularizedBeta(double probability, double a, double b)
    {
        double low = 0, high = 1, x = a / (a + b);
        for (int i = 0; i < 200 && high - low > Precision * high; i++)
        {
            double error = RegularizedBeta(x, a, b) - probability;
            (low, high) = error < 0 ? (x, high) : (low, x);
            // Newton's step where it stays inside the bracket, else its middle.
            double step = error * x * (1 - x) / Math.Exp(LogBetaFactor(x, a, b));
            double next = x - step;
            if (!(next > low && next < high))
            {
                next = 0.5 * (low + high);
            }
            else if (Math.Abs(step) < 1e-14 * x)
            {
                return next;
            }

            x = next;
        }

        return x;
    }

    /// <summary>P(X &lt;= f) of a noncentral F variable: ratio of a noncentral to a central chi-square, each over its degrees of
    /// freedom.</summary>
    /// <param name="f">The ratio.</param>
    /// <param name="halfDegrees1">Half the degrees of freedom of the numerator.</param>
    /// <param name="halfDegrees2">Half the degrees of freedom of the denominator.</param>
    /// <param name="halfNoncentrality">Half the noncentrality: the mean of the Poisson mixture.</param>
    public static double NoncentralF(double f, double halfDegrees1, double halfDegrees2, double halfNoncentrality)
    {
        if (f <= 0)
        {
            return 0;
        }

        double x = halfDegrees1 * f / ((halfDegrees1 * f) + halfDegrees2);
        // Poisson weights beyond twelve standard deviations are below 1e-16 together.
        double spread = (12 * Math.Sqrt(halfNoncentrality)) + 40;
        long last = (long)(halfNoncentrality + spread), first = Math.Max(0, (long)(halfNoncentrality - spread));
        double a = halfDegrees1 + last;
        double beta = RegularizedBeta(x, a, halfDegrees2);
        double step = Math.Exp(LogBetaFactor(x, a, halfDegrees2)) / a;
        double weight = halfNoncentrality == 0
            ? (last == 0 ? 1 : 0)
            : Math.Exp((last * Math.Log(halfNoncentrality)) - halfNoncentrality - LogGamma(last + 1));
        double sum = 0;
        for (long j = last; ; j--)
        {
            sum += weight * beta;
            if (j == first)
            {
                return Math.Clamp(halfNoncentrality == 0 ? beta : sum, 0, 1);
            }

            // I_x(a - 1, b) = I_x(a, b) + x^(a-1) (1-x)^b / ((a-1) B(a-1, b)): downwards only positive terms are added.
            step *= a / (x * (a + halfDegrees2 - 1));
            a--;
            beta += step;
            weight *= halfNoncentrality == 0 ? 0 : j / halfNoncentrality;
        }
    }

    /// <summary>Lentz's method on the continued fraction of the incomplete beta function.</summary>
    private static double BetaFraction(double x, double a, double b)
    {
        int limit = 1000 + (int)(20 * Math.Sqrt(a + b));
        double c = 1, d = 1 / Guard(1 - ((a + b) * x / (a + 1))), result = d;
        for (int m = 1; m <= limit; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Guard(1 + (even * d));
            c = Guard(1 + (even / c));
            result *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Guard(1 + (odd * d));
            c = Guard(1 + (odd / c));
            result *= d * c;
            if (Math.Abs((d * c) - 1) < Precision)
            {
                break;
            }
        }

        return result;
    }

    private static double Guard(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
