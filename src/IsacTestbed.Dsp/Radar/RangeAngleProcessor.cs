using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Radar;

/// <summary>Range-angle maps of a uniform linear array: beams over the elements' range-compressed blocks.</summary>
/// <remarks>
/// M(b, d) = M^(-1/2) sum_m conj(a_m(u_b)) x(m, d), a_m(u) = exp(-2 pi i s m u), with s the spacing in wavelengths and u the sine of the
/// angle from broadside. White noise of power sigma^2 per element leaves with sigma^2 in every beam; an echo a from u_b has a sqrt(M).
/// Immutable; thread safe; no allocation per map.
/// </remarks>
public sealed class RangeAngleProcessor
{
    private readonly float[] _weightRe;
    private readonly float[] _weightIm;

    /// <summary>Prepares the beams.</summary>
    /// <param name="elements">Elements M of the array, at least one.</param>
    /// <param name="spacingWavelengths">Spacing s of neighbours, in wavelengths; positive.</param>
    /// <param name="beamSines">u_b, the sine of each beam's angle, in [-1, 1]; copied. See <see cref="UniformSines"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    /// <exception cref="ArgumentException">There are no beams.</exception>
    public RangeAngleProcessor(int elements, double spacingWavelengths, ReadOnlySpan<double> beamSines)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(elements);
        if (!(spacingWavelengths > 0 && double.IsFinite(spacingWavelengths)))
        {
            throw new ArgumentOutOfRangeException(nameof(spacingWavelengths), spacingWavelengths, "A spacing is positive.");
        }

        if (beamSines.IsEmpty)
        {
            throw new ArgumentException("A range-angle map needs a beam.", nameof(beamSines));
        }

        Elements = elements;
        Beams = beamSines.Length;
        _weightRe = new float[checked(Beams * elements)];
        _weightIm = new float[Beams * elements];
        double amplitude = 1 / Math.Sqrt(elements);
        for (int beam = 0; beam < Beams; beam++)
        {
            if (!(Math.Abs(beamSines[beam]) <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(beamSines), beamSines[beam], "A sine lies in [-1, 1].");
            }

            for (int m = 0; m < elements; m++)
            {
                (double sine, double cosine) = Math.SinCos(2 * Math.PI * spacingWavelengths * m * beamSines[beam]);
                _weightRe[(beam * elements) + m] = (float)(amplitude * cosine);
                _weightIm[(beam * elements) + m] = (float)(amplitude * sine);
            }
        }
    }

    /// <summary>Elements M.</summary>
    public int Elements { get; }

    /// <summary>Beams, rows of a map.</summary>
    public int Beams { get; }

    /// <summary>Beams uniform in sine, at the middles of equal parts of [-1, 1]: u_b = (2 b + 1) / B - 1.</summary>
    /// <param name="sines">B sines, filled.</param>
    public static void UniformSines(Span<double> sines)
    {
        for (int beam = 0; beam < sines.Length; beam++)
        {
            sines[beam] = (((2.0 * beam) + 1) / sines.Length) - 1;
        }
    }

    /// <summary>One map.</summary>
    /// <param name="re">Range-compressed blocks, M rows of n floats, element by element.</param>
    /// <param name="im">Range-compressed blocks.</param>
    /// <param name="samples">n.</param>
    /// <param name="mapRe">The map, one row of n floats per beam; overlaps no input.</param>
    /// <param name="mapIm">The map; overlaps no input.</param>
    /// <exception cref="ArgumentException">A length is wrong or spans overlap.</exception>
    public void Process(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int samples, Span<float> mapRe, Span<float> mapIm)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        SpanRules.Length(re, im, checked(Elements * samples), nameof(re));
        SpanRules.Length(mapRe, mapIm, checked(Beams * samples), nameof(mapRe));
        SpanRules.Disjoint(mapRe, mapIm, nameof(mapIm));
        mapRe.Clear();
        mapIm.Clear();
        for (int beam = 0; beam < Beams; beam++)
        {
            Span<float> rowRe = mapRe.Slice(beam * samples, samples), rowIm = mapIm.Slice(beam * samples, samples);
            for (int m = 0; m < Elements; m++)
            {
                int weight = (beam * Elements) + m;
                SplitComplex.AddTurned(
                    re.Slice(m * samples, samples), im.Slice(m * samples, samples), _weightRe[weight], _weightIm[weight], rowRe, rowIm);
            }
        }
    }
}
