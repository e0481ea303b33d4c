namespace IsacTestbed.Core;

/// <summary>
/// The script by which a target takes a new bearing in every dwell: known to the controller, which labels frames with it, and to the
/// target positioner (on the emulated air, the target itself).
/// </summary>
/// <remarks>
/// Bearings are drawn per dwell from equal sectors of the sine of the bearing, the natural grid of a uniform linear array. A pure function
/// of seed, target and dwell, hence the same on both sides of the wire. Immutable and thread safe.
/// </remarks>
/// <param name="Seed">Seed of the experiment.</param>
/// <param name="Target">Index of the target.</param>
/// <param name="Beams">Number of sectors, at least one.</param>
/// <param name="SineLimit">Bearings lie within +/- this sine; above 0, at most 1.</param>
public sealed record TargetDwell(ulong Seed, int Target, int Beams, double SineLimit)
{
    /// <summary>The sector in which the target stands during a dwell, 0 to Beams - 1.</summary>
    public int BeamAt(long dwell) => Stream().IntegerAt(2 * (ulong)dwell, Beams);

    /// <summary>The sine of the target's bearing during a dwell, from the array's broadside.</summary>
    public double SineAt(long dwell)
    {
        double position = (BeamAt(dwell) + Stream().UniformAt((2 * (ulong)dwell) + 1)) / Beams;
        return SineLimit * ((2 * position) - 1);
    }

    private CounterRandom Stream() => new(Seed, RandomPurpose.TargetPosition, (uint)Target);
}
