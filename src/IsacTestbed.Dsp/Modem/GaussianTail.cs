namespace IsacTestbed.Dsp.Modem;

/// <summary>Tail of the standard normal distribution.</summary>
internal static class GaussianTail
{
    /// <summary>Q(x) = P(N(0, 1) > x) for x at least 0, relative error below 1e-12.</summary>
    /// <remarks>Craig's integral, 1/pi times the integral over [0, pi/2] of exp(-x^2 / (2 sin^2)), by the trapezoid rule, which converges
    /// exponentially here because the integrand and all its derivatives vanish at 0 and it is even about pi/2.</remarks>
    public static double Q(double x)
    {
        const int Intervals = 256;
        if (x < 1)
        {
            // Near zero the integrand is not smooth at 0; the series of the error function converges fast.
            double term = x, sum = x;
            for (int n = 1; Math.Abs(term) > 1e-17; n++)
            {
                term *= -x * x / (2 * n);
                sum += term / ((2 * n) + 1);
            }

            return 0.5 - (sum / Math.Sqrt(2 * Math.PI));
        }

        double total = 0.5 * Math.Exp(-x * x / 2);
        for (int i = 1; i < Intervals; i++)
        {
            double sin = Math.Sin(Math.PI / 2 * i / Intervals);
            total += Math.Exp(-x * x / (2 * sin * sin));
        }

        return total / (2 * Intervals);
    }
}
