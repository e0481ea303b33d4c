namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>The links that a base station's network sees.</summary>
/// <param name="All">All of them, own users first, then own targets, then the others.</param>
/// <param name="OwnUsers">The first K.</param>
/// <param name="OwnTargets">The J after them.</param>
internal sealed record VisibleLinks(int[] All, int[] OwnUsers, int[] OwnTargets)
{
    /// <summary>Links of a base station.</summary>
    /// <param name="shape">The network.</param>
    /// <param name="station">Which base station.</param>
    /// <param name="wholeNetwork">Whether it sees its channels to other cells too; otherwise only those of its own cell.</param>
    public static VisibleLinks Of(NetworkShape shape, int station, bool wholeNetwork)
    {
        int[] users = [.. Enumerable.Range(0, shape.Users).Select(k => shape.UserLink(station, k))];
        int[] targets = [.. Enumerable.Range(0, shape.Targets).Select(j => shape.TargetLink(station, j))];
        int[] own = [.. users, .. targets];
        return new VisibleLinks(wholeNetwork ? [.. own, .. Enumerable.Range(0, shape.Links).Except(own)] : own, users, targets);
    }
}
