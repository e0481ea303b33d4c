using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>What arrives at one kind of receiver over channels of rank one, and what it leaves of each user's gain.</summary>
/// <remarks>
/// Of user k only p_k arrives, the power of both its beams along the channel's direction, and along one vector v_k in units of the noise
/// per root watt. The best combiner leaves its own beam the gain v_k^H (I + sum over the other users of p_j v_j v_j^H)^-1 v_k; the user's
/// other beam, which arrives along v_k too, counts apart. Users whose channels have a larger rank count as silent. Immutable and thread safe.
/// </remarks>
internal sealed class RankOneArrivals
{
    // Below this ratio to the noise the SINR of a stream is too near the rounding of one.
    private const double Faint = 1e-6;
    private readonly bool[] _known;
    private readonly double[] _gain;
    private readonly double[] _alignment;
    private readonly int[] _users;
    private readonly ComplexMatrix _gram;

    /// <summary>Prepares the directions.</summary>
    /// <param name="receivers">This kind of receiver.</param>
    public RankOneArrivals(Receivers receivers)
    {
        (IReadOnlyList<ComplexMatrix> channels, IReadOnlyList<SpectralNorm> norms, _, double noise, double budget) = receivers;
        _known = [.. norms.Select(n => n.IsRankOne && n.SquaredUpperBound > 0)];
        _gain = [.. norms.Select(n => n.SquaredUpperBound / noise)];
        _alignment = [.. norms.Zip(receivers.Others, Alignment)];
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
        Margin = 1e-9 + (8 * d) + (1e-14 * _gain.Sum() * budget);
        Residue = 8 * d / budget;
        Antennas = channels[0].Rows;
    }

    /// <summary>How far, relative to it, a figure may be off because channels are not exactly of rank one, and for rounding.</summary>
    public double Margin { get; }

    /// <summary>The same in gain per watt.</summary>
    public double Residue { get; }

    /// <summary>Antennas of the receiver.</summary>
    public int Antennas { get; }

    /// <summary>Whether a user's channel has rank one.</summary>
    public bool Knows(int user) => _known[user];

    /// <summary>Largest gain per watt of a user alone.</summary>
    public double Gain(int user) => _gain[user];

    /// <summary>|a^H b| for the directions of a user's two channels.</summary>
    public static double Alignment(SpectralNorm one, SpectralNorm other) => Math.Min(1, one.Right.Inner(other.Right).Magnitude);

    /// <summary>The least power along one of two directions of a beam that has at least some along the other one.</summary>
    /// <param name="wanted">The power along the other one in watts.</param>
    /// <param name="budget">The most power of the beam in watts.</param>
    /// <param name="alignment">|a^H b| of the two.</param>
    public static double Leak(double wanted, double budget, double alignment)
    {
        double rest = Math.Sqrt(Math.Max(0, 1 - (alignment * alignment)) * Math.Max(0, budget - wanted));
        double amplitude = Math.Max(0, ((1 - 1e-9) * alignment * Math.Sqrt(wanted)) - rest - (1e-7 * Math.Sqrt(budget > 0 ? budget : 0)));
        return amplitude * amplitude;
    }

    /// <summary>Upper bounds of every user's gain beside the others.</summary>
    /// <param name="own">Least power of each user's own beam along its direction, in watts; see <see cref="Receivers"/>.</param>
    /// <param name="other">The same of its other beam.</param>
    /// <param name="budget">Most power of both, in watts.</param>
    /// <param name="least">What arrives of both together at least, in watts along the direction.</param>
    public double[] Gains(double[] own, double[] other, double[] budget, double[] least)
    {
        double[] gains = [.. _gain];
        if (_users.Length < 2 || Margin > 0.1)
        {
            return gains;
        }

        double[] power = [.. _users.Select(k => Received(k, own, other, budget, least))];
        StreamLoad? all = null;
        for (int i = 0; i < power.Length; i++)
        {
            int k = _users[i];
            double attained = _gram[i, i].Real, at = power[i];
            StreamLoad load;
            if (at * attained > Faint)
            {
                load = all ??= StreamLoad.Of(_gram, power);
            }
            else
            {
                double[] lifted = [.. power];
                lifted[i] = at = 1 / attained;
                load = StreamLoad.Of(_gram, lifted);
            }

            gains[k] = Math.Min(_gain[k], (load.Sinr(i) / at * (1 + Margin)) + Residue);
        }

        return gains;
    }

    /// <summary>What arrives of a user at least, in watts along its direction.</summary>
    /// <param name="user">The user; its channel has rank one.</param>
    /// <param name="own">See <see cref="Gains"/>.</param>
    /// <param name="other">See there.</param>
    /// <param name="budget">See there.</param>
    /// <param name="least">See there.</param>
    public double Received(int user, double[] own, double[] other, double[] budget, double[] least) =>
        Math.Max(least[user], own[user] + Leak(other[user], budget[user] - own[user], _alignment[user]));

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
