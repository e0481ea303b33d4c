using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>Descents of one case that end where neither quasi-Newton steps nor the alternation gain anything; remembers the best.</summary>
/// <remarks>
/// First the descent that is fast for the kind of pulses, <see cref="SphereDescent"/> or <see cref="ReceiverDescent"/>, then <see cref="BlockDescent"/>,
/// whose last step meets (30b) exactly. Mutable workspace, not thread safe.
/// </remarks>
internal sealed class RefinedDescent
{
    private readonly SphereDescent? _overPrecoders;
    private readonly ReceiverDescent? _overReceivers;
    private readonly BlockDescent _alternation;

    /// <summary>Creates the workspace for one case.</summary>
    public RefinedDescent(OtaFeelCase problem, PulseSharing sharing)
    {
        _overPrecoders = sharing == PulseSharing.Orthogonal ? new SphereDescent(problem) : null;
        _overReceivers = sharing == PulseSharing.Common ? new ReceiverDescent(problem) : null;
        _alternation = new BlockDescent(problem, sharing);
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
    /// <param name="cancellationToken">Stops the descent.</param>
    /// <returns>The error that it reaches; not finite where numbers leave the range of a double.</returns>
    public double Run(ComplexMatrix[] precoders, CancellationToken cancellationToken)
    {
        var trace = new List<double>();
        int steps = (_overPrecoders?.Run(precoders, cancellationToken) ?? 0) + (_overReceivers?.Run(precoders, cancellationToken) ?? 0);
        double error = _alternation.Run(precoders, accelerate: true, trace, cancellationToken);
        Iterations += steps + trace.Count;
        if (error < Error)
        {
            (Error, Precoders, Trace) = (error, precoders, trace);
        }

        return error;
    }
}
