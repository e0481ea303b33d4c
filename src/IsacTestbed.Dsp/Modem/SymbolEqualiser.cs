using System.Numerics;

namespace IsacTestbed.Dsp.Modem;

/// <summary>Half-symbol spaced linear equaliser, trained by regularised least squares. Not thread safe: owns its buffers.</summary>
/// <remarks>
/// Output k is w^H x_k, where x_k holds the matched filter's outputs at the half-symbol instants around symbol k. The weights minimise the
/// squared error to the known symbols plus a small multiple of |w|^2, which keeps the problem regular although the signal does not fill
/// the band of the half-symbol rate.
/// </remarks>
internal sealed class SymbolEqualiser
{
    private const double Loading = 1e-4;

    private readonly Complex[] _correlation;
    private readonly Complex[] _cross;
    private readonly Complex[] _weights;
    private readonly float[] _weightRe;
    private readonly float[] _weightIm;

    public SymbolEqualiser(int taps)
    {
        Taps = taps;
        _correlation = new Complex[taps * taps];
        _cross = new Complex[taps];
        _weights = new Complex[taps];
        _weightRe = new float[taps];
        _weightIm = new float[taps];
    }

    /// <summary>Number of taps, odd.</summary>
    public int Taps { get; }

    /// <summary>Half-symbol instants needed before the first and after the last symbol.</summary>
    public int Reach => Taps / 2;

    /// <summary>Finds the weights.</summary>
    /// <param name="re">Half-symbol instants, <see cref="Reach"/> before the first symbol to as many after the last.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="wantedRe">Known symbols.</param>
    /// <param name="wantedIm">Imaginary parts.</param>
    public void Train(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> wantedRe, ReadOnlySpan<float> wantedIm)
    {
        int taps = Taps;
        Array.Clear(_correlation);
        Array.Clear(_cross);
        for (int k = 0; k < wantedRe.Length; k++)
        {
            var wanted = new Complex(wantedRe[k], -wantedIm[k]);
            for (int i = 0; i < taps; i++)
            {
                var x = new Complex(re[(2 * k) + i], im[(2 * k) + i]);
                _cross[i] += x * wanted;
                for (int j = 0; j <= i; j++)
                {
                    _correlation[(i * taps) + j] += x * new Complex(re[(2 * k) + j], -im[(2 * k) + j]);
                }
            }
        }

        double trace = 0;
        for (int i = 0; i < taps; i++)
        {
            trace += _correlation[(i * taps) + i].Real;
        }

        for (int i = 0; i < taps; i++)
        {
            _correlation[(i * taps) + i] += Loading * trace / taps;
        }

        Solve();
        for (int i = 0; i < taps; i++)
        {
            // Stored conjugated and ready for a plain sum of products.
            (_weightRe[i], _weightIm[i]) = ((float)_weights[i].Real, (float)-_weights[i].Imaginary);
        }
    }

    /// <summary>Equalises consecutive symbols.</summary>
    /// <param name="re">Half-symbol instants, placed as for <see cref="Train"/>.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="outRe">Receives the symbols.</param>
    /// <param name="outIm">Imaginary parts.</param>
    public void Apply(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> outRe, Span<float> outIm)
    {
        for (int k = 0; k < outRe.Length; k++)
        {
            ReadOnlySpan<float> x = re.Slice(2 * k, Taps), y = im.Slice(2 * k, Taps);
            (float ac, float ad) = FilterKernels.Dot(_weightRe, x, y);
            (float bc, float bd) = FilterKernels.Dot(_weightIm, x, y);
            (outRe[k], outIm[k]) = (ac - bd, ad + bc);
        }
    }

    // Cholesky in place (lower triangle), then two triangular systems. A silent window has a zero matrix and gets zero weights.
    private void Solve()
    {
        int taps = Taps;
        Complex[] a = _correlation;
        for (int j = 0; j < taps; j++)
        {
            double diagonal = a[(j * taps) + j].Real;
            for (int k = 0; k < j; k++)
            {
                diagonal -= Squared(a[(j * taps) + k]);
            }

            if (!(diagonal > 0))
            {
                Array.Clear(_weights);
                return;
            }

            double root = Math.Sqrt(diagonal);
            a[(j * taps) + j] = root;
            for (int i = j + 1; i < taps; i++)
            {
                Complex sum = a[(i * taps) + j];
                for (int k = 0; k < j; k++)
                {
                    sum -= a[(i * taps) + k] * Complex.Conjugate(a[(j * taps) + k]);
                }

                a[(i * taps) + j] = sum / root;
            }
        }

        for (int i = 0; i < taps; i++)
        {
            Complex sum = _cross[i];
            for (int k = 0; k < i; k++)
            {
                sum -= a[(i * taps) + k] * _weights[k];
            }

            _weights[i] = sum / a[(i * taps) + i].Real;
        }

        for (int i = taps - 1; i >= 0; i--)
        {
            Complex sum = _weights[i];
            for (int k = i + 1; k < taps; k++)
            {
                sum -= Complex.Conjugate(a[(k * taps) + i]) * _weights[k];
            }

            _weights[i] = sum / a[(i * taps) + i].Real;
        }
    }

    private static double Squared(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);
}
