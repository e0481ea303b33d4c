namespace IsacTestbed.Planning.Iscc.Paper;

/// <summary>The clock updates (37), (38) in units of the clock that does the whole task in the latency.</summary>
/// <remarks>
/// Minimises weight f^2 + rho / 2 (load / f + offset)^2 over f in (0, limit], with weight = energy per f^2 and load = the share. Its
/// stationary points solve 2 weight f^4 - rho offset load f - rho load^2 = 0, which is (45), (46) divided by c_k3 or c_k4; there is
/// exactly one positive root.
/// </remarks>
internal static class ClockUpdate
{
    /// <summary>The minimiser.</summary>
    /// <param name="weight">Energy per squared clock, at least 0.</param>
    /// <param name="load">Share of the task, at least 0.</param>
    /// <param name="offset">The rest of the latency condition.</param>
    /// <param name="penalty">rho, above zero.</param>
    /// <param name="limit">Largest clock.</param>
    public static double Minimise(double weight, double load, double offset, double penalty, double limit)
    {
        if (load <= 0)
        {
            return 0;
        }

        double Slope(double f) => (2 * weight * f * f * f * f) - (penalty * offset * load * f) - (penalty * load * load);
        if (Slope(limit) <= 0)
        {
            return limit;
        }

        // The quartic is negative at 0, has one positive root, and is convex: Newton's method from above descends to it.
        double clock = limit;
        for (int i = 0; i < 100; i++)
        {
            double next = clock - (Slope(clock) / ((8 * weight * clock * clock * clock) - (penalty * offset * load)));
            if (!(next > 0) || clock - next <= 1e-14 * clock)
            {
                break;
            }

            clock = next;
        }

        return clock;
    }
}
