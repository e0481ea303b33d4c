using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// What the users at least send into each other's receivers when each uploads at no less than a given spectral efficiency, and what that
/// leaves of every user's gain.
/// </summary>
/// <remarks>
/// With b_k the dominant direction of H_k and a_k that of H~_k, every user has a least |b_k^H f_k|^2 and a least |a_k^H u_k|^2. Of those of the
/// others follows what is left of its own two gains (<see cref="RankOneArrivals"/>, <see cref="SpreadArrivals"/>), and from these and its
/// SINRs how much it has to send along b_k and a_k (<see cref="ArrivalLimit"/>). Where H_k has rank one, (7) demands |b^H f|^2 at least
/// gamma (1 / g' + |b^H u|^2) with the gain g'; where H~_k has, (8) demands |a^H u|^2 at least s' + gamma_th |a^H f|^2 with
/// s' = gamma_th / g~'. The more is sent the less is left: a monotone iteration from below, of which every step holds.
/// </remarks>
internal sealed class InterferenceFloor
{
    private const int MaxIterations = 200;
    private const int MaxRounds = 40;
    private const double Settled = 1e-4;

    // Where an iteration takes a thousand times as long.
    private const double SpreadSettled = 5e-3;

    // Of a gain, what has to be left for frontiers beside the others not to be worth their time, and users times the third power of antennas
    // up to which they are.
    private const double Worthwhile = 0.98;
    private const double MostWork = 8192;
    private readonly RankOneArrivals _ap;
    private readonly RankOneArrivals _echo;

    // Prepared by the first who asks: most cases need no more than the dimensions.
    private readonly Lazy<SpreadArrivals?> _spreadAp;
    private readonly Lazy<SpreadArrivals?> _spreadEcho;
    private readonly UplinkLimit[] _alone;
    private readonly double[] _alignment;
    private readonly double[] _sensingFloor;
    private readonly double _threshold;
    private readonly bool _small;
    private readonly (ComplexVector[] Uplink, ComplexVector[] Echo) _directions;

    /// <summary>Prepares the directions.</summary>
    /// <param name="network">The case; its users share the band.</param>
    /// <param name="floor">Least sensing powers.</param>
    /// <param name="alone">Each user's upload without the others.</param>
    public InterferenceFloor(Network network, SensingFloor floor, UplinkLimit[] alone)
    {
        IsccCase problem = network.Problem;
        _alone = alone;
        _sensingFloor = floor.PowerWatts;
        _threshold = problem.SensingSinrThreshold;
        _alignment = [.. network.Uplink.Zip(network.Echo, RankOneArrivals.Alignment)];
        _directions = ([.. network.Uplink.Select(u => u.Right)], [.. network.Echo.Select(e => e.Right)]);
        int side = Math.Min(problem.Channels[0].Columns, Math.Max(problem.Channels[0].Rows, problem.SensingChannels[0].Rows));
        _small = network.Count * Math.Pow(side, 3) <= MostWork;
        Receivers ap = Receivers.AtAp(network), users = Receivers.AtUsers(network);
        (_ap, _spreadAp) = (new RankOneArrivals(ap), new(() => SpreadArrivals.Of(ap)));
        Loads = new UplinkLoads(ap, _ap);
        (_echo, _spreadEcho) = (new RankOneArrivals(users), new(() => SpreadArrivals.Of(users)));
    }

    /// <summary>What sets of users can upload together.</summary>
    public UplinkLoads Loads { get; }

    /// <summary>Each user's upload beside the others; null if no feasible point has these efficiencies.</summary>
    /// <param name="least">Least spectral efficiency of each user.</param>
    /// <param name="sent">What they send at least at smaller efficiencies, replaced by what they send at these.</param>
    public UplinkLimit[]? Raise(double[] least, BeamPowers sent)
    {
        (double[] data, double[] sensing) = (sent.Data, sent.Sensing);
        int count = least.Length;
        var limits = new UplinkLimit[count];
        ArrivalLimit[] ap = [], echo = [];
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            double change = 0;
            ap = Limits(_ap, _spreadAp.Value, data, sensing, sent.Budget, sent.AtAp.Least, sent.ApSplits);
            echo = Limits(_echo, _spreadEcho.Value, sensing, data, sent.Budget, sent.AtUsers.Least, sent.EchoSplits);
            for (int k = 0; k < count; k++)
            {
                double floor = Math.Max(_sensingFloor[k], _threshold / echo[k].Gain), budget = sent.Budget[k];
                if (floor > budget * (1 + 1e-9))
                {
                    return null;
                }

                if (Math.Max(sent.AtAp.Least[k], sent.AtUsers.Least[k]) > budget * (1 + 1e-9))
                {
                    return null;
                }

                limits[k] = _alone[k].Beside(ap[k].Gain, floor, (sent.Power[k], budget), (sent.AtAp.Most[k], sent.AtUsers.Most[k]));
                if (limits[k].LeastPower(least[k]) > budget * (1 + 1e-9))
                {
                    return null;
                }

                (double f, double u) = Sent(k, least[k], ap[k], echo[k], floor, budget);
                change = Math.Max(change, Math.Max(Rise(data, k, f, ap[k].Gain), Rise(sensing, k, u, echo[k].Gain)));
            }

            if (change < (_spreadAp.Value is null && _spreadEcho.Value is null ? Settled : SpreadSettled))
            {
                break;
            }
        }

        return _small && !Trade(least, sent.Budget, limits, ap, echo) ? null : limits;
    }

    /// <summary>What arrives of a user at least at one kind of receiver, in watts along the direction of its channel of rank one.</summary>
    /// <param name="atAp">Whether at the access point or at the echo receivers.</param>
    /// <param name="user">The user.</param>
    /// <param name="sent">What the users send.</param>
    public double Received(bool atAp, int user, BeamPowers sent) => atAp
        ? _ap.Received(user, sent.Data, sent.Sensing, sent.Budget, sent.AtAp.Least)
        : _echo.Received(user, sent.Sensing, sent.Data, sent.Budget, sent.AtUsers.Least);

    // The combiners' choices beside the others; false if they leave no feasible point.
    private bool Trade(double[] least, double[] budget, UplinkLimit[] limits, ArrivalLimit[] ap, ArrivalLimit[] echo)
    {
        for (int k = 0; k < limits.Length; k++)
        {
            CombinerFrontier? frontier = limits[k].Choice switch
            {
                CombinerChoice.Uplink when ap[k].Gain < Worthwhile * _ap.Gain(k) => ap[k].Frontier(_directions.Echo[k]),
                CombinerChoice.Echo when echo[k].Gain < Worthwhile * _echo.Gain(k) => echo[k].Frontier(_directions.Uplink[k]),
                _ => null,
            };
            if (frontier is not null)
            {
                limits[k] = limits[k].Behind(frontier);
                if (limits[k].LeastPower(least[k]) > budget[k] * (1 + 1e-9))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // Where nothing is known of a channel's directions, all of them may be as good as the best.
    private static ArrivalLimit[] Limits(
        RankOneArrivals known, SpreadArrivals? spread, double[] own, double[] other, double[] budget, double[] least, double[][] splits) =>
        spread is null
            ? [.. known.Gains(own, other, budget, least).Select((gain, k) => new ArrivalLimit([new ArrivalForm(gain, 0, known.Knows(k) ? 0 : gain)]))]
            : [.. splits.Select((row, k) => spread.Behind(k, own, other, budget, row))];

    private static double Rise(double[] power, int user, double raised, double gain)
    {
        double change = Math.Max(0, raised - power[user]) * gain / (1 + (power[user] * gain));
        power[user] = Math.Max(power[user], raised);
        return change;
    }

    // The least |b^H f|^2 and |a^H u|^2 of one user; each may raise the other where a channel of rank one lets them meet.
    private (double Data, double Sensing) Sent(int user, double least, ArrivalLimit ap, ArrivalLimit echo, double floor, double budget)
    {
        double sinr = least > 0 ? Math.Exp(least * Math.Log(2)) - 1 : 0, alignment = _alignment[user];
        double ownData = ap.LeastAlong(sinr, budget - floor), data = ownData;
        double ownSensing = _echo.Knows(user) ? floor : echo.LeastAlong(_threshold, budget - data), sensing = ownSensing;
        for (int round = 0; round < MaxRounds && data + sensing <= budget; round++)
        {
            double before = data + sensing;
            sensing = ownSensing + (_echo.Knows(user) ? _threshold * RankOneArrivals.Leak(data, budget - sensing, alignment) : 0);
            data = ownData + (_ap.Knows(user) ? sinr * RankOneArrivals.Leak(sensing, budget - data, alignment) : 0);
            if (data + sensing <= before * (1 + Settled))
            {
                break;
            }
        }

        return (data * (1 - 1e-9), sensing * (1 - 1e-9));
    }
}
