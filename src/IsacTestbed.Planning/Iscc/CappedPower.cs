namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// The least power of a user's two beams where both its channels have rank one and no more than given powers may arrive along them.
/// </summary>
/// <remarks>
/// Beside the constraints of <see cref="TwoBeams"/>, |b^H f|^2 + |b^H u|^2 is at most r and |a^H f|^2 + |a^H u|^2 at most r~. With prices alpha and
/// beta at least 0 of these two, weak duality leaves the same problem in the metric G = I + alpha b b^H + beta a a^H, where the gains are those
/// times b^H G^-1 b = (1 + beta d) / D and a^H G^-1 a = (1 + alpha d) / D with D = 1 + alpha + beta + alpha beta d, and d becomes
/// d D / ((1 + alpha d) (1 + beta d)). Its least power minus alpha r and beta r~ bounds the power, whatever the prices; they are chosen once for SINRs
/// that are near each other.
/// </remarks>
/// <param name="beams">The two beams without these constraints.</param>
/// <param name="ap">r in watts.</param>
/// <param name="echo">r~ in watts.</param>
/// <param name="budget">Power in watts above which it does not matter how much.</param>
internal sealed class CappedPower(TwoBeams beams, double ap, double echo, double budget)
{
    // Prices are sought at this many SINRs per octave.
    private const int PerOctave = 4;
    private const double LeastSinr = 1e-9;
    private const double FirstStep = 1e-3;
    private const double Rounding = 1e-9;
    private const int Rounds = 4;
    private readonly Dictionary<int, (double Ap, double Echo)> _prices = [];

    /// <summary>A lower bound of the power in watts, no less than without the two constraints; rises with the SINR.</summary>
    /// <param name="sinr">Least SINR of the data.</param>
    public double Least(double sinr)
    {
        int key = (int)Math.Floor(PerOctave * Math.Log2(Math.Max(LeastSinr, sinr)));
        if (!_prices.TryGetValue(key, out (double Ap, double Echo) prices))
        {
            prices = _prices[key] = Choose(Math.Pow(2, (key + 0.5) / PerOctave));
        }

        double free = beams.Least(sinr);
        return prices is (0, 0) ? free : Math.Max(free, Priced(sinr, prices.Ap, prices.Echo));
    }

    private double Priced(double sinr, double alpha, double beta)
    {
        double d = beams.Separation, determinant = 1 + alpha + beta + (alpha * beta * d);
        double atAp = 1 + (beta * d), atEcho = 1 + (alpha * d);
        var inMetric = new TwoBeams(beams.Threshold, beams.Gain * atAp / determinant, beams.Floor * determinant / atEcho, Math.Min(1, d * determinant / (atAp * atEcho)));
        return (inMetric.Least(sinr) * (1 - Rounding)) - (((alpha * ap) + (beta * echo)) * (1 + Rounding));
    }

    // The bound is concave in the prices.
    private (double Ap, double Echo) Choose(double sinr)
    {
        double alpha = 0, beta = 0, best = Priced(sinr, 0, 0);
        for (int round = 0; round < Rounds && best < 2 * budget; round++)
        {
            alpha = Highest(x => Priced(sinr, x, beta));
            beta = Highest(x => Priced(sinr, alpha, x));
            double value = Priced(sinr, alpha, beta);
            if (value <= best * (1 + 1e-6))
            {
                break;
            }

            best = value;
        }

        return (alpha, beta);
    }

    private double Highest(Func<double, double> value)
    {
        double x = 0, at = value(0), next = FirstStep, then = value(next);
        if (value(1e-3 * FirstStep) <= at)
        {
            return 0;
        }

        while (then > at && at < 2 * budget)
        {
            (x, at) = (next, then);
            next *= 4;
            then = value(next);
        }

        return GoldenSection.Least(y => -value(y), x / 4, next, 24, 1e-3 * next);
    }
}
