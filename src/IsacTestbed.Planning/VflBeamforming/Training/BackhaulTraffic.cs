namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>The bytes that crossed the network during a training, of all base stations together, beside the paper's count.</summary>
/// <param name="Bytes">Bytes of each kind of content.</param>
/// <param name="Samples">Samples that were sent, once per pass and base station.</param>
/// <param name="PaperNumbers">(M + 1) K N_T, the complex numbers per base station and sample of the paper's count.</param>
public sealed record BackhaulTraffic(IReadOnlyDictionary<BackhaulContent, long> Bytes, long Samples, int PaperNumbers)
{
    private const int BytesPerComplex = 8;

    /// <summary>What the paper counts: channels to users and beamformers, upwards.</summary>
    public long PaperContentBytes => Bytes[BackhaulContent.UserChannels] + Bytes[BackhaulContent.Beamformers];

    /// <summary>The paper's count in bytes, with two singles per complex number.</summary>
    public long PaperCountBytes => Samples * PaperNumbers * BytesPerComplex;

    /// <summary>Everything.</summary>
    public long TotalBytes => Bytes.Values.Sum();
}
