using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>Descents of one case that end where neither quasi-Newton steps nor the alternation gain anything; remembers the best.</summary>
/// <remarks>
/// The descent that is fast for the kind of pulses, <see cref="SphereDescent"/> or <see cref="ReceiverDescent"/>, then <see cref="BlockDescent"/>, whose last
/// step meets (30b) exactly. Which devices end up silent is decided early: by the quasi-Newton steps, or by the alternation where it goes
/// first. Mutable workspace, not thread safe.
/// </remarks>
internal sealed class RefinedDescent
{
    private const int ScreeningIterations = 30;
    private const double Promising = 1.05;
    private readonly SphereDescent? _overPrecoders;
    private readonly ReceiverDescent? _overReceivers;
    private readonly BlockDescent _alternation;
    private readonly BlockDescent _screening;

    /// <summary>Creates the workspace for one case.</summary>
    public RefinedDescent(OtaFeelCase problem, PulseSharing sharing)
    {
        _overPrecoders = sharing == PulseSharing.Orthogonal ? new SphereDescent(problem) : null;
        _overReceivers = sharing == PulseSharing.Common ? new ReceiverDescent(problem) : null;
        _alternation = new BlockDescent(problem, sharing);
        _screening = new BlockDescent(problem with { MaxIterations = Math.Min(problem.MaxIterations, ScreeningIterations) }, sharing);
    }

    /// <summary>C_k of the best descent; null before one has reached a finite error.</summary>
    public ComplexMatrix[]? Precoders { get; private set; }

    /// <summary>Error of the best descent.</summary>
    public double Error { get; private set; } = double.PositiveInfinity;

    /// <summary>Error after each iteration of the alternation that ended the best descent.</summary>
    public IReadOnlyList<double> Trace { get; private set; } = [];

    /// <summary>Steps and iterations of all descents.</summary>
    public int Iterations { get; private set; }

    /// <summary>Descends from a start.</summary>
    /// <param name="precoders">C_k, K matrices of M rows and I columns, none of them zero; taken over.</param>
    /// <param name="alternateFirst">Whether the alternation decides who is heard, or the quasi-Newton steps.</param>
    /// <param name="cancellationToken">Stops the descent.</param>
    /// <returns>The error that it reaches; not finite where numbers leave the range of a double.</returns>
    public double Run(ComplexMatrix[] precoders, bool alternateFirst, CancellationToken cancellationToken)
    {
        if (alternateFirst)
        {
            (double alternated, List<double> trace) = Alternate(_alternation, precoders, cancellationToken);
            Keep(alternated, [.. precoders.Select(c => c.Times(1))], trace);
        }

        _overPrecoders?.Forget();
        return Finish(precoders, cancellationToken);
    }

    /// <summary>Descends from a start to its end only if a few iterations of the alternation come near the best error so far.</summary>
    /// <param name="precoders">C_k, K matrices of M rows and I columns, none of them zero; taken over.</param>
    /// <param name="cancellationToken">Stops the descent.</param>
    public void RunIfPromising(ComplexMatrix[] precoders, CancellationToken cancellationToken)
    {
        if (Alternate(_screening, precoders, cancellationToken).Error <= Promising * Error)
        {
            _ = Finish(precoders, cancellationToken);
        }
    }

    private double Finish(ComplexMatrix[] precoders, CancellationToken cancellationToken)
    {
        Iterations += (_overPrecoders?.Run(precoders, cancellationToken) ?? 0) + (_overReceivers?.Run(precoders, cancellationToken) ?? 0);
        (double error, List<double> trace) = Alternate(_alternation, precoders, cancellationToken);
        Keep(error, precoders, trace);
        return error;
    }

    private void Keep(double error, ComplexMatrix[] precoders, List<double> trace)
    {
        if (error < Error)
        {
            (Error, Precoders, Trace) = (error, precoders, trace);
        }
    }

    private (double Error, List<double> Trace) Alternate(BlockDescent descent, ComplexMatrix[] precoders, CancellationToken cancellationToken)
    {
        var trace = new List<double>();
        double error = descent.Run(precoders, accelerate: true, trace, cancellationToken);
        Iterations += trace.Count;
        return (error, trace);
    }
}
