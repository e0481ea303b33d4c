namespace IsacTestbed.Dsp.Modem;

/// <summary>Log-likelihood ratios to the soft bits of <see cref="ViterbiDecoder"/>.</summary>
/// <remarks>
/// Uniform, rounding to nearest, stored in 8 bits and clipped at +-15. The step is chosen per block: the mean magnitude becomes
/// <see cref="MeanLevel"/> steps. The decoder needs no absolute scale, so no noise variance enters here.
/// </remarks>
internal static class SoftQuantiser
{
    /// <summary>Steps to which the mean magnitude of a block is scaled.</summary>
    public const float MeanLevel = 7.5f;

    /// <summary>Quantises a block.</summary>
    /// <param name="ratios">Log-likelihood ratios; one that is not a number becomes an erasure.</param>
    /// <param name="softBits">Receives as many soft bits.</param>
    public static void Quantise(ReadOnlySpan<float> ratios, Span<sbyte> softBits)
    {
        softBits = softBits[..ratios.Length];
        double sum = 0;
        foreach (float ratio in ratios)
        {
            sum += MathF.Abs(ratio);
        }

        float scale = sum > 0 && double.IsFinite(sum) ? (float)(MeanLevel * ratios.Length / sum) : 0;
        for (int i = 0; i < ratios.Length; i++)
        {
            float scaled = Math.Clamp(ratios[i] * scale, -ViterbiDecoder.SoftLimit, ViterbiDecoder.SoftLimit);
            softBits[i] = float.IsNaN(scaled) ? (sbyte)0 : (sbyte)MathF.Round(scaled);
        }
    }
}
