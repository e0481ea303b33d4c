using IsacTestbed.Core;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>WMMSE to convergence, which every other design is to be judged against.</summary>
/// <param name="Beams">The best beams.</param>
/// <param name="Trace">R_c of their start and after each iteration.</param>
/// <param name="Iterations">Iterations of all starts together.</param>
/// <remarks>
/// With antennas to spare, beams of the best signal to leakage lead to within 0.1 % of the best known. Where a base station has fewer antennas than twice the
/// network's users, whom to serve is a choice, and WMMSE keeps to that of its start: there all closed forms and drawn beams of uneven strength
/// compete over a few iterations, and the best of them go on. One seed, one result.
/// </remarks>
internal sealed record ConvergedWmmse(BeamSet Beams, IReadOnlyList<double> Trace, int Iterations)
{
    private const double Tolerance = 1e-6;
    private const int MostIterations = 2000;
    private const int FirstIterations = 20;
    private const int Finalists = 6;
    private const int DrawnStarts = 24;

    /// <summary>Iterates.</summary>
    /// <param name="links">The links of each base station.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static ConvergedWmmse Run(IReadOnlyList<StationLinks> links, CancellationToken cancellationToken)
    {
        NetworkShape shape = links[0].Shape;
        int iterations = 0;
        if (shape.Antennas >= 2 * shape.Cells * shape.Users)
        {
            (BeamSet only, List<double> trace) = Iterated(ClosedFormBeams.SignalToLeakage(links), [], MostIterations);
            return new ConvergedWmmse(only, trace, iterations);
        }

        BeamSet[] starts =
        [
            ClosedFormBeams.SignalToLeakage(links), ClosedFormBeams.MaximumRatio(links), ClosedFormBeams.InterferenceMinimising(links),
            .. Enumerable.Range(0, DrawnStarts).Select(i => Drawn(shape, (uint)i)),
        ];
        var first = starts.Select(start => Iterated(start, [], FirstIterations)).OrderByDescending(end => end.Trace[^1]).Take(Finalists).ToList();
        (BeamSet best, List<double> longest) = first.Select(end => Iterated(end.Beams, end.Trace, MostIterations)).MaxBy(end => end.Trace[^1]);
        return new ConvergedWmmse(best, longest, iterations);

        // The rate where an earlier part ended is that where this one starts.
        (BeamSet Beams, List<double> Trace) Iterated(BeamSet start, List<double> before, int most)
        {
            var part = new List<double>();
            BeamSet beams = new WmmseIteration(links).Run(start, Tolerance, most, part, cancellationToken);
            iterations += part.Count - 1;
            return (beams, [.. before.SkipLast(1), .. part]);
        }
    }

    private static BeamSet Drawn(NetworkShape shape, uint start)
    {
        var entries = new CounterRandom(5, RandomPurpose.OptimiserStart, start);
        var strengths = new CounterRandom(6, RandomPurpose.OptimiserStart, start);
        var beams = new BeamSet(shape);
        for (int i = 0; i < beams.Re.Length; i++)
        {
            double strength = Math.Pow(10, (1.5 * strengths.UniformAt((ulong)(i / shape.Antennas))) - 1);
            (double re, double im) = entries.NormalPairAt((ulong)i);
            (beams.Re[i], beams.Im[i]) = (strength * re, strength * im);
        }

        beams.ScaleToFullPower();
        return beams;
    }
}
