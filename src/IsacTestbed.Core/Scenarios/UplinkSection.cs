namespace IsacTestbed.Core;

/// <summary>How a model update travels to the server.</summary>
public enum UplinkMode
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>The quantised update itself travels as packets; the server averages what it decoded.</summary>
    Packets = 1,

    /// <summary>One short probe packet travels; if it decodes, the update moves by the backhaul. For models too large for the deadline.</summary>
    Probe = 2,
}

/// <summary>The upload phase: devices take turns, each within its own slot and fading block.</summary>
/// <param name="Mode">What travels on the air.</param>
/// <param name="MinPowerWatts">Least uplink power.</param>
/// <param name="MaxPowerWatts">Largest uplink power.</param>
/// <param name="NoiseWatts">Noise power in the symbol bandwidth (sigma_c^2).</param>
/// <param name="DeadlineSeconds">Deadline of training and upload in each round (T_th).</param>
/// <param name="SamplesPerSymbol">Samples per symbol; the bandwidth B_k is the sample rate over this.</param>
/// <param name="Modulation">Modulation of the payload: bpsk, qpsk or qam16.</param>
/// <param name="CodeRate">Code rate of the payload: 1/2, 2/3 or 3/4.</param>
/// <param name="PayloadBytes">Payload of one packet.</param>
/// <param name="InitialGapDb">The modem's SNR gap to Shannon that the first plan assumes; measured from then on.</param>
public sealed record UplinkSection(
    UplinkMode Mode,
    double MinPowerWatts,
    double MaxPowerWatts,
    double NoiseWatts,
    double DeadlineSeconds,
    int SamplesPerSymbol,
    string Modulation,
    string CodeRate,
    int PayloadBytes,
    double InitialGapDb)
{
    internal static UplinkSection Read(ConfigurationObject o)
    {
        (double minimum, double maximum) = o.Range("powerWatts", 0);
        if (maximum == 0)
        {
            throw o.Error("powerWatts", "found a maximum of 0; it must be greater than 0");
        }

        var section = new UplinkSection(
            o.Choice<UplinkMode>("mode"),
            minimum,
            maximum,
            o.PositiveNumber("noiseWatts"),
            o.PositiveNumber("deadlineSeconds"),
            o.Integer("samplesPerSymbol", 2, 16),
            OneOf(o, "modulation", "bpsk", "qpsk", "qam16"),
            OneOf(o, "codeRate", "1/2", "2/3", "3/4"),
            o.Integer("payloadBytes", 16, 4000),
            o.Number("initialGapDb", 0, 40));
        o.RejectUnknownKeys();
        return section;
    }

    private static string OneOf(ConfigurationObject o, string key, params string[] allowed)
    {
        string value = o.Text(key);
        return allowed.Contains(value) ? value : throw o.Error(key, $"found \"{value}\"; it must be one of {string.Join(", ", allowed)}");
    }
}
