namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>Maximum-likelihood localisation where all statistics are in one place, and the single-shot average of local estimates.</summary>
public static class TargetEstimator
{
    private const int Refined = 6;

    /// <summary>
    /// The centralised joint estimate (17): a coarse search over the region's grid, then a descent from its best places, of which several
    /// are kept since the likelihood has local maxima.
    /// </summary>
    /// <param name="scene">The scene.</param>
    /// <param name="statistics">Statistics of the devices that take part, at least one.</param>
    /// <param name="region">Where to look.</param>
    public static Location Joint(SensingScene scene, IReadOnlyList<DeviceStatistics> statistics, SearchRegion region)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(region);
        ArgumentOutOfRangeException.ThrowIfZero(statistics.Count);
        LocalisationLoss[] losses = [.. statistics.Select(local => new LocalisationLoss(scene, local))];
        return region.Grid()
            .Select(place => (Place: place, Loss: losses.Sum(loss => loss.At(place))))
            .OrderBy(entry => entry.Loss)
            .Take(Refined)
            .Select(entry => LeastSquaresDescent.Run(losses, region, entry.Place))
            .MinBy(entry => entry.Loss)
            .Place;
    }

    /// <summary>
    /// The single-shot estimate: every device estimates alone, and the server averages. One device observes elevation and distance but no
    /// azimuth, so that its own likelihood is the same along a curve; it takes a place on it that the coarse search happens on.
    /// </summary>
    /// <param name="scene">The scene.</param>
    /// <param name="statistics">Statistics of the devices that take part, at least one.</param>
    /// <param name="region">Where to look.</param>
    public static Location SingleShot(SensingScene scene, IReadOnlyList<DeviceStatistics> statistics, SearchRegion region)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentOutOfRangeException.ThrowIfZero(statistics.Count);
        Location[] local = [.. statistics.Select(device => Joint(scene, [device], region))];
        return new Location(local.Average(v => v.X), local.Average(v => v.Y), local.Average(v => v.Z));
    }
}
