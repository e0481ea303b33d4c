using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Sensing beams that give way to each other, for echoes of several paths: the least weighted sum of powers that meets every sensing SINR
/// (17b) without data, weights rising where the budget is exceeded.
/// </summary>
/// <remarks>
/// For held combiners w the sum of c_k p_k under p_k |w_k^H H~_k u_k|^2 at least gamma_th (sum over j not k of p_j |w_k^H H~_j u_j|^2 + noise)
/// is a linear programme. Its multipliers lambda price the interference behind each combiner, and u_k follows as parallel to
/// (c_k I + gamma_th sum over j not k of lambda_j H~_k^H w_j w_j^H H~_k)^-1 H~_k^H w_k. A user with power to spare leaves by this its strongest
/// path to one that has no other, which it would never do for its own good.
/// </remarks>
internal sealed class SensingBeams
{
    private const int PowerSteps = 100;
    private const double Settled = 1e-6;

    // Powers above this share of the budget count as it: without a solution they would grow for ever.
    private const double Most = 1e3;

    // How fast a weight follows the power: slower turns in circles less where everybody is short.
    private const double Haste = 0.1;
    private const double LeastWeight = 1e-6;

    // By how much beams turn at first: where nothing points at a path, because singular vectors of users coincide, it would never be found.
    private const double Disturbance = 1e-2;
    private const ulong Seed = 0x5E45;
    private readonly Network _network;
    private readonly double[] _power;
    private readonly double[] _weight;
    private bool _turned;

    /// <summary>Starts along the dominant right singular vectors of the reflection channels.</summary>
    /// <param name="network">The case; its users share the band.</param>
    /// <param name="floor">Least sensing powers.</param>
    public SensingBeams(Network network, SensingFloor floor)
    {
        _network = network;
        _power = [.. floor.PowerWatts];
        _weight = [.. _power.Select(_ => 1.0)];
        Directions = [.. network.Echo.Select(h => h.Right)];
    }

    /// <summary>K unit vectors.</summary>
    public ComplexVector[] Directions { get; private set; }

    /// <summary>One turn of all users.</summary>
    /// <returns>Whether the least powers are within the budget after it.</returns>
    public bool Turn()
    {
        if (!_turned)
        {
            Directions = [.. Directions.Select((u, k) => DisturbedStart.Turned(u, Disturbance, new CounterRandom(Seed, RandomPurpose.OptimiserStart, (uint)k)))];
            _turned = true;
        }

        ComplexVector[] echoes = Echoes();
        StreamLoad load = Balance(echoes);
        double[] prices = Prices(load);
        ComplexVector[] combiners =
        [
            .. Enumerable.Range(0, _power.Length).Select(k =>
            {
                ComplexVector combiner = load.Combiner(echoes, _power, k);
                combiner.Scale(Math.Sqrt(_power[k] / _network.Problem.SensingNoiseWatts));
                return combiner;
            }),
        ];
        Directions = [.. Directions.Select((present, k) => Direction(k, combiners, prices) ?? present)];
        _ = Balance(Echoes());
        double budget = _network.Problem.MaxPowerWatts;
        double[] followed = [.. _weight.Select((w, k) => w * Math.Pow(_power[k] / budget, Haste))];
        double heaviest = followed.Max();
        for (int k = 0; k < _weight.Length; k++)
        {
            _weight[k] = Math.Max(LeastWeight, followed[k] / heaviest);
        }

        return _power.All(p => p <= budget);
    }

    private ComplexVector[] Echoes() =>
    [
        .. Directions.Select((u, k) =>
        {
            ComplexVector echo = _network.Problem.SensingChannels[k].Times(u);
            echo.Scale(1 / Math.Sqrt(_network.Problem.SensingNoiseWatts));
            return echo;
        }),
    ];

    // The least powers, by the iteration of the standard interference function.
    private StreamLoad Balance(ComplexVector[] echoes)
    {
        int count = _power.Length;
        ComplexMatrix gram = ComplexMatrix.Create(count, count, (i, j) => echoes[i].Inner(echoes[j]));
        var load = StreamLoad.Of(gram, _power);
        for (int step = 0; step < PowerSteps; step++)
        {
            double change = 0;
            double[] sinr = load.Sinr();
            for (int k = 0; k < count; k++)
            {
                double wanted = Math.Min(Most * _network.Problem.MaxPowerWatts, _power[k] * _network.Problem.SensingSinrThreshold / sinr[k]);
                change = Math.Max(change, Math.Abs((wanted / _power[k]) - 1));
                _power[k] = wanted;
            }

            load = StreamLoad.Of(gram, _power);
            if (change < Settled)
            {
                break;
            }
        }

        return load;
    }

    // lambda for powers in units of the present ones; where these are no solution yet, as if nobody disturbed.
    private double[] Prices(StreamLoad load)
    {
        int count = _power.Length;
        double[,] system = new double[count, count + 1];
        for (int k = 0; k < count; k++)
        {
            for (int j = 0; j < count; j++)
            {
                system[k, j] = load.Power(j, k) * (j == k ? 1 : -_network.Problem.SensingSinrThreshold);
            }

            system[k, count] = _weight[k] * _power[k];
        }

        double[]? prices = LinearSystem.TrySolve(system);
        return prices is not null && prices.All(l => l > 0 && double.IsFinite(l))
            ? prices
            : [.. _power.Select((p, k) => _weight[k] * p / load.Power(k, k))];
    }

    private ComplexVector? Direction(int user, ComplexVector[] combiners, double[] prices)
    {
        ComplexMatrix channel = _network.Problem.SensingChannels[user];
        ComplexVector[] victims =
        [
            .. Enumerable.Range(0, combiners.Length).Where(j => j != user).Select(j =>
            {
                ComplexVector link = channel.AdjointTimes(combiners[j]);
                link.Scale(Math.Sqrt(_network.Problem.SensingSinrThreshold * prices[j]));
                return link;
            }),
        ];
        return PricedDirection.Of(channel.AdjointTimes(combiners[user]), victims, _weight[user]);
    }
}
