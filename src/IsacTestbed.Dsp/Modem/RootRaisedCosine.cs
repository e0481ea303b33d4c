namespace IsacTestbed.Dsp.Modem;

/// <summary>The root-raised-cosine pulse.</summary>
internal static class RootRaisedCosine
{
    /// <summary>The pulse of unit energy at a time in symbols (energy as an integral over symbols).</summary>
    public static double At(double time, double rollOff)
    {
        double b = rollOff, t = Math.Abs(time);
        if (t < 1e-8)
        {
            return 1 - b + (4 * b / Math.PI);
        }

        double singular = 1 - (16 * b * b * t * t);
        if (Math.Abs(singular) < 1e-7)
        {
            double angle = Math.PI / (4 * b);
            return b / Math.Sqrt(2) * (((1 + (2 / Math.PI)) * Math.Sin(angle)) + ((1 - (2 / Math.PI)) * Math.Cos(angle)));
        }

        return (Math.Sin(Math.PI * t * (1 - b)) + (4 * b * t * Math.Cos(Math.PI * t * (1 + b)))) / (Math.PI * t * singular);
    }

    /// <summary>Samples of the pulse, cut at the layout's half span, with unit energy as a sum over samples.</summary>
    /// <param name="samplesPerSymbol">Samples per symbol.</param>
    /// <param name="rollOff">Roll-off.</param>
    /// <param name="delay">Moves the centre right by a part of a sample.</param>
    /// <param name="taps">Receives the samples; its middle element is the centre. Odd length.</param>
    public static void Sample(int samplesPerSymbol, double rollOff, double delay, Span<float> taps)
    {
        int middle = taps.Length / 2;
        double scale = 1 / Math.Sqrt(samplesPerSymbol);
        for (int i = 0; i < taps.Length; i++)
        {
            taps[i] = (float)(scale * At((i - middle - delay) / samplesPerSymbol, rollOff));
        }
    }
}
