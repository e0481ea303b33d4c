namespace IsacTestbed.Planning.Iscc;

/// <summary>Moves the data powers of an operating point downhill in the logarithm, within the power budget.</summary>
internal static class PowerSearch
{
    private const double Weakest = 1e-9;

    /// <summary>Searches; the answer is never worse than the start.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="relativeTolerance">Ends when a step gains less than this share of the score.</param>
    /// <param name="maxSteps">Most steps.</param>
    public static OperatingPoint Run(OperatingPoint start, double relativeTolerance, int maxSteps)
    {
        OperatingPoint point = start;
        double reach = 1;
        for (int step = 0; step < maxSteps; step++)
        {
            double[] gradient = InterferencePrices.Of(point).DataGradient;
            (OperatingPoint Point, double Reach)? next = Step(point, gradient, reach);
            if (next is not { } found)
            {
                break;
            }

            bool settled = found.Point.Score.Stage == point.Score.Stage && point.Score.Value - found.Point.Score.Value <= relativeTolerance * Math.Abs(point.Score.Value);
            (point, reach) = (found.Point, Math.Min(3, 2 * found.Reach));
            if (settled)
            {
                break;
            }
        }

        return point;
    }

    private static (OperatingPoint Point, double Reach)? Step(OperatingPoint point, double[] gradient, double reach)
    {
        int count = gradient.Length;
        double budget = point.Beams.Network.Problem.MaxPowerWatts, steepest = 0;
        double[] direction = new double[count];
        for (int k = 0; k < count; k++)
        {
            double room = budget - point.Power[count + k];
            bool stuck = gradient[k] < 0 ? point.Power[k] >= room * (1 - 1e-7) : point.Power[k] <= Weakest * budget;
            direction[k] = stuck || !double.IsFinite(gradient[k]) ? 0 : -gradient[k];
            steepest = Math.Max(steepest, Math.Abs(direction[k]));
        }

        // A slope of this share of the score in the logarithm of a power is not worth a step.
        if (steepest <= 1e-7 * Math.Abs(point.Score.Value))
        {
            return null;
        }

        for (int halving = 0; halving < 12; halving++, reach *= 0.4)
        {
            double[] powers = new double[count];
            for (int k = 0; k < count; k++)
            {
                double room = budget - point.Power[count + k];
                powers[k] = Math.Clamp(point.Power[k] * Math.Exp(reach * direction[k] / steepest), Weakest * budget, Math.Max(Weakest * budget, room * (1 - 1e-9)));
            }

            if (OperatingPoint.TryCreate(point.Beams, powers, point.Power.AsSpan(count)) is { } trial && trial.Score.Beats(point.Score))
            {
                return (trial, reach);
            }
        }

        return null;
    }
}
