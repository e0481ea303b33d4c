using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// What the users at least send into each other's receivers when each uploads at no less than a given spectral efficiency, and what that
/// leaves of every user's gain.
/// </summary>
/// <remarks>
/// Where H_k has rank one, along b_k at the user and v_k at the access point, all that the others hear of user k is
/// R_k = |b_k^H f_k|^2 + |b_k^H u_k|^2; where H~_k has rank one, along a_k, it is E_k = |a_k^H f_k|^2 + |a_k^H u_k|^2. Users whose channels
/// have a larger rank count as silent. For lower bounds R, E the best combiners leave user k the gains
/// g' = v_k^H (I + sum over j of R_j v_j v_j^H)^-1 v_k and likewise g~' of its echo, j running over the other users, so (8) demands
/// |a^H u|^2 at least s' + gamma_th |a^H f|^2 with s' = gamma_th / g~', and (7) demands |b^H f|^2 at least gamma (1 / g' + |b^H u|^2).
/// Within the power budget that raises R_k and E_k, which lowers the gains: a monotone iteration from below, of which every step holds.
/// </remarks>
internal sealed class InterferenceFloor
{
    private const int MaxIterations = 200;
    private const double Settled = 1e-4;

    // Below this ratio to the noise the SINR of a stream is too near the rounding of one.
    private const double Faint = 1e-6;
    private readonly Side _ap;
    private readonly Side _echo;
    private readonly UplinkLimit[] _alone;
    private readonly double[] _alignment;
    private readonly double[] _sensingFloor;
    private readonly double _budget;
    private readonly double _threshold;
    private readonly bool _singleAntenna;

    /// <summary>Prepares the directions.</summary>
    /// <param name="network">The case; its users share the band.</param>
    /// <param name="floor">Least sensing powers.</param>
    /// <param name="alone">Each user's upload without the others.</param>
    public InterferenceFloor(Network network, SensingFloor floor, UplinkLimit[] alone)
    {
        IsccCase problem = network.Problem;
        int count = network.Count;
        _alone = alone;
        _sensingFloor = floor.PowerWatts;
        _budget = problem.MaxPowerWatts;
        _threshold = problem.SensingSinrThreshold;
        _singleAntenna = problem.Channels[0].Columns == 1;
        _ap = new Side(problem.Channels, network.Uplink, problem.ApNoiseWatts, _budget);
        _echo = new Side(problem.SensingChannels, network.Echo, problem.SensingNoiseWatts, _budget);
        _alignment = new double[count];
        for (int k = 0; k < count; k++)
        {
            _alignment[k] = network.Uplink[k].IsRankOne && network.Echo[k].IsRankOne
                ? Math.Min(1, network.Echo[k].Right.Inner(network.Uplink[k].Right).Magnitude)
                : 0;
        }
    }

    /// <summary>Each user's upload beside the others; null if no feasible point has these efficiencies.</summary>
    /// <param name="least">Least spectral efficiency of each user.</param>
    /// <param name="received">R in watts along the directions: lower bounds to start from, replaced by better ones.</param>
    /// <param name="echoed">E, likewise.</param>
    public UplinkLimit[]? Raise(double[] least, double[] received, double[] echoed)
    {
        int count = least.Length;
        var limits = new UplinkLimit[count];
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            double change = 0;
            double[] gain = _ap.Gains(received), echoGain = _echo.Gains(echoed);
            for (int k = 0; k < count; k++)
            {
                double floor = Math.Max(_sensingFloor[k], _threshold / echoGain[k]);
                if (floor > _budget * (1 + 1e-9))
                {
                    return null;
                }

                limits[k] = _alone[k].Beside(_ap.Gain(k) > 0 ? gain[k] / _ap.Gain(k) : 1, floor);
                if (limits[k].LeastPower(least[k]) > _budget * (1 + 1e-9))
                {
                    return null;
                }

                (double r, double e) = Sent(k, least[k], gain[k], floor, limits[k]);
                if (_ap.Knows(k) && r > received[k])
                {
                    change = Math.Max(change, (r - received[k]) * _ap.Gain(k) / (1 + (received[k] * _ap.Gain(k))));
                    received[k] = r;
                }

                if (_echo.Knows(k) && e > echoed[k])
                {
                    change = Math.Max(change, (e - echoed[k]) * _echo.Gain(k) / (1 + (echoed[k] * _echo.Gain(k))));
                    echoed[k] = e;
                }
            }

            if (change < Settled)
            {
                break;
            }
        }

        return limits;
    }

    /// <summary>An upper bound of the sum of x = gamma / (1 + gamma) over some users' data.</summary>
    /// <param name="members">Whether each user belongs to it.</param>
    /// <param name="received">Lower bounds of R.</param>
    /// <param name="limits">Each user's upload beside the others.</param>
    /// <remarks>
    /// With S the covariance of what the members send and N that of noise and the others, the sum is at most tr(S (N + S)^-1), which rises
    /// with S and falls with N. Where the directions are known, S is that of full power and N that of the least of the others; otherwise,
    /// by concavity, the trace is at most M s / (s + M) for M antennas and received power s. With one transmit antenna the members' sensing
    /// beams are part of S, and their sum with them.
    /// </remarks>
    public double Dimensions(bool[] members, double[] received, UplinkLimit[] limits)
    {
        double power = 0;
        bool known = true;
        double[] most = [.. received];
        for (int k = 0; k < members.Length; k++)
        {
            if (members[k])
            {
                power += limits[k].ReceivedPower;
                known &= _ap.Knows(k);
                most[k] = Math.Max(received[k], limits[k].ReceivedPower / _ap.Gain(k));
            }
        }

        double any = _ap.Antennas * power / (_ap.Antennas + power);
        return known ? Math.Min(any, _ap.Dimensions(members, most)) : any;
    }

    // The least R and E of one user.
    private (double Received, double Echoed) Sent(int user, double least, double gain, double floor, UplinkLimit limit)
    {
        double sinr = least > 0 ? Math.Exp(least * Math.Log(2)) - 1 : 0;
        if (_singleAntenna)
        {
            double power = limit.LeastPower(least);
            return (power, power);
        }

        double data = sinr > 0 ? sinr / gain * (1 - 1e-9) : 0;
        double dataEcho = Leak(data, _budget - floor, _alignment[user]);
        double sensing = floor + (_threshold * dataEcho);
        double leak = Leak(sensing, _budget - data, _alignment[user]);
        return ((data + ((1 + sinr) * leak)) * (1 - 1e-9), (sensing + dataEcho) * (1 - 1e-9));
    }

    // The least power along one of two directions of a beam that has at least `wanted` along the other one and `budget` in all.
    private static double Leak(double wanted, double budget, double alignment)
    {
        double rest = Math.Sqrt(Math.Max(0, 1 - (alignment * alignment)) * Math.Max(0, budget - wanted));
        double amplitude = Math.Max(0, ((1 - 1e-9) * alignment * Math.Sqrt(wanted)) - rest - (1e-7 * Math.Sqrt(budget > 0 ? budget : 0)));
        return amplitude * amplitude;
    }

    /// <summary>The received directions at one kind of array.</summary>
    private sealed class Side
    {
        private readonly bool[] _known;
        private readonly double[] _gain;
        private readonly int[] _users;
        private readonly ComplexMatrix _gram;
        private readonly double _margin;
        private readonly double _residue;

        public Side(IReadOnlyList<ComplexMatrix> channels, IReadOnlyList<SpectralNorm> norms, double noise, double budget)
        {
            _known = [.. norms.Select(n => n.IsRankOne && n.SquaredUpperBound > 0)];
            _gain = [.. norms.Select(n => n.SquaredUpperBound / noise)];
            _users = [.. Enumerable.Range(0, channels.Count).Where(k => _known[k])];
            ComplexVector[] arriving = [.. _users.Select(k => channels[k].Times(norms[k].Right))];
            int known = Math.Max(1, arriving.Length);
            _gram = ComplexMatrix.Create(known, known, (i, j) => arriving.Length > 0 ? arriving[i].Inner(arriving[j]) / noise : 1);

            // H_k = y b^H + E: what arrives of a beam is v + e with |e|^2 at most epsilon, in units of the noise at full power. For any d
            // in (0, 1], (v + e)(v + e)^H is at least (1 - d) v v^H - epsilon / d I, and |T^(-1/2) (v + e)|^2 at most
            // (1 + d) |T^(-1/2) v|^2 + 2 |e|^2 / d. Two beams per user and d^2 = 2 K epsilon. The rounding of T^-1 grows with its
            // condition.
            double defect = _users.Select((k, i) => Defect(channels[k], arriving[i], norms[k].Right)).DefaultIfEmpty(0).Max();
            double epsilon = defect / noise * budget;
            double d = Math.Sqrt(2 * channels.Count * epsilon);
            _margin = 1e-9 + (8 * d) + (1e-14 * _gain.Sum() * budget);
            _residue = 8 * d / budget;
            Antennas = channels[0].Rows;
        }

        public int Antennas { get; }

        public bool Knows(int user) => _known[user];

        public double Gain(int user) => _gain[user];

        // An upper bound of every user's gain beside the others.
        public double[] Gains(double[] power)
        {
            double[] gains = [.. _gain];
            if (_users.Length < 2 || _margin > 0.1)
            {
                return gains;
            }

            double[] own = [.. _users.Select(k => power[k])];
            StreamLoad? all = null;
            for (int i = 0; i < own.Length; i++)
            {
                int k = _users[i];
                double attained = _gram[i, i].Real, at = own[i];
                StreamLoad load;
                if (at * attained > Faint)
                {
                    load = all ??= StreamLoad.Of(_gram, own);
                }
                else
                {
                    double[] lifted = [.. own];
                    lifted[i] = at = 1 / attained;
                    load = StreamLoad.Of(_gram, lifted);
                }

                gains[k] = Math.Min(_gain[k], (load.Sinr(i) / at * (1 + _margin)) + _residue);
            }

            return gains;
        }

        public double Dimensions(bool[] members, double[] power)
        {
            double[] own = [.. _users.Select(k => power[k])];
            var load = StreamLoad.Of(_gram, own);
            double sum = 0;
            for (int i = 0; i < own.Length; i++)
            {
                double sinr = members[_users[i]] ? load.Sinr(i) : 0;
                sum += sinr / (1 + sinr);
            }

            return (sum * (1 + _margin)) + (own.Length * ((_residue * power.Max()) + 1e-9));
        }

        private static double Defect(ComplexMatrix channel, ComplexVector arriving, ComplexVector right)
        {
            double sum = 0;
            for (int i = 0; i < channel.Rows; i++)
            {
                for (int j = 0; j < channel.Columns; j++)
                {
                    Complex rest = channel[i, j] - (arriving[i] * Complex.Conjugate(right[j]));
                    sum += (rest.Real * rest.Real) + (rest.Imaginary * rest.Imaginary);
                }
            }

            return sum;
        }
    }
}
