using IsacTestbed.Core;

namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>One step of training for a batch: forward at the base stations, loss, back at the base stations.</summary>
/// <remarks>Base stations run side by side; each has a backhaul of its own. One caller at a time.</remarks>
internal sealed class TrainingRound
{
    private readonly NetworkShape _shape;
    private readonly BaseStation[] _stations;
    private readonly double[] _rhos;
    private readonly bool _federated;
    private readonly Backhaul[] _backhauls;
    private readonly StationInbox[] _inboxes;
    private readonly LossServer _server;
    private readonly OwnCellLoss[] _ownLosses;
    private readonly double[] _losses;

    /// <summary>Connects the base stations with a server.</summary>
    public TrainingRound(NetworkShape shape, BaseStation[] stations, double[] rhos, BeamTrainingSettings settings)
    {
        _shape = shape;
        _stations = stations;
        _rhos = rhos;
        _federated = settings.SeesWholeNetwork;
        _backhauls = [.. stations.Select(_ => new Backhaul())];
        _inboxes = [.. stations.Select(_ => new StationInbox(shape, settings.BatchSize))];
        _server = new LossServer(shape, settings.RelativeLoss);
        _ownLosses = [.. stations.Select(_ => new OwnCellLoss(shape, settings.RelativeLoss))];
        _losses = new double[stations.Length];
    }

    /// <summary>What has crossed the network so far.</summary>
    /// <param name="samples">How many samples every base station has gone through.</param>
    public BackhaulTraffic Traffic(long samples) => new(
        Enum.GetValues<BackhaulContent>().ToDictionary(content => content, content => _backhauls.Sum(b => b.Bytes(content))),
        _federated ? samples * _stations.Length : 0,
        (_shape.Cells + 1) * _shape.BeamEntries);

    /// <summary>Takes a step.</summary>
    /// <param name="team">Runs the base stations.</param>
    /// <param name="batch">Which samples.</param>
    /// <param name="rateFactor">Factor of the learning rate.</param>
    /// <returns>The mean loss; in per-cell learning the sum of the cells' own.</returns>
    public double Run(WorkTeam team, int[] batch, float rateFactor)
    {
        if (!_federated)
        {
            team.Run(new Each(m =>
            {
                _stations[m].Forward(batch);
                _losses[m] = _stations[m].OwnLoss(_ownLosses[m]);
                _stations[m].Learn(rateFactor);
            }), _stations.Length);
            return _losses.Sum();
        }

        team.Run(new Each(m =>
        {
            _stations[m].Forward(batch);
            _stations[m].Upload(_backhauls[m], _inboxes[m]);
        }), _stations.Length);
        double loss = _server.Evaluate(_inboxes, [.. batch.Select(i => _rhos[i])]);
        team.Run(new Each(m =>
        {
            Span<float> received = stackalloc float[1];
            _backhauls[m].Carry(BackhaulContent.Loss, [(float)loss], received);
            Span<float> slopes = _stations[m].Slopes(batch.Length);
            _backhauls[m].Carry(BackhaulContent.LossSlopes, _inboxes[m].Slopes.AsSpan(0, slopes.Length), slopes);
            _stations[m].Learn(rateFactor);
        }), _stations.Length);
        return loss;
    }

    private sealed class Each(Action<int> action) : IPartitionedWork
    {
        public void Execute(int part, int worker) => action(part);
    }
}
