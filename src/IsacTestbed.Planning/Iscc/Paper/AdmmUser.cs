using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc.Paper;

/// <summary>One user's part of Algorithm 1: its variables, and their updates (36) to (57) around one expansion point.</summary>
/// <remarks>
/// Units: powers of the budget, times of the latency, clocks of the one that does the whole task in the latency, energies of
/// the unit given, the sensing margin of the required signal. Slacks are updated before duals, as ADMM has it; (52) and (53)
/// as printed use the slack of the round before.
/// </remarks>
internal sealed class AdmmUser
{
    private const double Penalty = 8;
    private const double MatrixPenalty = 4;
    private const int GradientSteps = 2;
    private readonly OffloadTask _task;
    private readonly SinrGradients _rate;
    private readonly SinrGradients _echo;
    private readonly double _threshold;
    private readonly double _local;
    private readonly double _remote;
    private readonly double _radio;
    private readonly double _bits;
    private readonly double _clockLimit;
    private readonly ComplexVector _startCombiner;
    private readonly ComplexVector _startEchoCombiner;
    private readonly ComplexVector _rateByCombiner;
    private readonly ComplexVector _marginByCombiner;
    private readonly ComplexMatrix _ap;
    private readonly ComplexMatrix _user;
    private readonly ComplexMatrix _startData;
    private readonly ComplexMatrix _startSensing;
    private ComplexMatrix _data;
    private ComplexMatrix _sensing;
    private ComplexMatrix _dataCopy;
    private ComplexMatrix _sensingCopy;
    private ComplexMatrix _dataDual;
    private ComplexMatrix _sensingDual;
    private ComplexVector _combiner;
    private ComplexVector _echoCombiner;
    private double _localClock;
    private double _sensingSlack;
    private double _sensingDualScalar;
    private double _offloadSlack;
    private double _offloadDual;
    private double _localSlack;
    private double _localDual;
    private double _step = 0.1;

    /// <summary>Starts at the expansion point.</summary>
    /// <param name="network">The case.</param>
    /// <param name="user">Index of the user.</param>
    /// <param name="point">The expansion point.</param>
    /// <param name="share">The share there.</param>
    /// <param name="energyUnit">Joules, above zero.</param>
    public AdmmUser(Network network, int user, OperatingPoint point, double share, double energyUnit)
    {
        int count = network.Count;
        IsccCase problem = network.Problem;
        double budget = problem.MaxPowerWatts;
        _task = network.Tasks[user];
        _threshold = problem.SensingSinrThreshold;
        _local = _task.LocalWeight / energyUnit;
        _remote = _task.RemoteWeight / (_task.Latency * _task.Latency) / energyUnit;
        _radio = budget * _task.Latency / energyUnit;
        _bits = _task.Bits / (network.Bandwidth[user] * _task.Latency);
        _clockLimit = problem.Users[user].CyclesPerSecond * _task.Latency / _task.Work;

        _startCombiner = point.Ap.Combiner(point.Beams.AtAp, point.Power, user);
        _startEchoCombiner = point.Users.Combiner(point.Beams.AtUsers, point.Power, count + user);
        _startCombiner.Normalise();
        _startEchoCombiner.Normalise();
        ComplexMatrix channel = InNoise(problem.Channels[user], problem.ApNoiseWatts / budget);
        ComplexMatrix reflection = InNoise(problem.SensingChannels[user], problem.SensingNoiseWatts / budget);
        _rate = SinrGradients.Of(channel, _startCombiner, Received(point, point.Beams.AtAp, user), Others(point, point.Beams.AtAp, user), 1);
        _echo = SinrGradients.Of(reflection, _startEchoCombiner, Received(point, point.Beams.AtUsers, count + user), Others(point, point.Beams.AtUsers, count + user), 1);
        _rateByCombiner = _rate.RateByCombiner();
        _marginByCombiner = _echo.MarginByCombiner(_threshold);

        Space = new BeamSpace(point.Beams.Directions[user], point.Beams.Directions[count + user], _rate.Link, _echo.Link);
        _ap = Covariance.Outer(Space.Coordinates(_rate.Link));
        _user = Covariance.Outer(Space.Coordinates(_echo.Link));
        _startData = Beam(point.Beams.Directions[user], point.Power[user] / budget);
        _startSensing = Beam(point.Beams.Directions[count + user], point.Power[count + user] / budget);
        (_data, _sensing, _dataCopy, _sensingCopy) = (_startData, _startSensing, _startData, _startSensing);
        _dataDual = new ComplexMatrix(Space.Size, Space.Size);
        _sensingDual = new ComplexMatrix(Space.Size, Space.Size);
        (_combiner, _echoCombiner) = (_startCombiner, _startEchoCombiner);
        Share = share;
        _localClock = Math.Max(1 - share, 1e-12);
        RemoteClock = share > 0 ? share / Math.Max(1e-9, 1 - UploadTime()) : 0;
        UpdateSlacks();
    }

    /// <summary>The coordinates of the covariances.</summary>
    public BeamSpace Space { get; }

    /// <summary>alpha_k.</summary>
    public double Share { get; private set; }

    /// <summary>f_k^ap in units of the clock that does the whole task in the latency.</summary>
    public double RemoteClock { get; set; }

    /// <summary>F_k in units of the budget.</summary>
    public ComplexMatrix Data => _data;

    /// <summary>R_k^0 in units of the budget.</summary>
    public ComplexMatrix Sensing => _sensing;

    /// <summary>Largest violation of the copies and the three conditions.</summary>
    public double PrimalResidual { get; private set; }

    /// <summary>One round of the primal updates (36) to (42) and of (48), (49).</summary>
    /// <param name="remoteLimit">Most clock that the access point has for this user.</param>
    public void UpdatePrimal(double remoteLimit)
    {
        UpdateShare();
        _localClock = ClockUpdate.Minimise(_local * (1 - Share), 1 - Share, LocalOffset, Penalty, _clockLimit);
        RemoteClock = ClockUpdate.Minimise(_remote * Share, Share, UploadTime() + OffloadOffset, Penalty, remoteLimit);
        UpdateCombiners();
        for (int step = 0; step < GradientSteps; step++)
        {
            _data = Descend(_data, _sensing, isData: true);
            _sensing = Descend(_sensing, _data, isData: false);
        }

        // (48), (49) are proximal steps, solved at once: the trace costs the same in every direction.
        double price = _radio * UploadTime() / MatrixPenalty;
        ComplexMatrix shrink = Covariance.Identity(Space.Size, -price);
        _dataCopy = Covariance.Project(Covariance.Plus(Covariance.Plus(_data, 1, _dataDual), 1, shrink), 1 - Covariance.Trace(_sensingCopy));
        _sensingCopy = Covariance.Project(Covariance.Plus(Covariance.Plus(_sensing, 1, _sensingDual), 1, shrink), 1 - Covariance.Trace(_dataCopy));
    }

    /// <summary>The slacks (55) to (57) and the duals (50) to (54).</summary>
    public void UpdateDuals()
    {
        UpdateSlacks();
        ComplexMatrix dataGap = Covariance.Plus(_data, -1, _dataCopy), sensingGap = Covariance.Plus(_sensing, -1, _sensingCopy);
        _dataDual = Covariance.Plus(_dataDual, 1, dataGap);
        _sensingDual = Covariance.Plus(_sensingDual, 1, sensingGap);
        double sensing = -Margin(_data, _sensing) + _sensingSlack, offload = OffloadTime() - 1 + _offloadSlack, local = LocalTime() - 1 + _localSlack;
        _sensingDualScalar += sensing;
        _offloadDual += offload;
        _localDual += local;
        PrimalResidual = new[]
        {
            Math.Abs(sensing), Math.Abs(offload), Math.Abs(local), Math.Sqrt(dataGap.SquaredFrobeniusNorm()), Math.Sqrt(sensingGap.SquaredFrobeniusNorm()),
        }.Max();
    }

    private double LocalOffset => -1 + _localSlack + _localDual;

    private double OffloadOffset => -1 + _offloadSlack + _offloadDual;

    private void UpdateSlacks()
    {
        _sensingSlack = Math.Max(0, Margin(_data, _sensing) - _sensingDualScalar);
        _offloadSlack = Math.Max(0, 1 - OffloadTime() - _offloadDual);
        _localSlack = Math.Max(0, 1 - LocalTime() - _localDual);
    }

    // (43) with the clocks squared, as (14) and (15) have them.
    private void UpdateShare()
    {
        if (_task.Highest <= _task.Lowest)
        {
            Share = _task.Highest;
            return;
        }

        double power = Covariance.Trace(_dataCopy) + Covariance.Trace(_sensingCopy);
        double upload = _bits / Rate(_data, _sensing, _combiner);
        double a = upload + (RemoteClock > 0 ? 1 / RemoteClock : 1), d = _localClock > 0 ? 1 / _localClock : 1;
        double energy = (_local * _localClock * _localClock) - (_radio * power * upload) - (_remote * RemoteClock * RemoteClock);
        double numerator = energy - (Penalty * a * OffloadOffset) + (Penalty * d * d) + (Penalty * d * LocalOffset);
        Share = Math.Clamp(numerator / (Penalty * ((a * a) + (d * d))), _task.Lowest, Math.Min(_task.Highest, 1));
    }

    // (39), (40): a step along the linearised gradients on the unit sphere, to which SINRs are indifferent.
    private void UpdateCombiners()
    {
        double rate = Rate(_data, _sensing, _combiner), push = (_radio * (Covariance.Trace(_dataCopy) + Covariance.Trace(_sensingCopy))) + (Penalty * (OffloadTime() + OffloadOffset));
        _combiner = Step(_combiner, _rateByCombiner, push * Share * _bits / (rate * rate));
        double shortfall = -Margin(_data, _sensing) + _sensingSlack + _sensingDualScalar;
        _echoCombiner = Step(_echoCombiner, _marginByCombiner, shortfall / (_threshold * _echo.Disturbance));

        ComplexVector Step(ComplexVector from, ComplexVector gradient, double factor)
        {
            ComplexVector next = from.Clone();
            double length = Math.Abs(factor) * Math.Sqrt(gradient.SquaredNorm());
            if (length > 0)
            {
                next.Add(factor * Math.Min(0.05, 0.05 / length), gradient);
                next.Normalise();
            }

            return next;
        }
    }

    // Projected gradient with a step that is halved until the augmented Lagrangian falls.
    private ComplexMatrix Descend(ComplexMatrix from, ComplexMatrix other, bool isData)
    {
        double before = Augmented(from, other, isData);
        ComplexMatrix gradient = Gradient(from, other, isData);
        double room = 1 - Covariance.Trace(other);
        for (int halving = 0; halving < 8; halving++, _step *= 0.4)
        {
            ComplexMatrix next = Covariance.Project(Covariance.Plus(from, -_step, gradient), room);
            if (Augmented(next, other, isData) < before)
            {
                _step = Math.Min(1, 1.8 * _step);
                return next;
            }
        }

        _step = Math.Max(_step, 1e-4);
        return from;
    }

    // The terms of (41), (42) that depend on one covariance.
    internal double Augmented(ComplexMatrix matrix, ComplexMatrix other, bool isData)
    {
        (ComplexMatrix data, ComplexMatrix sensing) = isData ? (matrix, other) : (other, matrix);
        double upload = Share * _bits / Rate(data, sensing, _combiner);
        double power = Covariance.Trace(_dataCopy) + Covariance.Trace(_sensingCopy);
        double offload = upload + ProcessTime() + OffloadOffset, margin = -Margin(data, sensing) + _sensingSlack + _sensingDualScalar;
        ComplexMatrix gap = Covariance.Plus(Covariance.Plus(matrix, -1, isData ? _dataCopy : _sensingCopy), 1, isData ? _dataDual : _sensingDual);
        return (_radio * power * upload) + (0.5 * Penalty * ((offload * offload) + (margin * margin))) + (0.5 * MatrixPenalty * gap.SquaredFrobeniusNorm());
    }

    // (59) to (61), derived anew: no beta_k, the bandwidth within the rate, the user's own combiner.
    internal ComplexMatrix Gradient(ComplexMatrix matrix, ComplexMatrix other, bool isData)
    {
        (ComplexMatrix data, ComplexMatrix sensing) = isData ? (matrix, other) : (other, matrix);
        double rate = Rate(data, sensing, _combiner), upload = Share * _bits / rate;
        double power = Covariance.Trace(_dataCopy) + Covariance.Trace(_sensingCopy);
        double offload = upload + ProcessTime() + OffloadOffset, margin = -Margin(data, sensing) + _sensingSlack + _sensingDualScalar;
        bool floored = rate <= RateFloor;
        double byRate = floored ? 0 : -(upload / rate) * ((_radio * power) + (Penalty * offload));
        double byMargin = -Penalty * margin;
        ComplexMatrix gap = Covariance.Plus(Covariance.Plus(matrix, -1, isData ? _dataCopy : _sensingCopy), 1, isData ? _dataDual : _sensingDual);
        var gradient = Covariance.Plus(new ComplexMatrix(Space.Size, Space.Size), MatrixPenalty, gap);
        gradient = Covariance.Plus(gradient, byRate * (isData ? _rate.RateBySignal : _rate.RateByOther), _ap);
        return Covariance.Plus(gradient, byMargin * (isData ? -_threshold : 1) / (_threshold * _echo.Disturbance), _user);
    }

    private double RateFloor => 0.05 * Math.Log2(1 + _rate.Sinr);

    // (24) divided by B; kept away from zero, where the expansion means nothing.
    private double Rate(ComplexMatrix data, ComplexMatrix sensing, ComplexVector combiner) => Math.Max(
        RateFloor,
        Math.Log2(1 + _rate.Sinr)
            + (_rate.RateBySignal * Covariance.Inner(_ap, Covariance.Plus(data, -1, _startData)))
            + (_rate.RateByOther * Covariance.Inner(_ap, Covariance.Plus(sensing, -1, _startSensing)))
            + (2 * (_rateByCombiner.Inner(combiner).Real - _rateByCombiner.Inner(_startCombiner).Real)));

    // (20) in units of the required signal.
    private double Margin(ComplexMatrix data, ComplexMatrix sensing) =>
        (_echo.Signal - (_threshold * _echo.Disturbance)
            - (_threshold * Covariance.Inner(_user, Covariance.Plus(data, -1, _startData)))
            + Covariance.Inner(_user, Covariance.Plus(sensing, -1, _startSensing))
            + (2 * (_marginByCombiner.Inner(_echoCombiner).Real - _marginByCombiner.Inner(_startEchoCombiner).Real))) / (_threshold * _echo.Disturbance);

    private double UploadTime() => Share * _bits / Rate(_data, _sensing, _combiner);

    private double ProcessTime() => Share > 0 ? Share / Math.Max(RemoteClock, 1e-12) : 0;

    private double OffloadTime() => UploadTime() + ProcessTime();

    private double LocalTime() => Share < 1 ? (1 - Share) / Math.Max(_localClock, 1e-12) : 0;

    private ComplexMatrix Beam(ComplexVector direction, double power)
    {
        ComplexVector coordinates = Space.Coordinates(direction);
        coordinates.Scale(Math.Sqrt(power));
        return Covariance.Outer(coordinates);
    }

    private static ComplexMatrix InNoise(ComplexMatrix channel, double noise)
    {
        var scaled = new ComplexMatrix(channel.Rows, channel.Columns);
        double factor = 1 / Math.Sqrt(noise);
        for (int i = 0; i < scaled.Re.Length; i++)
        {
            (scaled.Re[i], scaled.Im[i]) = (factor * channel.Re[i], factor * channel.Im[i]);
        }

        return scaled;
    }

    private static ComplexVector Received(OperatingPoint point, ComplexVector[] streams, int stream)
    {
        ComplexVector received = streams[stream].Clone();
        received.Scale(Math.Sqrt(point.Power[stream]));
        return received;
    }

    private static IEnumerable<ComplexVector> Others(OperatingPoint point, ComplexVector[] streams, int stream)
    {
        Network network = point.Beams.Network;
        return Enumerable.Range(0, streams.Length)
            .Where(i => i != stream && (!network.Orthogonal || i % network.Count == stream % network.Count))
            .Select(i => Received(point, streams, i));
    }
}
