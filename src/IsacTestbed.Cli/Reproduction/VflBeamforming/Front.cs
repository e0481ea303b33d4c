namespace IsacTestbed.Cli.Reproduction.VflBeamforming;

/// <summary>Mean rates of a scheme at one weight, in bit/s/Hz.</summary>
/// <param name="Communication">R_c.</param>
/// <param name="Sensing">R_s.</param>
internal readonly record struct RatePair(double Communication, double Sensing);

/// <summary>One weight of a trade-off.</summary>
/// <param name="Rho">Weight of the communication rate.</param>
/// <param name="Learned">What the networks reach.</param>
/// <param name="Best">What the multi-start search reaches.</param>
internal readonly record struct FrontPoint(double Rho, RatePair Learned, RatePair Best)
{
    /// <summary>Objective of the networks over that of the search.</summary>
    public double Share => ((Rho * Learned.Communication) + ((1 - Rho) * Learned.Sensing)) / ((Rho * Best.Communication) + ((1 - Rho) * Best.Sensing));
}

/// <summary>A trade-off between communication and sensing.</summary>
/// <param name="Antennas">N_T.</param>
/// <param name="Points">By weight, ascending; the first and the last are the ends of time sharing.</param>
internal sealed record Front(int Antennas, IReadOnlyList<FrontPoint> Points)
{
    /// <summary>Computes a trade-off.</summary>
    public static Front Of(int antennas, IReadOnlyList<double> rhos, Func<double, (RatePair Learned, RatePair Best)> rates) =>
        new(antennas, [.. rhos.Select(rho =>
        {
            (RatePair learned, RatePair best) = rates(rho);
            return new FrontPoint(rho, learned, best);
        })]);

    /// <summary>The largest gain in communication rate over time sharing between the ends at the same sensing rate; -1 or more.</summary>
    /// <param name="scheme">Which of the two schemes.</param>
    public double LargestGain(Func<FrontPoint, RatePair> scheme)
    {
        RatePair first = scheme(Points[0]), last = scheme(Points[^1]);
        return Points.Max(point =>
        {
            RatePair rates = scheme(point);
            double share = Math.Clamp((rates.Sensing - last.Sensing) / (first.Sensing - last.Sensing), 0, 1);
            return (rates.Communication / double.Lerp(last.Communication, first.Communication, share)) - 1;
        });
    }
}
