using IsacTestbed.Core;

namespace IsacTestbed.Learning.Networks;

/// <summary>Normal weights of variance 2 / fan-in (He et al., "Delving deep into rectifiers", ICCV 2015); biases are zero.</summary>
internal static class HeInitialisation
{
    /// <summary>Fills the weights and clears the biases that follow them.</summary>
    public static void Fill(CounterRandom random, int fanIn, Span<float> weights, Span<float> biases)
    {
        double deviation = Math.Sqrt(2.0 / fanIn);
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)(deviation * random.NormalPairAt((ulong)i).First);
        }

        biases.Clear();
    }
}
