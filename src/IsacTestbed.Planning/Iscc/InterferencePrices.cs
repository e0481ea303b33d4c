using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// What each received stream costs the others at an operating point: the derivatives of the score under held combiners (by the envelope
/// theorem those under the best combiners too), with the sensing powers following the data powers so that the sensing SINRs stay at
/// their threshold.
/// </summary>
internal sealed class InterferencePrices
{
    private InterferencePrices(double[] gradient, double[] ap, double[] users, double[] power)
    {
        DataGradient = gradient;
        Ap = ap;
        Users = users;
        Power = power;
    }

    /// <summary>Derivative of the score with respect to the logarithm of each data power.</summary>
    public double[] DataGradient { get; }

    /// <summary>Cost of interference behind the access point's combiner k, per unit of <see cref="StreamLoad.Power"/>.</summary>
    public double[] Ap { get; }

    /// <summary>The same behind the combiner of user k's echo receiver.</summary>
    public double[] Users { get; }

    /// <summary>Cost of a watt of each user, including what the power budget is worth where it binds.</summary>
    public double[] Power { get; }

    /// <summary>Computes the prices.</summary>
    public static InterferencePrices Of(OperatingPoint point)
    {
        int count = point.Beams.Network.Count;
        Score score = point.Score;
        double[] ap = new double[count], power = [.. score.PowerSlopes];
        for (int k = 0; k < count; k++)
        {
            double disturbance = point.Ap.Disturbance(k);
            ap[k] = disturbance > 0 ? -score.SinrSlopes[k] * point.Ap.Sinr(k) / disturbance : 0;
        }

        double[] users = new double[count], gradient = new double[count];
        for (int round = 0; round < 3; round++)
        {
            users = SensingPrices(point, ap, power);
            for (int i = 0; i < count; i++)
            {
                double own = (score.SinrSlopes[i] * point.Ap.Sinr(i)) + Interference(point, ap, users, i, i);
                if (round == 0)
                {
                    // The derivative itself; the later rounds add what the budget is worth to the price of the sensing power.
                    gradient[i] = own + (score.PowerSlopes[i] * point.Power[i]);
                }

                power[i] = point.Power[i] > 0 ? Math.Max(score.PowerSlopes[i], -own / point.Power[i]) : score.PowerSlopes[i];
            }
        }

        return new InterferencePrices(gradient, ap, users, power);
    }

    // Cost of all the interference that stream i makes; a user's own data are no interference to themselves at the access point, and
    // its own sensing signal none to its echo receiver.
    private static double Interference(OperatingPoint point, double[] ap, double[] users, int stream, int user)
    {
        int count = ap.Length;
        double cost = 0;
        for (int k = 0; k < count; k++)
        {
            cost += k == user && stream < count ? 0 : ap[k] * point.Ap.Power(k, stream);
            cost += k == user && stream >= count ? 0 : users[k] * point.Users.Power(count + k, stream);
        }

        return cost;
    }

    // The adjoint of the linearised sensing conditions: log gamma^s stays, so a change of one sensing power moves all.
    private static double[] SensingPrices(OperatingPoint point, double[] ap, double[] power)
    {
        int count = ap.Length;
        double[,] system = new double[count, count + 1];
        double[] none = new double[count];
        for (int j = 0; j < count; j++)
        {
            for (int k = 0; k < count; k++)
            {
                system[j, k] = j == k ? 1 : -point.Users.Power(count + k, count + j) / point.Users.Disturbance(count + k);
            }

            system[j, count] = Interference(point, ap, none, count + j, j) + (power[j] * point.Power[count + j]);
        }

        double[] prices = LinearSystem.TrySolve(system) ?? none;
        for (int k = 0; k < count; k++)
        {
            prices[k] = Math.Max(0, prices[k]) / point.Users.Disturbance(count + k);
        }

        return prices;
    }
}
