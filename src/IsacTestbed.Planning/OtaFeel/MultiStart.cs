using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>The best of several accelerated descents. Under orthogonal pulses one of them goes on from where the algorithm as printed ends.</summary>
/// <param name="Precoders">C_k of the best start.</param>
/// <param name="Trace">Error (7) after each iteration of the best start.</param>
/// <param name="Errors">The error that each start reached, of those with a finite one.</param>
/// <param name="Iterations">Iterations of all starts, those of the algorithm as printed included.</param>
internal sealed record MultiStart(ComplexMatrix[] Precoders, IReadOnlyList<double> Trace, IReadOnlyList<double> Errors, int Iterations)
{
    /// <summary>Descends from every start of <see cref="StartingPoints"/> and, under orthogonal pulses, from the end of <see cref="LiteralAlgorithm"/>.</summary>
    /// <exception cref="IsacTestbed.Core.ConfigurationException">No start has a finite error: the numbers of the case leave the range of a double.</exception>
    public static MultiStart Run(OtaFeelCase problem, PulseSharing sharing, CancellationToken cancellationToken)
    {
        var descent = new BlockDescent(problem, sharing);
        var errors = new List<double>();
        ComplexMatrix[]? best = null;
        List<double> bestTrace = [];
        double least = double.PositiveInfinity;
        int iterations = 0;
        foreach (ComplexMatrix[] precoders in Starts())
        {
            var trace = new List<double>();
            double error = descent.Run(precoders, accelerate: true, trace, cancellationToken);
            iterations += trace.Count;
            if (!double.IsFinite(error))
            {
                continue;
            }

            errors.Add(error);
            if (error < least)
            {
                (least, best, bestTrace) = (error, precoders, trace);
            }
        }

        return best is null ? throw OtaFeelPlanner.OutOfRange() : new MultiStart(best, bestTrace, errors, iterations);

        IEnumerable<ComplexMatrix[]> Starts()
        {
            for (int start = 0; start < StartingPoints.Count; start++)
            {
                yield return StartingPoints.Create(problem, start);
            }

            if (sharing == PulseSharing.Orthogonal)
            {
                ComplexMatrix[] printed = StartingPoints.Create(problem, 0);
                var trace = new List<double>();
                LiteralAlgorithm.Run(problem, printed, trace, cancellationToken);
                iterations += trace.Count;
                yield return printed;
            }
        }
    }
}
