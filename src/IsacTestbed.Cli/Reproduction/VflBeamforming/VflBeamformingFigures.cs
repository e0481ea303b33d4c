namespace IsacTestbed.Cli.Reproduction.VflBeamforming;

/// <summary>The figures of vfl-beamforming.</summary>
internal static class VflBeamformingFigures
{
    /// <summary>The remark on what the paper leaves open.</summary>
    public const string OpenFigures =
        "The paper defines neither SNR, placement, G_{n,m}, the round-trip law, IMT nor time sharing. Here: SNR of a user 125 m away per antenna; three base stations 866 m apart that look at their common centre; users 100 to 500 m, targets 100 to 250 m away in a sector of 120 degrees; echoes fall with the fourth power of the distance; the neighbours' signals lie 18 dB above an echo from 250 m. Ratios depend on these choices, above all those of sensing.";

    /// <summary>Curve of our networks, trained over the federation.</summary>
    public const string Ours = "VFL, ours";

    /// <summary>Curve of the paper's networks, trained over the federation.</summary>
    public const string Papers = "VFL, paper's network";

    /// <summary>Curve of our networks, trained cell by cell.</summary>
    public const string PerCell = "per-cell, ours";

    /// <summary>Computes one.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FigureResult Create(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken) => options.Figure switch
    {
        3 => CommunicationFigure.Create(options, progress, cancellationToken),
        4 => SensingFigure.Create(options, progress, cancellationToken),
        5 => TradeOffFigure.Create(options, progress, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Figure, "There is no such figure."),
    };

    /// <summary>By how much one value exceeds another, as text.</summary>
    public static string Gain(double value, double over) => FormattableString.Invariant($"{100 * ((value / over) - 1):+0.0;-0.0;0} %");
}
