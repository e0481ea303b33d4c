using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>
/// Beams by prices. At every stationary point of (10) the beams of a base station lie in the span of A^-1 h_k of its users and A^-1 g_j of
/// its targets, with A = I + the sum of prices times h h^H over its own links: the network sets the prices and how the beams are mixed from
/// these directions. All else about the rest of the network is in those few numbers.
/// </summary>
/// <remarks>
/// Features: the logarithms of the norms of the links and the overlaps of their directions, which do not change when the array's response is
/// rotated, and do not grow with the number of antennas. Prices and shares carry the weights rho and 1 - rho, over the larger of them, as
/// those of an optimum do: at rho = 1 outputs of zero mean the beams of the best signal to leakage, at rho = 0 the same for the targets.
/// </remarks>
internal sealed class PricedDesign : IBeamDesign
{
    private const double PriceRange = 12;
    private const double MixRange = 4;
    private readonly NetworkShape _shape;
    private readonly VisibleLinks _visible;
    private readonly ComplexVector[] _units;
    private readonly double[] _norms;
    private readonly ComplexVector[] _solutions;
    private readonly double[] _lengths;
    private readonly Complex[] _turns;
    private readonly ComplexVector[] _directionGradients;
    private readonly ComplexVector _slope;
    private readonly ComplexMatrix _priced;
    private readonly double[] _beams;
    private double _total;
    private CholeskyFactor? _factor;

    /// <summary>The design of one base station.</summary>
    public PricedDesign(NetworkShape shape, VisibleLinks visible)
    {
        _shape = shape;
        _visible = visible;
        ComplexVector[] Vectors(int count) => [.. Enumerable.Range(0, count).Select(_ => new ComplexVector(shape.Antennas))];
        _units = Vectors(visible.All.Length);
        _norms = new double[visible.All.Length];
        _solutions = Vectors(shape.Users + shape.Targets);
        _directionGradients = Vectors(_solutions.Length);
        _slope = new ComplexVector(shape.Antennas);
        _priced = new ComplexMatrix(shape.Antennas, shape.Antennas);
        _beams = new double[2 * shape.BeamEntries];
        _lengths = new double[_solutions.Length];
        _turns = new Complex[shape.Users * shape.Targets];
    }

    public BeamDesignKind Kind => BeamDesignKind.Priced;

    public int Inputs => _visible.All.Length + (_visible.All.Length * (_visible.All.Length - 1) / 2) + 1;

    public int Outputs => _visible.All.Length + _shape.Users + (2 * _shape.Users * _shape.Targets);

    public void Features(StationLinks links, double rho, Span<float> features)
    {
        Load(links);
        int at = 0;
        foreach (double norm in _norms)
        {
            features[at++] = (float)Math.Log10(norm + 1e-6);
        }

        for (int a = 0; a < _units.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                Complex overlap = _units[a].Inner(_units[b]);
                features[at++] = (float)((overlap.Real * overlap.Real) + (overlap.Imaginary * overlap.Imaginary));
            }
        }

        features[at] = (float)RhoScale.Of(rho);
    }

    public void Beams(StationLinks links, double rho, ReadOnlySpan<float> outputs, Span<double> re, Span<double> im)
    {
        Load(links);
        int n = _shape.Antennas, users = _shape.Users, targets = _shape.Targets, count = _units.Length;
        Array.Clear(_priced.Re);
        Array.Clear(_priced.Im);
        for (int i = 0; i < n; i++)
        {
            _priced.Re[(i * n) + i] = 1;
        }

        for (int v = 0; v < count; v++)
        {
            ClosedFormBeams.AddOuter(_priced, links, _visible.All[v], Weight(_visible.All[v], rho) * Price(outputs[v]) / users);
        }

        // Never but by rounding, with links hundreds of decibels above the noise: then the directions are the links' own.
        _factor = CholeskyFactor.TryCreate(_priced);
        for (int s = 0; s < _solutions.Length; s++)
        {
            _units[s].Re.CopyTo(_solutions[s].Re, 0);
            _units[s].Im.CopyTo(_solutions[s].Im, 0);
            _factor?.Solve(_solutions[s]);
            _lengths[s] = Math.Sqrt(_solutions[s].SquaredNorm());
            _solutions[s].Scale(_lengths[s] > 0 ? 1 / _lengths[s] : 0);
        }

        double sum = 1e-24;
        for (int k = 0; k < users; k++)
        {
            Span<double> beamRe = re.Slice(k * n, n), beamIm = im.Slice(k * n, n);
            beamRe.Clear();
            beamIm.Clear();
            ComplexRows.AddMultiple(UserShare(rho) * Mix(outputs[count + k]), 0, _solutions[k].Re, _solutions[k].Im, beamRe, beamIm);
            for (int j = 0; j < targets; j++)
            {
                Complex inner = _units[users + j].Inner(_units[k]);
                double modulus = inner.Magnitude;
                Complex turn = modulus > 0 ? inner / modulus : 1, share = TargetShare(outputs, rho, k, j) * turn;
                _turns[(k * targets) + j] = turn;
                ComplexVector direction = _solutions[users + j];
                ComplexRows.AddMultiple(share.Real, share.Imaginary, direction.Re, direction.Im, beamRe, beamIm);
            }

            sum += Kernels.Dot(beamRe, beamRe) + Kernels.Dot(beamIm, beamIm);
        }

        _total = Math.Sqrt(sum);
        for (int i = 0; i < re.Length; i++)
        {
            re[i] /= _total;
            im[i] /= _total;
        }

        re.CopyTo(_beams);
        im.CopyTo(_beams.AsSpan(re.Length));
    }

    public void Back(
        StationLinks links, double rho, ReadOnlySpan<float> outputs, ReadOnlySpan<double> gradientRe, ReadOnlySpan<double> gradientIm, Span<float> outputGradient)
    {
        int n = _shape.Antennas, users = _shape.Users, targets = _shape.Targets, count = _units.Length;
        ReadOnlySpan<double> beamsRe = _beams.AsSpan(0, gradientRe.Length), beamsIm = _beams.AsSpan(gradientRe.Length);
        double radial = Kernels.Dot(gradientRe, beamsRe) + Kernels.Dot(gradientIm, beamsIm);
        foreach (ComplexVector direction in _directionGradients)
        {
            Array.Clear(direction.Re);
            Array.Clear(direction.Im);
        }

        for (int k = 0; k < users; k++)
        {
            for (int i = 0; i < n; i++)
            {
                int at = (k * n) + i;
                _slope.Re[i] = (gradientRe[at] - (radial * beamsRe[at])) / _total;
                _slope.Im[i] = (gradientIm[at] - (radial * beamsIm[at])) / _total;
            }

            double mix = UserShare(rho) * Mix(outputs[count + k]);
            outputGradient[count + k] = (float)(_solutions[k].Inner(_slope).Real * mix * Steepness(outputs[count + k], MixRange));
            _directionGradients[k].Add(mix, _slope);
            for (int j = 0; j < targets; j++)
            {
                Complex turn = _turns[(k * targets) + j];
                Complex share = SensingShare(rho) * Complex.Conjugate(turn) * _solutions[users + j].Inner(_slope);
                int output = ShareOutput(k, j);
                outputGradient[output] = (float)share.Real;
                outputGradient[output + 1] = (float)share.Imaginary;
                _directionGradients[users + j].Add(Complex.Conjugate(TargetShare(outputs, rho, k, j) * turn), _slope);
            }
        }

        Span<double> prices = stackalloc double[count];
        prices.Clear();
        for (int s = 0; s < _solutions.Length && _factor is not null; s++)
        {
            if (!(_lengths[s] > 0))
            {
                continue;
            }

            // Through the normalisation, then through the solve: dA = d(price) h h^H gives -y^H h h^H x.
            ComplexVector gradient = _directionGradients[s];
            gradient.Add(-_solutions[s].Inner(gradient).Real, _solutions[s]);
            _factor.Solve(gradient);
            for (int v = 0; v < count; v++)
            {
                prices[v] -= (Complex.Conjugate(_units[v].Inner(gradient)) * _units[v].Inner(_solutions[s])).Real;
            }
        }

        for (int v = 0; v < count; v++)
        {
            double scale = Weight(_visible.All[v], rho) * _norms[v] * _norms[v] * Price(outputs[v]) / users;
            outputGradient[v] = (float)(prices[v] * scale * Steepness(outputs[v], PriceRange));
        }
    }

    private static double Price(float output) => Math.Exp(PriceRange * Math.Tanh(output / PriceRange));

    private static double Mix(float output) => Math.Exp(MixRange * Math.Tanh(output / MixRange));

    // Derivative of range tanh(x / range).
    private static double Steepness(float output, double range)
    {
        double tanh = Math.Tanh(output / range);
        return 1 - (tanh * tanh);
    }

    private int ShareOutput(int user, int target) => _visible.All.Length + _shape.Users + (2 * ((user * _shape.Targets) + target));

    private Complex TargetShare(ReadOnlySpan<float> outputs, double rho, int user, int target)
    {
        int output = ShareOutput(user, target);
        return SensingShare(rho) * new Complex(1 + outputs[output], outputs[output + 1]);
    }

    private static double UserShare(double rho) => Math.Sqrt(rho / Math.Max(rho, 1 - rho));

    private static double SensingShare(double rho) => Math.Sqrt((1 - rho) / Math.Max(rho, 1 - rho));

    private double Weight(int link, double rho) => (link < _shape.Cells * _shape.Users ? rho : 1 - rho) / Math.Max(rho, 1 - rho);

    private void Load(StationLinks links)
    {
        for (int v = 0; v < _units.Length; v++)
        {
            links.CopyTo(_visible.All[v], _units[v]);
            _norms[v] = Math.Sqrt(_units[v].SquaredNorm());
            _units[v].Scale(_norms[v] > 0 ? 1 / _norms[v] : 0);
        }
    }
}
