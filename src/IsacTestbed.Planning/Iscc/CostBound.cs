using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>A proven lower bound of the objective (17a) over all feasible points, or a proof that there is none.</summary>
/// <remarks>
/// Relaxation: each user uploads as if alone (<see cref="UplinkLimit"/>), the clocks are the slowest that meet the latency, and of all
/// interference only the count of dimensions remains. With the best combiners, gamma_k^c / (1 + gamma_k^c) = p_k v_k^H T^-1 v_k, where T
/// is the covariance of everything received plus noise; its sum over the users is at most tr(S (S + I)^-1) for the received data's
/// covariance S in units of the noise, and by concavity at most D = M S / (S + M), with S now the largest received power and M the
/// antennas of the access point. (With one transmit antenna each user's sensing beam adds gamma_th times its share.) The two coupling
/// constraints, sum of f^ap at most C^ap and sum of x_k = 1 - 2^-r_k at most D, are priced: for any prices mu, nu at least 0,
/// sum of the users' least (cost + mu f^ap + nu x) minus mu C^ap minus nu D is a lower bound. The prices are searched, the least values
/// proven (<see cref="UserBound"/>).
/// </remarks>
internal sealed class CostBound
{
    private readonly UplinkLimit[] _limits;
    private readonly UserBound[] _users;
    private readonly double _capacity;
    private readonly LoadLimit _loads;
    private readonly bool _coupled;
    private readonly Network _network;
    private readonly InterferenceFloor _interference;
    private (double Clock, double Load) _prices;

    /// <summary>Prepares the bound.</summary>
    /// <param name="network">The case.</param>
    /// <param name="floor">Least sensing powers; without reasons.</param>
    /// <param name="thorough">See <see cref="UplinkLimit"/>.</param>
    public CostBound(Network network, SensingFloor floor, bool thorough = false)
    {
        IsccCase problem = network.Problem;
        UplinkLimit[] limits = _limits = [.. Enumerable.Range(0, network.Count).Select(k => new UplinkLimit(network, floor, k, thorough))];
        _users = [.. limits.Select((limit, k) => new UserBound(network.Tasks[k], limit, network.Bandwidth[k]))];
        _capacity = problem.ApCyclesPerSecond;
        _coupled = !network.Orthogonal;
        _network = network;
        _interference = new InterferenceFloor(network, floor, limits);
        bool[] all = [.. limits.Select(_ => true)];
        _loads = _interference.Loads.Limit(all, new double[all.Length], new BeamPowers(network.Count, problem.MaxPowerWatts), limits);
        Reasons = [.. Infeasibilities(network, limits)];
    }

    /// <summary>Why no feasible point exists; empty if none of the tests says so.</summary>
    public IReadOnlyList<string> Reasons { get; }

    /// <summary>
    /// The beams of each user alone, and K data powers in watts, first where it pays most at the prices of the bound, then where it sends
    /// fastest; without those for which some user's beams are not known.
    /// </summary>
    public IEnumerable<(BeamSet Beams, double[] DataPower)> AloneStarts()
    {
        double[] efficiency = [.. _users.Select((u, k) => -Math.Log2(1 - u.Search(_prices.Clock, _prices.Load * _loads.Weights[k]).Load))];
        return ((IEnumerable<double[]>)[efficiency, [.. _limits.Select(l => l.Efficiency)]]).Select(Alone).OfType<(BeamSet, double[])>();
    }

    // Who stays silent keeps the beams with which it would send fastest, and next to no power.
    private (BeamSet Beams, double[] DataPower)? Alone(double[] efficiency)
    {
        (ComplexVector Data, ComplexVector Sensing, double DataPower)?[] beams = [.. _limits.Select((l, k) => l.Beams(efficiency[k] > 0 ? efficiency[k] : l.Efficiency))];
        double faintest = 1e-9 * _network.Problem.MaxPowerWatts;
        return beams.All(b => b is not null)
            ? (new BeamSet(_network, [.. beams.Select(b => b!.Value.Data), .. beams.Select(b => b!.Value.Sensing)]), [.. beams.Select((b, k) => efficiency[k] > 0 ? Math.Max(faintest, b!.Value.DataPower) : faintest)])
            : null;
    }

    /// <summary>Whether dividing what arrives of users can raise the bound: some have channels of rank one.</summary>
    public bool KnowsArrivals => _limits.Length > 1 && _limits.Any(l => l.HasOneCombiner);

    /// <summary>The bound.</summary>
    /// <param name="clockPrice">A guess of mu, as the multiplier of a feasible point.</param>
    /// <param name="relativeTolerance">How loose the proof of each user's least value may be, relative to the bound.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public double Compute(double clockPrice, double relativeTolerance, CancellationToken cancellationToken)
    {
        double loadPrice = 0;
        (double value, double clock, double load) = Dual(clockPrice, 0);
        if (clockPrice == 0 && clock > _capacity)
        {
            clockPrice = RaiseClockPrice(1e-3 * Math.Abs(value) / _capacity, 0);
            (value, clock, load) = Dual(clockPrice, 0);
        }

        if (_coupled && load > _loads.Dimensions)
        {
            (clockPrice, loadPrice) = SearchPrices(clockPrice, cancellationToken);
            value = Dual(clockPrice, loadPrice).Value;
        }

        double tolerance = Math.Max(relativeTolerance * Math.Abs(value), 1e-300) / _users.Length;
        double bound = -(clockPrice * _capacity) - (loadPrice * _loads.Dimensions);
        for (int k = 0; k < _users.Length; k++)
        {
            bound += _users[k].Prove(clockPrice, loadPrice * _loads.Weights[k], tolerance, cancellationToken);
        }

        _prices = (clockPrice, loadPrice);
        return Math.Max(0, bound);
    }

    /// <summary>
    /// No feasible point costs more: every task at home, all power for all of the latency, and every task at the whole of the access
    /// point's clock.
    /// </summary>
    public double MostCost => _network.Tasks.Sum(t => t.LocalWeight + (_network.Problem.MaxPowerWatts * t.Latency) + (t.RemoteWeight / (t.Work * t.Work) * _capacity * _capacity)) * (1 + 1e-6);

    /// <summary>A better bound, by <see cref="BoundTree"/>.</summary>
    /// <param name="known">What <see cref="Compute"/> answered, or 0.</param>
    /// <param name="target">See <see cref="BoundTree.Raise"/>.</param>
    /// <param name="effort">See there.</param>
    /// <param name="attempt">See there.</param>
    /// <param name="arrivals">Whether boxes are divided by what arrives of the users, too.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public double Raise(double known, double target, TreeEffort effort, Func<double[], double> attempt, bool arrivals, CancellationToken cancellationToken) =>
        new BoundTree(_network, _interference, arrivals).Raise(known, target, _prices, effort, attempt, cancellationToken);

    // Rounds of bisection in one price at a time on the concave dual function; any result is valid.
    private (double Clock, double Load) SearchPrices(double clockPrice, CancellationToken cancellationToken)
    {
        double loadPrice = 0, scale = Math.Abs(Dual(clockPrice, 0).Value) / _users.Length, best = double.NegativeInfinity;
        (double Clock, double Load) prices = (clockPrice, 0);
        for (int round = 0; round < 6; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            loadPrice = Root(nu => Dual(clockPrice, nu).Load - _loads.Dimensions, scale);
            clockPrice = Root(mu => Dual(mu, loadPrice).Clock - _capacity, Math.Max(clockPrice, 1e-3 * scale / _capacity));
            double value = Dual(clockPrice, loadPrice).Value;
            if (!(value > best * (1 + 1e-6)) && round > 0)
            {
                break;
            }

            (best, prices) = (value, (clockPrice, loadPrice));
        }

        return prices;
    }

    private double RaiseClockPrice(double start, double loadPrice) => Root(mu => Dual(mu, loadPrice).Clock - _capacity, start);

    // The price at which a falling excess changes its sign; 0 if it is not positive there.
    private static double Root(Func<double, double> excess, double start)
    {
        if (excess(0) <= 0)
        {
            return 0;
        }

        double low = 0, high = start > 0 ? start : 1;
        for (int i = 0; i < 60 && excess(high) > 0; i++)
        {
            (low, high) = (high, 4 * high);
        }

        for (int i = 0; i < 24 && high - low > 1e-4 * high; i++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = excess(middle) > 0 ? (middle, high) : (low, middle);
        }

        return 0.5 * (low + high);
    }

    private (double Value, double Clock, double Load) Dual(double clockPrice, double loadPrice)
    {
        double value = -(clockPrice * _capacity) - (loadPrice * _loads.Dimensions), clock = 0, load = 0;
        for (int k = 0; k < _users.Length; k++)
        {
            (double userValue, double userClock, double userLoad) = _users[k].Search(clockPrice, loadPrice * _loads.Weights[k]);
            value += userValue;
            clock += userClock;
            load += userLoad * _loads.Weights[k];
        }

        return (value, clock, load);
    }

    private IEnumerable<string> Infeasibilities(Network network, UplinkLimit[] limits)
    {
        bool local = false;
        for (int k = 0; k < network.Count; k++)
        {
            OffloadTask task = network.Tasks[k];
            IsccUser user = network.Problem.Users[k];
            if (task.LeastByClock > task.Highest)
            {
                local = true;
                yield return FormattableString.Invariant(
                    $"user {k}: the local latency (18b) needs {task.Work * (1 - task.Highest) / task.Latency:G4} cycles/s for the {1 - task.Highest:P0} that stay, {(task.Work * (1 - task.Highest) / task.Latency) - user.CyclesPerSecond:G4} above ueCyclesPerSecond {user.CyclesPerSecond:G4}");
            }
            else if (!_users[k].CanUpload)
            {
                local = true;
                double seconds = task.Lowest * task.Bits / (network.Bandwidth[k] * limits[k].Efficiency);
                yield return !double.IsFinite(seconds)
                    ? FormattableString.Invariant($"user {k}: the offloading latency (18c) cannot be met: {task.Lowest:P1} of the task must be uploaded, and the channel carries nothing")
                    : FormattableString.Invariant(
                    $"user {k}: the offloading latency (18c) is exceeded by the upload alone: {task.Lowest:P1} of the task at no more than {network.Bandwidth[k] * limits[k].Efficiency:G4} bit/s takes at least {seconds:G4} s, {seconds - task.Latency:G4} s above latencySeconds {task.Latency:G4}");
            }
        }

        if (local)
        {
            yield break;
        }

        double clock = _users.Sum(u => u.LeastClock);
        if (clock > _capacity * (1 + 1e-9))
        {
            yield return FormattableString.Invariant(
                $"all users: the access point (17e) needs at least {clock:G4} cycles/s for the least shares, {clock - _capacity:G4} above apCyclesPerSecond {_capacity:G4}");
        }

        double load = _users.Zip(_loads.Weights, (u, weight) => weight * LoadLimit.Load(u.LeastEfficiency)).Sum();
        if (_coupled && load >= _loads.Dimensions)
        {
            yield return FormattableString.Invariant(
                $"all users: the uploads of the least shares need {load:G4} of the {_loads.Dimensions:G4} dimensions that {network.Problem.Channels[0].Rows} antennas of the access point separate");
        }
    }
}
