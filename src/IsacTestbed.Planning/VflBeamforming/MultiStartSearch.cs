namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>The best of many climbs.</summary>
/// <param name="Beams">The best beams.</param>
/// <param name="Value">Their utility.</param>
/// <param name="Steps">Steps of all climbs, and iterations of the WMMSE that one of them starts from.</param>
/// <param name="StartValues">What each start that was climbed to the end reached, descending.</param>
internal sealed record MultiStartSearch(BeamSet Beams, double Value, int Steps, IReadOnlyList<double> StartValues)
{
    private const int FirstSteps = 60;
    private const int LastSteps = 1000;
    private const int Finalists = 6;
    private const double SameTop = 1e-4;
    private const double Tolerance = 1e-8;

    // Whom to serve at all makes more tops than starts by rule can tell: drawing goes on until the highest has been reached so often.
    private const int Confirmations = 20;
    private const int MostDrawnStarts = 300;
    private const double Reached = 1e-3;

    /// <summary>
    /// Every baseline and every start by choice of targets climbs a little, the best of them to the top; then drawn starts, until several have reached the
    /// highest top or there have been too many.
    /// </summary>
    /// <param name="links">The links of each base station.</param>
    /// <param name="utility">What to maximise, in stages: each goes on from where the one before it ended.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static MultiStartSearch Run(IReadOnlyList<StationLinks> links, IReadOnlyList<RateUtility> utility, CancellationToken cancellationToken)
    {
        var ascent = new SphereAscent(links);
        var kernel = new RateKernel(links[0].Shape);
        RateUtility first = utility[0], last = utility[^1];
        (BeamSet users, _, int steps) = ConvergedWmmse.Run(links, cancellationToken);
        BeamSet[] baselines = [users, ClosedFormBeams.MaximumRatio(links), ClosedFormBeams.InterferenceMinimising(links), ClosedFormBeams.Conjugate(links)];
        var starts = new StartingBeams(links, first.Rho, users, first.TellsTargetsApart);
        var climbed = new List<(double Value, BeamSet Beams)>();
        foreach (BeamSet start in baselines.Select(b => b.Clone()).Concat(starts.ByChoice()))
        {
            (double value, int taken) = ascent.Climb(first, start, Tolerance, FirstSteps, cancellationToken);
            steps += taken;
            climbed.Add((value, start));
        }

        var ends = new List<(double Value, BeamSet Beams)>();
        foreach ((_, BeamSet beams) in Distinct(climbed))
        {
            ClimbToTheTop(beams);
        }

        int byRule = ends.Count;
        for (uint drawn = 0; drawn < MostDrawnStarts && Confirmed() < Confirmations; drawn++)
        {
            ClimbToTheTop(starts.Drawn(drawn));
        }

        // A climb starts with a little less than full power; a baseline that is already the best must not be lost by that.
        (double bestValue, BeamSet best) = ends.Concat(baselines.Select(b => (Value: kernel.Evaluate(links, last, b), Beams: b))).MaxBy(e => e.Value);
        return new MultiStartSearch(best, bestValue, steps, [.. ends.Select(e => e.Value).OrderDescending()]);

        void ClimbToTheTop(BeamSet beams)
        {
            foreach (RateUtility stage in utility)
            {
                steps += ascent.Climb(stage, beams, Tolerance, LastSteps, cancellationToken).Steps;
            }

            ends.Add((kernel.Evaluate(links, last, beams), beams));
        }

        // Starts by rule lie close to each other: that they agree confirms little.
        int Confirmed()
        {
            double top = ends.Max(e => e.Value);
            return ends.Skip(byRule).Count(e => e.Value >= top - (Reached * Math.Abs(top)));
        }
    }

    // Starts that have come to the same value have all but surely come to the same beams, and would climb to the same top.
    private static IEnumerable<(double Value, BeamSet Beams)> Distinct(IEnumerable<(double Value, BeamSet Beams)> climbed)
    {
        double last = double.PositiveInfinity;
        int taken = 0;
        foreach ((double value, BeamSet beams) in climbed.OrderByDescending(c => c.Value))
        {
            if (taken < Finalists && last - value > SameTop * Math.Abs(value))
            {
                taken++;
                last = value;
                yield return (value, beams);
            }
        }
    }
}
