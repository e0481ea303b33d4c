using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>The paper's wiring: real and imaginary parts of the channels in, those of the beams out, scaled to full power by (11).</summary>
/// <remarks>
/// Channels span decades, so a vector goes in with its norm replaced by asinh(norm), and turned so that its first entry is real: no SINR
/// depends on the phase of a channel.
/// </remarks>
internal sealed class DirectDesign(NetworkShape shape, VisibleLinks visible) : IBeamDesign
{
    private double _norm;

    public BeamDesignKind Kind => BeamDesignKind.Direct;

    public int Inputs => (2 * shape.Antennas * visible.All.Length) + 1;

    public int Outputs => 2 * shape.BeamEntries;

    public void Features(StationLinks links, double rho, Span<float> features)
    {
        int n = shape.Antennas, at = 0;
        foreach (int link in visible.All)
        {
            ReadOnlySpan<double> re = links.RealRow(link), im = links.ImaginaryRow(link);
            double norm = Math.Sqrt(Kernels.Dot(re, re) + Kernels.Dot(im, im)), first = Math.Sqrt((re[0] * re[0]) + (im[0] * im[0]));
            double scale = norm > 0 ? Math.Asinh(norm) / norm : 0;
            (double turnRe, double turnIm) = first > 0 ? (re[0] / first, -im[0] / first) : (1, 0);
            for (int i = 0; i < n; i++)
            {
                features[at++] = (float)(scale * ((re[i] * turnRe) - (im[i] * turnIm)));
                features[at++] = (float)(scale * ((re[i] * turnIm) + (im[i] * turnRe)));
            }
        }

        features[at] = (float)RhoScale.Of(rho);
    }

    public void Beams(StationLinks links, double rho, ReadOnlySpan<float> outputs, Span<double> re, Span<double> im)
    {
        double sum = 1e-12;
        foreach (float value in outputs)
        {
            sum += (double)value * value;
        }

        _norm = Math.Sqrt(sum);
        for (int i = 0; i < re.Length; i++)
        {
            re[i] = outputs[i] / _norm;
            im[i] = outputs[re.Length + i] / _norm;
        }
    }

    public void Back(
        StationLinks links, double rho, ReadOnlySpan<float> outputs, ReadOnlySpan<double> gradientRe, ReadOnlySpan<double> gradientIm, Span<float> outputGradient)
    {
        double radial = 0;
        for (int i = 0; i < gradientRe.Length; i++)
        {
            radial += (gradientRe[i] * outputs[i]) + (gradientIm[i] * outputs[gradientRe.Length + i]);
        }

        radial /= _norm * _norm;
        for (int i = 0; i < gradientRe.Length; i++)
        {
            outputGradient[i] = (float)((gradientRe[i] - (radial * outputs[i])) / _norm);
            outputGradient[gradientRe.Length + i] = (float)((gradientIm[i] - (radial * outputs[gradientRe.Length + i])) / _norm);
        }
    }
}
