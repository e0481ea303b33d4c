namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>What devices send so that the server gets sums: their losses, gradients and Fisher informations at agreed places.</summary>
/// <param name="losses">The local loss of every device that takes part.</param>
internal sealed class LocalMessages(LocalisationLoss[] losses)
{
    /// <summary>One loss per place, less their mean: only differences between places matter, and what is sent is scaled by its size.</summary>
    public double[][] Losses(IReadOnlyList<Location> places) =>
    [
        .. losses.Select(loss =>
        {
            double[] values = [.. places.Select(loss.At)];
            double mean = values.Average();
            return values.Select(value => value - mean).ToArray();
        }),
    ];

    /// <summary>Three numbers per place.</summary>
    public double[][] Gradients(IReadOnlyList<Location> places) =>
    [
        .. losses.Select(loss =>
        {
            double[] gradients = new double[3 * places.Count];
            for (int c = 0; c < places.Count; c++)
            {
                _ = loss.Gradient(places[c], gradients.AsSpan(3 * c, 3));
            }

            return gradients;
        }),
    ];

    /// <summary>Six numbers per place.</summary>
    public double[][] Scalings(IReadOnlyList<Location> places) =>
    [
        .. losses.Select(loss => places.SelectMany(place =>
        {
            var information = new FisherInformation();
            loss.AddInformation(place, information);
            return information.UpperTriangle();
        }).ToArray()),
    ];
}
