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

    /// <summary>Every baseline and every structured start climbs a little; the best climb to the top.</summary>
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
        var climbed = new List<(double Value, BeamSet Beams)>();
        foreach (BeamSet start in baselines.Select(b => b.Clone()).Concat(StructuredStarts.Create(links, first.Rho, users, first.TellsTargetsApart)))
        {
            (double value, int taken) = ascent.Climb(first, start, Tolerance, FirstSteps, cancellationToken);
            steps += taken;
            climbed.Add((value, start));
        }

        var ends = new List<(double Value, BeamSet Beams)>();
        foreach ((_, BeamSet beams) in Distinct(climbed))
        {
            foreach (RateUtility stage in utility)
            {
                steps += ascent.Climb(stage, beams, Tolerance, LastSteps, cancellationToken).Steps;
            }

            ends.Add((kernel.Evaluate(links, last, beams), beams));
        }

        // A climb starts with a little less than full power; a baseline that is already the best must not be lost by that.
        (double bestValue, BeamSet best) = ends.Concat(baselines.Select(b => (Value: kernel.Evaluate(links, last, b), Beams: b))).MaxBy(e => e.Value);
        return new MultiStartSearch(best, bestValue, steps, [.. ends.Select(e => e.Value).OrderDescending()]);
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
