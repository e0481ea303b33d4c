using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>The best of several accelerated descents.</summary>
/// <param name="Precoders">C_k of the best start.</param>
/// <param name="Trace">Error (7) after each iteration of the best start.</param>
/// <param name="Errors">The error that each start reached.</param>
/// <param name="Iterations">Iterations of all starts.</param>
internal sealed record MultiStart(ComplexMatrix[] Precoders, IReadOnlyList<double> Trace, IReadOnlyList<double> Errors, int Iterations)
{
    /// <summary>Descends from every start of <see cref="StartingPoints"/>.</summary>
    public static MultiStart Run(OtaFeelCase problem, PulseSharing sharing, CancellationToken cancellationToken)
    {
        var descent = new BlockDescent(problem, sharing);
        var errors = new double[StartingPoints.Count];
        ComplexMatrix[] best = [];
        List<double> bestTrace = [];
        double least = double.PositiveInfinity;
        int iterations = 0;
        for (int start = 0; start < errors.Length; start++)
        {
            ComplexMatrix[] precoders = StartingPoints.Create(problem, start);
            var trace = new List<double>();
            errors[start] = descent.Run(precoders, accelerate: true, trace, cancellationToken);
            iterations += trace.Count;
            if (errors[start] < least || start == 0)
            {
                (least, best, bestTrace) = (errors[start], precoders, trace);
            }
        }

        return new MultiStart(best, bestTrace, errors, iterations);
    }
}
