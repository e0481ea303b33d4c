namespace IsacTestbed.Cli.Reproduction.OtaFeel;

/// <summary>The figures of ota-feel by its signal model: planning, estimation and learning, without radios; and one of ours with them.</summary>
internal static class OtaFeelFigures
{
    /// <summary>Computes one.</summary>
    public static Task<FigureResult> CreateAsync(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken) =>
        options.Figure == TradeOffFigure.Number
            ? TradeOffFigure.CreateAsync(options, progress, cancellationToken)
            : Task.FromResult(Create(options, progress, cancellationToken));

    private static FigureResult Create(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken) => options.Figure switch
    {
        2 => LearningFigure.Create(options, progress, cancellationToken),
        4 => LocalisationFigure.Create(options, progress, cancellationToken),
        5 => EstimatesFigure.Create(options, cancellationToken),
        6 => PulseLengthFigure.Create(options, progress, cancellationToken),
        7 => DevicesFigure.Create(options, progress, cancellationToken),
        8 => FrontFigure.OverPulseLengths(options, progress, cancellationToken),
        9 => FrontFigure.OverAntennas(options, progress, cancellationToken),
        10 => ConvergenceFigure.Create(options, cancellationToken),
        11 => OverheadFigure.Create(),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Figure, "There is no such figure."),
    };

    /// <summary>Decimal logarithm, the scale of the errors' axes.</summary>
    public static double Log(double value) => value > 0 ? Math.Log10(value) : double.NaN;

    /// <summary>The remark on what the paper leaves open.</summary>
    public const string OpenFigures =
        "The paper gives neither P, the noise powers, rho nor epsilon_0. Here P = 1, channels have mean power one per entry, sigma^2 = 0.1, and the echo noise is set so that full power spread evenly bounds the localisation error by 0.1 m at T = 16; CRB_L takes the rho for which Theorem 2 is proven at the target.";
}
