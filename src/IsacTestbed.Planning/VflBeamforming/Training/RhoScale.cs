namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>The scale on which networks see the weight of the communication rate: near its ends a small change changes the best beams.</summary>
internal static class RhoScale
{
    private const double Margin = 0.01;

    /// <summary>From [0, 1] to a scale symmetric about zero.</summary>
    public static double Of(double rho) => Math.Log((rho + Margin) / (1 - rho + Margin));

    /// <summary>A weight between two others, evenly on that scale.</summary>
    /// <param name="minimum">At 0.</param>
    /// <param name="maximum">At 1.</param>
    /// <param name="share">From 0 to 1.</param>
    public static double Between(double minimum, double maximum, double share)
    {
        double odds = Math.Exp(double.Lerp(Of(minimum), Of(maximum), share));
        return Math.Clamp(((odds * (1 + Margin)) - Margin) / (1 + odds), minimum, maximum);
    }
}
