namespace IsacTestbed.Core;

/// <summary>The sensing phase: devices illuminate their targets and collect echo frames.</summary>
/// <param name="DurationSeconds">Illumination time of a device over the whole run (T^s of isac-fl), spread evenly over the rounds.</param>
/// <param name="SnapshotSamples">Pulse repetition interval in samples (tau_k times the sample rate).</param>
/// <param name="PulseSamples">Length of the linear-FM pulse.</param>
/// <param name="PulseBandwidthFraction">Swept bandwidth over the sample rate, at most 1.</param>
/// <param name="MaxSnapshots">Most snapshots per frame (L_max); also the length of a dwell.</param>
/// <param name="MinPowerWatts">Least transmit power while sensing.</param>
/// <param name="MaxPowerWatts">Largest transmit power while sensing.</param>
/// <param name="NoiseWatts">Noise power per snapshot behind the matched filter (sigma_s^2).</param>
/// <param name="PathLossExponent">Round-trip path loss exponent (alpha_p); the uplink's is half of it.</param>
/// <param name="RangeCells">Range cells of a frame's map.</param>
/// <param name="AngleCells">Angle cells of a frame's map, uniform in the sine.</param>
/// <param name="Beams">Number of beams: the classes to learn.</param>
/// <param name="SineLimit">Bearings lie within +/- this sine.</param>
/// <param name="ReferenceFrames">Frames per device for the test set, sensed beforehand at full power and length.</param>
public sealed record SensingSection(
    double DurationSeconds,
    int SnapshotSamples,
    int PulseSamples,
    double PulseBandwidthFraction,
    int MaxSnapshots,
    double MinPowerWatts,
    double MaxPowerWatts,
    double NoiseWatts,
    double PathLossExponent,
    int RangeCells,
    int AngleCells,
    int Beams,
    double SineLimit,
    int ReferenceFrames)
{
    // How far the tails of band-limited delays and filters reach beyond an echo.
    private const int TailSamples = 16;

    // Fewer give too coarse an estimate of the noise.
    private const int LeastQuietSamples = 4;

    /// <summary>Samples at the end of each snapshot that no echo reaches: there the noise is measured.</summary>
    public int QuietSamples => SnapshotSamples - PulseSamples - RangeCells - TailSamples;

    internal static SensingSection Read(ConfigurationObject o)
    {
        (double minimum, double maximum) = o.Range("powerWatts", 0);
        if (maximum == 0)
        {
            throw o.Error("powerWatts", "found a maximum of 0; it must be greater than 0");
        }

        int snapshot = o.Integer("snapshotSamples", 4, 1 << 20);
        var section = new SensingSection(
            o.PositiveNumber("durationSeconds"),
            snapshot,
            o.Integer("pulseSamples", 2, snapshot - 1),
            o.Number("pulseBandwidthFraction", 0, 1, exclusiveMinimum: true),
            o.Integer("maxSnapshots", 1, 1_000_000),
            minimum,
            maximum,
            o.PositiveNumber("noiseWatts"),
            o.PositiveNumber("pathLossExponent"),
            o.Integer("rangeCells", 1, snapshot / 4),
            o.Integer("angleCells", 1, 1024),
            o.Integer("beams", 2, 1024),
            o.Number("sineLimit", 0, 1, exclusiveMinimum: true),
            o.Integer("referenceFrames", 1, 1_000_000));
        o.RejectUnknownKeys();
        return section.QuietSamples >= LeastQuietSamples
            ? section
            : throw o.Error(
                "snapshotSamples",
                $"found {snapshot}; a pulse of {section.PulseSamples}, {section.RangeCells} range cells, {TailSamples} of tails and {LeastQuietSamples} to measure noise need {snapshot - section.QuietSamples + LeastQuietSamples}");
    }
}
