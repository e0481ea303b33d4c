using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>SINRs (6) and (8), rates (7) and (9), and the reverse-mode gradient of a utility of them with respect to the beams.</summary>
/// <remarks>Holds the memory of one evaluation: mutable and not thread safe. Noise powers and power limits are one, see <see cref="StationLinks"/>.</remarks>
internal sealed class RateKernel
{
    private const double PerLn2 = 1.4426950408889634;
    private readonly NetworkShape _shape;
    private readonly double[] _re;
    private readonly double[] _im;
    private readonly double[] _received;
    private readonly double[] _slope;
    private readonly double[] _desiredSlope;
    private readonly double[] _targetRate;
    private readonly double[] _targetSlope;

    /// <summary>A kernel for networks of one shape.</summary>
    public RateKernel(NetworkShape shape)
    {
        _shape = shape;
        _re = new double[shape.Cells * shape.Links * shape.Users];
        _im = new double[_re.Length];
        _received = new double[shape.Cells * shape.Links];
        _slope = new double[shape.Cells * shape.Links];
        _desiredSlope = new double[shape.Cells * shape.Users];
        _targetRate = new double[shape.Cells * shape.Targets];
        _targetSlope = new double[_targetRate.Length];
        UserSinr = new double[_desiredSlope.Length];
        TargetSinr = new double[_targetRate.Length];
    }

    /// <summary>SINR (6) per user, cell after cell, of the last evaluation.</summary>
    public double[] UserSinr { get; }

    /// <summary>SINR (8) per target, cell after cell, of the last evaluation.</summary>
    public double[] TargetSinr { get; }

    /// <summary>R_c of (7) of the last evaluation.</summary>
    public double CommunicationRate { get; private set; }

    /// <summary>R_s of (9) of the last evaluation.</summary>
    public double SensingRate { get; private set; }

    /// <summary>Evaluates a utility.</summary>
    /// <param name="links">The links of each base station.</param>
    /// <param name="utility">What to maximise.</param>
    /// <param name="beams">The beams.</param>
    /// <returns>Its value in bit/s/Hz.</returns>
    public double Evaluate(IReadOnlyList<StationLinks> links, RateUtility utility, BeamSet beams)
    {
        for (int n = 0; n < _shape.Cells; n++)
        {
            Receive(links[n], beams, n);
        }

        RateUsers(utility.Rho);
        double sensing = RateTargets(utility);
        return (utility.Rho * CommunicationRate) + ((1 - utility.Rho) * sensing);
    }

    /// <summary>Evaluates a utility and its gradient.</summary>
    /// <param name="links">The links of each base station.</param>
    /// <param name="utility">What to maximise.</param>
    /// <param name="beams">The beams.</param>
    /// <param name="gradient">Receives the derivatives with respect to the real and to the imaginary part of every entry.</param>
    /// <returns>Its value in bit/s/Hz.</returns>
    public double Evaluate(IReadOnlyList<StationLinks> links, RateUtility utility, BeamSet beams, BeamSet gradient)
    {
        double value = Evaluate(links, utility, beams);
        Array.Clear(gradient.Re);
        Array.Clear(gradient.Im);
        for (int n = 0; n < _shape.Cells; n++)
        {
            Return(links[n], gradient, n);
        }

        return value;
    }

    // Amplitudes h^H w of all beams of a station at all its links, and their power.
    private void Receive(StationLinks links, BeamSet beams, int station)
    {
        int antennas = _shape.Antennas, users = _shape.Users;
        for (int link = 0; link < _shape.Links; link++)
        {
            ReadOnlySpan<double> hRe = links.RealRow(link), hIm = links.ImaginaryRow(link);
            int at = (station * _shape.Links) + link;
            double power = 0;
            for (int k = 0; k < users; k++)
            {
                int start = beams.Start(station, k);
                (double re, double im) = ComplexRows.DotConjugate(beams.Re.AsSpan(start, antennas), beams.Im.AsSpan(start, antennas), hRe, hIm);
                (_re[(at * users) + k], _im[(at * users) + k]) = (re, im);
                power += (re * re) + (im * im);
            }

            _received[at] = power;
        }
    }

    // Derivatives of rho R_c with respect to the received powers: everything that arrives at a user counts as interference, its own beam apart.
    private void RateUsers(double rho)
    {
        double sum = 0, scale = rho * PerLn2;
        for (int m = 0; m < _shape.Cells; m++)
        {
            for (int k = 0; k < _shape.Users; k++)
            {
                int link = _shape.UserLink(m, k), own = (((m * _shape.Links) + link) * _shape.Users) + k;
                double signal = (_re[own] * _re[own]) + (_im[own] * _im[own]), disturbance = 1;
                for (int n = 0; n < _shape.Cells; n++)
                {
                    disturbance += _received[(n * _shape.Links) + link];
                }

                // Added up anew where it is small beside the signal: the difference would have lost its digits.
                disturbance = signal < 0.5 * disturbance ? disturbance - signal : Disturbance(m, k, link);
                double total = disturbance + signal, sinr = signal / disturbance;
                UserSinr[(m * _shape.Users) + k] = sinr;
                sum += Math.Log2(1 + sinr);
                _desiredSlope[(m * _shape.Users) + k] = scale / total;
                for (int n = 0; n < _shape.Cells; n++)
                {
                    _slope[(n * _shape.Links) + link] = -scale * signal / (total * disturbance);
                }
            }
        }

        CommunicationRate = sum;
    }

    private double Disturbance(int cell, int user, int link)
    {
        double sum = 1;
        for (int n = 0; n < _shape.Cells; n++)
        {
            int at = (n * _shape.Links) + link;
            if (n != cell)
            {
                sum += _received[at];
                continue;
            }

            for (int k = 0; k < _shape.Users; k++)
            {
                int i = (at * _shape.Users) + k;
                sum += k == user ? 0 : (_re[i] * _re[i]) + (_im[i] * _im[i]);
            }
        }

        return sum;
    }

    private double RateTargets(RateUtility utility)
    {
        int targets = _shape.Targets;
        double sum = 0;
        for (int m = 0; m < _shape.Cells; m++)
        {
            for (int j = 0; j < targets; j++)
            {
                TargetSinr[(m * targets) + j] = Echo(m, j) / EchoDisturbance(utility, m, j);
                double rate = Math.Log2(1 + TargetSinr[(m * targets) + j]);
                _targetRate[(m * targets) + j] = rate;
                sum += rate;
            }
        }

        SensingRate = sum;
        double value = utility.Sensing(_targetRate, _targetSlope);
        for (int m = 0; m < _shape.Cells; m++)
        {
            for (int j = 0; j < targets; j++)
            {
                _slope[(m * _shape.Links) + _shape.TargetLink(m, j)] = 0;
            }

            for (int j = 0; j < targets; j++)
            {
                int link = _shape.TargetLink(m, j);
                double scale = (1 - utility.Rho) * PerLn2 * _targetSlope[(m * targets) + j];
                double echo = Echo(m, j), disturbance = EchoDisturbance(utility, m, j), total = echo + disturbance;
                double disturbing = -scale * echo / (total * disturbance);
                for (int n = 0; n < _shape.Cells; n++)
                {
                    if (n != m)
                    {
                        _slope[(n * _shape.Links) + link] = disturbing;
                    }
                }

                for (int i = 0; i < targets; i++)
                {
                    _slope[(m * _shape.Links) + _shape.TargetLink(m, i)] += i == j ? scale / total : disturbing * utility.EchoLeak(m, j, i);
                }
            }
        }

        return value;
    }

    private double Echo(int cell, int target) => _received[(cell * _shape.Links) + _shape.TargetLink(cell, target)];

    private double EchoDisturbance(RateUtility utility, int cell, int target)
    {
        double sum = 1;
        int link = _shape.TargetLink(cell, target);
        for (int n = 0; n < _shape.Cells; n++)
        {
            sum += n == cell ? 0 : _received[(n * _shape.Links) + link];
        }

        for (int i = 0; i < _shape.Targets; i++)
        {
            sum += i == target ? 0 : utility.EchoLeak(cell, target, i) * Echo(cell, i);
        }

        return sum;
    }

    // The gradient of |h^H w|^2 is 2 h (h^H w).
    private void Return(StationLinks links, BeamSet gradient, int station)
    {
        int antennas = _shape.Antennas, users = _shape.Users;
        for (int link = 0; link < _shape.Links; link++)
        {
            int at = (station * _shape.Links) + link;
            ReadOnlySpan<double> hRe = links.RealRow(link), hIm = links.ImaginaryRow(link);
            int own = link - _shape.UserLink(station, 0);
            for (int k = 0; k < users; k++)
            {
                double slope = 2 * (own == k ? _desiredSlope[(station * users) + k] : _slope[at]);
                int start = gradient.Start(station, k);
                ComplexRows.AddMultiple(
                    slope * _re[(at * users) + k],
                    slope * _im[(at * users) + k],
                    hRe,
                    hIm,
                    gradient.Re.AsSpan(start, antennas),
                    gradient.Im.AsSpan(start, antennas));
            }
        }
    }
}
