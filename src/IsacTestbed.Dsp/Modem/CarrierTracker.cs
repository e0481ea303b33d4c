namespace IsacTestbed.Dsp.Modem;

/// <summary>Follows the complex gain of a packet through its known symbols. Not thread safe: owns its buffers.</summary>
/// <remarks>
/// A point is the mean of received times conjugated known symbols over a short block. The gain at a point is the mean of all points
/// weighted by exp(-kappa |distance|), which is the optimal smoother of a phase that walks at random seen in white noise:
/// kappa = sqrt(2 q rho SNR) for a walk of q rad^2 per symbol and known symbols of density rho.
/// </remarks>
internal sealed class CarrierTracker(double phaseNoisePerSymbol)
{
    private const double PilotDensity = 1.0 / PacketLayout.PilotSpacing;
    private const int BlockPoints = 16;

    private double[] _position = [];
    private double[] _re = [];
    private double[] _im = [];
    private double[] _weight = [];
    private double[] _energy = [];
    private double[] _gainRe = [];
    private double[] _gainIm = [];
    private double[] _effectiveWeight = [];
    private int _count;

    /// <summary>Variance of the noise per symbol, after <see cref="Smooth"/>.</summary>
    public double NoiseVariance { get; private set; }

    /// <summary>Mean of |gain|^2, its own noise taken off, after <see cref="Smooth"/>.</summary>
    public double GainPower { get; private set; }

    /// <summary>Es/N0, after <see cref="Smooth"/>.</summary>
    public double SnrLinear => NoiseVariance > 0 ? GainPower / NoiseVariance : double.PositiveInfinity;

    /// <summary>Forgets all points.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds a block of known symbols, in order of position.</summary>
    /// <param name="firstSymbol">Index of the first symbol.</param>
    /// <param name="re">Received, real parts.</param>
    /// <param name="im">Received, imaginary parts.</param>
    /// <param name="knownRe">Sent, real parts; unit magnitude.</param>
    /// <param name="knownIm">Sent, imaginary parts.</param>
    public void Add(int firstSymbol, ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> knownRe, ReadOnlySpan<float> knownIm)
    {
        Grow();
        double sumRe = 0, sumIm = 0, energy = 0;
        for (int i = 0; i < re.Length; i++)
        {
            sumRe += (re[i] * knownRe[i]) + (im[i] * knownIm[i]);
            sumIm += (im[i] * knownRe[i]) - (re[i] * knownIm[i]);
            energy += (re[i] * re[i]) + (im[i] * im[i]);
        }

        _position[_count] = firstSymbol + ((re.Length - 1) / 2.0);
        (_re[_count], _im[_count]) = (sumRe / re.Length, sumIm / re.Length);
        _weight[_count] = re.Length;
        _energy[_count] = energy;
        _count++;
    }

    /// <summary>The carrier offset that the points agree on best, in cycles per symbol, searched on a grid around zero.</summary>
    /// <param name="reach">Largest offset.</param>
    /// <param name="steps">Grid steps on each side.</param>
    public double EstimateOffset(double reach, int steps)
    {
        double step = reach / steps, bestPower = -1;
        int best = 0;
        for (int g = -steps; g <= steps; g++)
        {
            double power = PowerAt(g * step);
            (bestPower, best) = power > bestPower ? (power, g) : (bestPower, best);
        }

        double left = PowerAt((best - 1) * step), right = PowerAt((best + 1) * step);
        double curvature = left - (2 * bestPower) + right;
        double vertex = curvature < 0 ? Math.Clamp(0.5 * (left - right) / curvature, -1, 1) : 0;
        return (best + vertex) * step;
    }

    /// <summary>The remaining offset from the turning between neighbouring groups of points, in cycles per symbol.</summary>
    /// <remarks>For long packets: unambiguous to half a cycle per group of 16 pilots. Zero when there are fewer than two groups.</remarks>
    public double EstimateDrift()
    {
        double sumRe = 0, sumIm = 0, distance = 0, previousRe = 0, previousIm = 0, previousPosition = 0;
        int groups = _count / BlockPoints;
        for (int g = 0; g < groups; g++)
        {
            double re = 0, im = 0, position = 0, weight = 0;
            for (int i = g * BlockPoints; i < (g + 1) * BlockPoints; i++)
            {
                re += _weight[i] * _re[i];
                im += _weight[i] * _im[i];
                position += _weight[i] * _position[i];
                weight += _weight[i];
            }

            // Means, so that the well known start of the packet counts no more than the rest: the ends decide the slope.
            (re, im, position) = (re / weight, im / weight, position / weight);
            if (g > 0)
            {
                // Groups stand at unequal distances only where header and payload meet; the mean distance serves.
                sumRe += (re * previousRe) + (im * previousIm);
                sumIm += (im * previousRe) - (re * previousIm);
                distance += position - previousPosition;
            }

            (previousRe, previousIm, previousPosition) = (re, im, position);
        }

        return groups < 2 ? 0 : Math.Atan2(sumIm, sumRe) / (2 * Math.PI * distance / (groups - 1));
    }

    /// <summary>Takes an offset out of the points.</summary>
    public void RemoveOffset(double cyclesPerSymbol)
    {
        for (int i = 0; i < _count; i++)
        {
            (double sin, double cos) = Math.SinCos(-2 * Math.PI * cyclesPerSymbol * _position[i]);
            (_re[i], _im[i]) = ((_re[i] * cos) - (_im[i] * sin), (_re[i] * sin) + (_im[i] * cos));
        }
    }

    /// <summary>Smooths the points and measures gain and noise.</summary>
    public void Smooth()
    {
        double kappa = Math.Clamp(Math.Sqrt(2 * phaseNoisePerSymbol * PilotDensity * Math.Max(0, RoughSnr())), 1e-4, 0.05);
        double re = 0, im = 0, weight = 0;
        for (int i = 0; i < _count; i++)
        {
            double decay = i == 0 ? 0 : Math.Exp(-kappa * (_position[i] - _position[i - 1]));
            (re, im, weight) = ((re * decay) + (_weight[i] * _re[i]), (im * decay) + (_weight[i] * _im[i]), (weight * decay) + _weight[i]);
            (_gainRe[i], _gainIm[i], _effectiveWeight[i]) = (re, im, weight);
        }

        (re, im, weight) = (0, 0, 0);
        double residual = 0, freedom = 0, power = 0, powerNoise = 0;
        for (int i = _count - 1; i >= 0; i--)
        {
            double decay = i == _count - 1 ? 0 : Math.Exp(-kappa * (_position[i + 1] - _position[i]));
            (re, im, weight) = (re * decay, im * decay, weight * decay);
            double total = _effectiveWeight[i] + weight;
            (_gainRe[i], _gainIm[i]) = ((_gainRe[i] + re) / total, (_gainIm[i] + im) / total);
            _effectiveWeight[i] = total;
            (re, im, weight) = (re + (_weight[i] * _re[i]), im + (_weight[i] * _im[i]), weight + _weight[i]);

            double gain = (_gainRe[i] * _gainRe[i]) + (_gainIm[i] * _gainIm[i]);
            residual += _energy[i] - (2 * _weight[i] * ((_re[i] * _gainRe[i]) + (_im[i] * _gainIm[i]))) + (_weight[i] * gain);

            // A two-sided exponential mean h with own weight h0 leaves 1 - 2 h0 + sum h^2 = 1 - 1.5 h0 of the noise and passes 0.5 h0.
            freedom += _weight[i] * (1 - (1.5 / total));
            power += gain;
            powerNoise += 0.5 / total;
        }

        NoiseVariance = Math.Max(0, residual / freedom);
        GainPower = (power - (powerNoise * NoiseVariance)) / _count;
    }

    /// <summary>Gains of consecutive symbols by linear interpolation between the points; constant beyond the ends.</summary>
    public void Interpolate(int firstSymbol, Span<float> re, Span<float> im)
    {
        int k = 0;
        for (int point = 0; point < _count - 1 && k < re.Length; point++)
        {
            bool last = point == _count - 2;
            double start = _position[point], length = _position[point + 1] - start;
            int end = last ? re.Length : Math.Clamp((int)Math.Ceiling(_position[point + 1]) - firstSymbol, k, re.Length);
            float gainRe = (float)_gainRe[point], gainIm = (float)_gainIm[point];
            float slopeRe = (float)((_gainRe[point + 1] - _gainRe[point]) / length), slopeIm = (float)((_gainIm[point + 1] - _gainIm[point]) / length);
            for (; k < end; k++)
            {
                float distance = (float)Math.Clamp(firstSymbol + k - start, 0, length);
                re[k] = gainRe + (distance * slopeRe);
                im[k] = gainIm + (distance * slopeIm);
            }
        }
    }

    private double PowerAt(double cyclesPerSymbol)
    {
        double re = 0, im = 0;
        for (int i = 0; i < _count; i++)
        {
            (double sin, double cos) = Math.SinCos(-2 * Math.PI * cyclesPerSymbol * _position[i]);
            re += _weight[i] * ((_re[i] * cos) - (_im[i] * sin));
            im += _weight[i] * ((_re[i] * sin) + (_im[i] * cos));
        }

        return (re * re) + (im * im);
    }

    // From the differences of neighbours: needs no gain. It only chooses the smoothing length.
    private double RoughSnr()
    {
        double noise = 0, power = 0, weights = 0;
        for (int i = 1; i < _count; i++)
        {
            double re = _re[i] - _re[i - 1], im = _im[i] - _im[i - 1];
            double weight = _weight[i] * _weight[i - 1] / (_weight[i] + _weight[i - 1]);
            noise += weight * ((re * re) + (im * im));
            power += weight * ((_re[i] * _re[i - 1]) + (_im[i] * _im[i - 1]));
            weights += weight;
        }

        return noise > 0 ? power / weights / (noise / (_count - 1)) : 1e6;
    }

    private void Grow()
    {
        if (_count < _position.Length)
        {
            return;
        }

        int size = Math.Max(64, 2 * _position.Length);
        Array.Resize(ref _position, size);
        Array.Resize(ref _re, size);
        Array.Resize(ref _im, size);
        Array.Resize(ref _weight, size);
        Array.Resize(ref _energy, size);
        Array.Resize(ref _gainRe, size);
        Array.Resize(ref _gainIm, size);
        Array.Resize(ref _effectiveWeight, size);
    }
}
