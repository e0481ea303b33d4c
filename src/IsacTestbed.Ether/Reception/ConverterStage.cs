namespace IsacTestbed.Ether;

/// <summary>The end of the receiver: I/Q imbalance, DC, clipping and quantisation.</summary>
internal sealed class ConverterStage
{
    private readonly ReceiverImpairments _impairments;
    private readonly float _direct;
    private readonly float _cross;
    private readonly float _realGain;
    private readonly float _imaginaryGain;

    private ConverterStage(ReceiverImpairments impairments)
    {
        _impairments = impairments;
        _direct = (float)Math.Cos(impairments.ImbalancePhaseRadians / 2);
        _cross = (float)Math.Sin(impairments.ImbalancePhaseRadians / 2);
        _realGain = (float)Math.Sqrt(impairments.ImbalanceGain);
        _imaginaryGain = 1 / _realGain;
    }

    /// <summary>The stage, or null when it would change nothing.</summary>
    public static ConverterStage? For(ReceiverImpairments impairments)
    {
        bool changes = impairments.ImbalanceGain != 1 || impairments.ImbalancePhaseRadians != 0 || impairments.DcReal != 0
            || impairments.DcImaginary != 0 || impairments.ClipLevel < double.PositiveInfinity;
        return changes ? new ConverterStage(impairments) : null;
    }

    /// <summary>Converts in place.</summary>
    /// <returns>Whether a sample reached full scale.</returns>
    public bool Convert(Span<float> real, Span<float> imaginary)
    {
        float dcReal = (float)_impairments.DcReal, dcImaginary = (float)_impairments.DcImaginary;
        for (int i = 0; i < real.Length; i++)
        {
            float re = real[i], im = imaginary[i];
            real[i] = (_realGain * ((re * _direct) - (im * _cross))) + dcReal;
            imaginary[i] = (_imaginaryGain * ((im * _direct) - (re * _cross))) + dcImaginary;
        }

        return double.IsFinite(_impairments.ClipLevel) && (Digitise(real) | Digitise(imaginary));
    }

    /// <summary>Clips, and rounds to the middle of 2^bits even steps over +/- the clip level.</summary>
    private bool Digitise(Span<float> samples)
    {
        double level = _impairments.ClipLevel;
        double step = _impairments.QuantisationBits == 0 ? 0 : 2 * level / (1L << _impairments.QuantisationBits);
        double largest = level - (step / 2);
        bool clipped = false;
        for (int i = 0; i < samples.Length; i++)
        {
            double value = samples[i];
            if (Math.Abs(value) >= level)
            {
                clipped = true;
                value = Math.CopySign(largest, value);
            }
            else if (step > 0)
            {
                value = Math.Clamp((Math.Floor(value / step) + 0.5) * step, -largest, largest);
            }

            samples[i] = (float)value;
        }

        return clipped;
    }
}
