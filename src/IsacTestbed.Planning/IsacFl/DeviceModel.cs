namespace IsacTestbed.Planning.IsacFl;

/// <summary>One device with all of its constants folded: subproblem (32) in closed form.</summary>
/// <remarks>
/// <para>
/// With x = 1 / L, the energy left for the uplink is u(x) = min(cap, E - T p_min - b x, E - s x), where s = T gamma / A + b and
/// b = E_G kappa T / tau: a concave function. The logarithm of D q is ln x - C / u(x) plus a constant, hence concave in x, so the best
/// integer L stands beside the real maximiser. On the last piece that maximiser is x s = E / (1 + r/2 + sqrt(r + r^2/4)), r = C / E,
/// whatever gamma is. One evaluation of W_k costs the same for any L_max.
/// </para>
/// <para>Immutable and thread safe.</para>
/// </remarks>
internal sealed class DeviceModel
{
    private readonly double _sensingDuration;
    private readonly double _budget;
    private readonly double _trainingEnergyPerSample;
    private readonly double _uplinkSeconds;
    private readonly double _outagePower;
    private readonly PowerRange _sensing;
    private readonly PowerRange _uplink;

    private readonly double _attempts;
    private readonly double _budgetAtMinimumPower;
    private readonly double _trainingSlope;
    private readonly double _uplinkCapEnergy;
    private readonly double _uplinkFloorEnergy;
    private readonly double _bestLoad;
    private readonly double _bestShareAtMinimumPower;

    /// <summary>Folds the constants of a device.</summary>
    /// <exception cref="ArithmeticException">Its sensing SNR is beyond double precision: no search over it would end.</exception>
    public DeviceModel(IsacFlCase problem, IsacFlDevice device)
    {
        Id = device.Id;
        double antennaGain = Math.Pow(10, device.AntennaGainDbi / 10);
        double uploadSeconds = problem.RoundDeadlineSeconds - device.TrainingSeconds;
        SnrPerWattSnapshot = antennaGain * device.SensingFadingMean * device.SensingGainFactor
            / (problem.SensingNoiseWatts * Math.Pow(device.TargetDistanceMeters, problem.PathLossExponent));
        if (!double.IsNormal(SnrPerWattSnapshot))
        {
            throw new ArithmeticException(FormattableString.Invariant($"device {Id}: the sensing SNR (4) comes to {SnrPerWattSnapshot} per watt and snapshot"));
        }

        double requiredBitsPerHertz = problem.ModelBits / uploadSeconds / device.BandwidthHz;

        // 2^r - 1 loses its digits for small r; 2 sinh(y) e^y with y = r ln 2 / 2 does not.
        double half = requiredBitsPerHertz * Math.Log(2) / 2;
        double requiredSnr = device.OutageGap * (half < 1 ? 2 * Math.Sinh(half) * Math.Exp(half) : Math.Pow(2, requiredBitsPerHertz) - 1);
        _outagePower = requiredSnr * problem.UplinkNoiseWatts * Math.Pow(device.ServerDistanceMeters, problem.PathLossExponent / 2)
            / (antennaGain * device.UplinkFadingMean);

        _sensingDuration = problem.SensingDurationSeconds;
        _budget = device.EnergyBudgetJoules;
        _trainingEnergyPerSample = problem.Rounds * device.EnergyPerSampleJoules;
        _uplinkSeconds = problem.Rounds * uploadSeconds;
        _sensing = problem.SensingPowerWatts;
        _uplink = problem.UplinkPowerWatts;
        _attempts = _sensingDuration / device.SnapshotSeconds;

        // (3) with D >= 1: a frame must fit into the sensing duration.
        MaxSnapshots = (int)Math.Min(problem.MaxSnapshots, Math.Floor(_attempts));

        _budgetAtMinimumPower = _budget - (_sensing.Minimum * _sensingDuration);
        _trainingSlope = _trainingEnergyPerSample * _attempts;
        _uplinkCapEnergy = _uplinkSeconds * _uplink.Maximum;
        _uplinkFloorEnergy = _uplinkSeconds * _uplink.Minimum;
        double outageEnergy = _outagePower * _uplinkSeconds;
        _bestLoad = BestLoad(_budget, outageEnergy);
        _bestShareAtMinimumPower = Share(BestLoad(_budgetAtMinimumPower, outageEnergy), _trainingSlope);
    }

    /// <summary>The device's name.</summary>
    public string Id { get; }

    /// <summary>Sensing SNR per watt and snapshot, A_k of (27).</summary>
    public double SnrPerWattSnapshot { get; }

    /// <summary>Largest usable L: L_max, or less where a frame would not fit into the sensing duration; 0 if none fits.</summary>
    public int MaxSnapshots { get; }

    /// <summary>Sensing SNR (4), mean over fading.</summary>
    public double SensingSnr(int snapshots, double sensingPower) => SnrPerWattSnapshot * sensingPower * snapshots;

    /// <summary>Samples D = T^s / (L tau).</summary>
    public double Samples(int snapshots) => _attempts / snapshots;

    /// <summary>Upload success q of (9).</summary>
    public double UploadSuccess(double uplinkPower) => uplinkPower > 0 ? Math.Exp(-_outagePower / uplinkPower) : 0;

    /// <summary>Energy left for sensing and uplink together after training on the samples of L, all rounds.</summary>
    public double EnergyAfterTraining(int snapshots) => _budget - (_trainingEnergyPerSample * Samples(snapshots));

    /// <summary>Energy left for the uplink, all rounds: the numerator of (35).</summary>
    public double EnergyForUplink(int snapshots, double sensingPower) =>
        _budget - (sensingPower * _sensingDuration) - (_trainingEnergyPerSample * Samples(snapshots));

    /// <summary>Energy of the uplink at some power, all rounds.</summary>
    public double UplinkEnergy(double uplinkPower) => uplinkPower * _uplinkSeconds;

    /// <summary>Uplink power that an energy for all rounds buys.</summary>
    public double UplinkPower(double energy) => energy / _uplinkSeconds;

    /// <summary>Energy of sensing at some power.</summary>
    public double SensingEnergy(double sensingPower) => sensingPower * _sensingDuration;

    /// <summary>Sensing power that an energy buys.</summary>
    public double SensingPower(double energy) => energy / _sensingDuration;

    /// <summary>Largest sensing SNR at which the device has a feasible triple: at L = L_max; negative if it has none at all.</summary>
    public double LargestSensingSnr()
    {
        if (!TryAllocate(0, MaxSnapshots, out _))
        {
            return -1;
        }

        double affordable = (_budget - _uplinkFloorEnergy - (_trainingEnergyPerSample * Samples(MaxSnapshots))) / _sensingDuration;
        return SensingSnr(MaxSnapshots, Math.Clamp(affordable, _sensing.Minimum, _sensing.Maximum));
    }

    /// <summary>Applies (34) and (36) for one L; false if a bound or the energy budget (14) cannot be met.</summary>
    public bool TryAllocate(double sensingSnr, int snapshots, out Allocation allocation)
    {
        allocation = default;
        if (snapshots < 1 || snapshots > MaxSnapshots)
        {
            return false;
        }

        double sensingPower = Math.Max(_sensing.Minimum, sensingSnr / (SnrPerWattSnapshot * snapshots));
        if (sensingPower > _sensing.Maximum)
        {
            return false;
        }

        double uplinkPower = Math.Min(_uplink.Maximum, EnergyForUplink(snapshots, sensingPower) / _uplinkSeconds);
        if (!(uplinkPower >= _uplink.Minimum))
        {
            return false;
        }

        allocation = new Allocation(snapshots, sensingPower, uplinkPower, Samples(snapshots), UploadSuccess(uplinkPower));
        return true;
    }

    /// <summary>Solves (32) by enumeration of L, as Algorithm 2 does; false if no L is feasible.</summary>
    /// <remarks>Stops where D alone, which falls with L, can no longer beat the best D q: the result is that of the full loop.</remarks>
    public bool TryEnumerate(double sensingSnr, out Allocation best)
    {
        best = default;
        for (int snapshots = 1; snapshots <= MaxSnapshots && !(Samples(snapshots) < best.Arriving); snapshots++)
        {
            if (TryAllocate(sensingSnr, snapshots, out Allocation candidate) && (best.Snapshots == 0 || candidate.Arriving > best.Arriving))
            {
                best = candidate;
            }
        }

        return best.Snapshots > 0;
    }

    /// <summary>Solves (32) in closed form; false if no L is feasible.</summary>
    public bool TrySolve(double sensingSnr, out Allocation best)
    {
        best = default;
        if (MaxSnapshots < 1)
        {
            return false;
        }

        double slope = (_sensingDuration * sensingSnr / SnrPerWattSnapshot) + _trainingSlope;
        double atMinimumPower = sensingSnr > 0 ? SnrPerWattSnapshot * _sensing.Minimum / sensingSnr : double.PositiveInfinity;
        double stationary = _bestShareAtMinimumPower < atMinimumPower
            ? _bestShareAtMinimumPower
            : Math.Max(atMinimumPower, Share(_bestLoad, slope));
        double capped = Math.Min(Share(_budgetAtMinimumPower - _uplinkCapEnergy, _trainingSlope), Share(_budget - _uplinkCapEnergy, slope));
        double largest = Math.Min(
            Share(SnrPerWattSnapshot * _sensing.Maximum, sensingSnr),
            Math.Min(Share(_budgetAtMinimumPower - _uplinkFloorEnergy, _trainingSlope), Share(_budget - _uplinkFloorEnergy, slope)));
        double real = 1 / Math.Min(Math.Max(stationary, capped), largest);
        int below = real >= MaxSnapshots ? MaxSnapshots : real >= 1 ? (int)real : 1;
        for (int snapshots = below; snapshots <= MaxSnapshots; snapshots++)
        {
            // Feasibility only grows with L, so past a rounded bound the first feasible L and its neighbour decide.
            if (TryAllocate(sensingSnr, snapshots, out best))
            {
                if (TryAllocate(sensingSnr, snapshots + 1, out Allocation next) && next.Arriving > best.Arriving)
                {
                    best = next;
                }

                return true;
            }

            if (snapshots > below + 2)
            {
                return TryFirstFeasible(sensingSnr, snapshots, out best);
            }
        }

        return false;
    }

    /// <summary>d ln q / d gamma for fixed L, at the triple's own gamma, on the falling side; zero where q does not depend on gamma.</summary>
    /// <param name="sensingSnr">gamma.</param>
    /// <param name="snapshots">L.</param>
    /// <param name="fromBelow">Whether the derivative from below is wanted, where the two differ.</param>
    /// <returns>The derivative, zero or below; NaN if L is infeasible at gamma.</returns>
    public double LogSlope(double sensingSnr, int snapshots, bool fromBelow)
    {
        double share = 1.0 / snapshots;
        double floor = _budgetAtMinimumPower - (_trainingSlope * share);
        double sloped = _budget - ((_sensingDuration * sensingSnr / SnrPerWattSnapshot) + _trainingSlope) * share;
        double flat = Math.Min(_uplinkCapEnergy, floor);
        if (!(Math.Min(flat, sloped) > 0) || sensingSnr * share > SnrPerWattSnapshot * _sensing.Maximum * (1 + 1e-12))
        {
            return double.NaN;
        }

        // At the kink itself the flat slope is safe to the right and the falling one to the left: both only raise the bound.
        bool isFlat = fromBelow ? sloped > flat * (1 + 1e-12) : sloped >= flat * (1 - 1e-12);
        return isFlat ? 0 : -_outagePower * _uplinkSeconds / (sloped * sloped) * (_sensingDuration * share / SnrPerWattSnapshot);
    }

    /// <summary>Why the device has no feasible triple at all, naming the constraint.</summary>
    public string Infeasibility()
    {
        if (MaxSnapshots < 1)
        {
            return FormattableString.Invariant(
                $"device {Id}: eq. (3): one snapshot is longer than sensingDurationSeconds, {_sensingDuration}: not one sample");
        }

        double training = _trainingEnergyPerSample * Samples(MaxSnapshots);
        double sensing = _sensing.Minimum * _sensingDuration;
        return FormattableString.Invariant(
            $"device {Id}: eq. (14): energyBudgetJoules, {_budget:G6}, is below the least possible, {sensing + training + _uplinkFloorEnergy:G6} J: sensing at its minimum power {sensing:G6}, training {training:G6} with the fewest samples (L = {MaxSnapshots}), uplink at its minimum power {_uplinkFloorEnergy:G6}");
    }

    /// <summary>Largest x = 1 / L with cost x at most the energy; unbounded where x costs nothing.</summary>
    private static double Share(double energy, double cost) =>
        cost > 0 ? energy / cost : energy >= 0 ? double.PositiveInfinity : double.NegativeInfinity;

    private static double BestLoad(double budget, double outageEnergy)
    {
        double ratio = outageEnergy / budget;
        return budget / (1 + (ratio / 2) + Math.Sqrt(ratio + (ratio * ratio / 4)));
    }

    private bool TryFirstFeasible(double sensingSnr, int low, out Allocation best)
    {
        if (!TryAllocate(sensingSnr, MaxSnapshots, out best))
        {
            return false;
        }

        int high = MaxSnapshots;
        while (high - low > 1)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = TryAllocate(sensingSnr, middle, out _) ? (low, middle) : (middle, high);
        }

        return TryAllocate(sensingSnr, high, out best);
    }
}
