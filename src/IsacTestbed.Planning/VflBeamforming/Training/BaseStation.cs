using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>A base station in training: its own samples, its own network. It knows of the rest of the network what its backhaul brings.</summary>
/// <remarks>Not thread safe; different base stations may run at the same time.</remarks>
internal sealed class BaseStation : IDisposable
{
    private readonly NetworkShape _shape;
    private readonly int _station;
    private readonly StationSamples _samples;
    private readonly double[] _rhos;
    private readonly IBeamDesign _design;
    private readonly Network _network;
    private readonly IOptimiser _optimiser;
    private readonly StationPolicy _policy;
    private readonly StationLinks _links;
    private readonly float[] _features;
    private readonly float[] _batchFeatures;
    private readonly float[] _outputs;
    private readonly float[] _outputGradient;
    private readonly float[] _weightGradient;
    private readonly float[] _beams;
    private readonly float[] _slopes;
    private readonly double[] _re;
    private readonly double[] _im;
    private int[] _batch = [];

    /// <summary>A base station with a network at its initial weights.</summary>
    /// <param name="station">Which one.</param>
    /// <param name="samples">Its own samples.</param>
    /// <param name="rhos">Weight of the communication rate in each sample, which the operator sets for the whole network.</param>
    /// <param name="settings">How to train.</param>
    public BaseStation(int station, StationSamples samples, double[] rhos, BeamTrainingSettings settings)
    {
        _shape = samples.Shape;
        _station = station;
        _samples = samples;
        _rhos = rhos;
        _design = StationPolicy.Design(settings.Design, _shape, station, settings.SeesWholeNetwork);
        NetworkArchitecture architecture = StationPolicy.Architecture(_design, [.. settings.Hidden]);
        _network = new Network(architecture);
        _optimiser = new AdamSettings(settings.LearningRate) { WeightDecay = settings.WeightDecay }.Create(architecture.ParameterCount);
        _links = new StationLinks(_shape);
        _features = new float[samples.Count * _design.Inputs];
        _batchFeatures = new float[settings.BatchSize * _design.Inputs];
        _outputs = new float[settings.BatchSize * _design.Outputs];
        _outputGradient = new float[_outputs.Length];
        _weightGradient = new float[architecture.ParameterCount];
        _beams = new float[settings.BatchSize * 2 * _shape.BeamEntries];
        _slopes = new float[_beams.Length];
        _re = new double[_shape.BeamEntries];
        _im = new double[_shape.BeamEntries];

        // The last layer starts small, so that the designs start at what outputs of zero mean.
        float[] weights = architecture.InitialWeights(settings.Seed + ((ulong)station << 32));
        int last = (int)((settings.Hidden[^1] + 1) * (long)_design.Outputs);
        foreach (ref float weight in weights.AsSpan(weights.Length - last))
        {
            weight *= settings.Design == BeamDesignKind.Priced ? 0.1f : 1;
        }

        _policy = PrepareFeatures(weights);
    }

    /// <summary>The network as trained so far.</summary>
    public StationPolicy Policy => _policy;

    /// <summary>Step 1 of III-C: designs the beams of a batch from the own channels.</summary>
    public void Forward(ReadOnlySpan<int> batch)
    {
        _batch = batch.ToArray();
        int inputs = _design.Inputs, outputs = _design.Outputs, entries = _shape.BeamEntries;
        for (int i = 0; i < _batch.Length; i++)
        {
            _features.AsSpan(_batch[i] * inputs, inputs).CopyTo(_batchFeatures.AsSpan(i * inputs));
        }

        _network.Logits(_policy.Weights, _batchFeatures.AsSpan(0, _batch.Length * inputs), _outputs.AsSpan(0, _batch.Length * outputs));
        for (int i = 0; i < _batch.Length; i++)
        {
            StationSamples.Load(_samples.Values(_batch[i]), _links);
            _design.Beams(_links, _rhos[_batch[i]], _outputs.AsSpan(i * outputs, outputs), _re, _im);
            Span<float> beams = _beams.AsSpan(2 * i * entries, 2 * entries);
            for (int e = 0; e < entries; e++)
            {
                beams[e] = (float)_re[e];
                beams[entries + e] = (float)_im[e];
            }
        }
    }

    /// <summary>Step 2: uploads the beams of the batch and the channel samples behind them.</summary>
    public void Upload(Backhaul backhaul, StationInbox inbox)
    {
        int users = _shape.Cells * _shape.Users * _shape.Antennas, entries = _shape.BeamEntries;
        for (int i = 0; i < _batch.Length; i++)
        {
            ReadOnlySpan<float> values = _samples.Values(_batch[i]);
            int half = values.Length / 2;
            Span<float> channels = inbox.Channels(i);
            backhaul.Carry(BackhaulContent.UserChannels, values[..users], channels[..users]);
            backhaul.Carry(BackhaulContent.SensingChannels, values[users..half], channels[users..half]);
            backhaul.Carry(BackhaulContent.UserChannels, values.Slice(half, users), channels.Slice(half, users));
            backhaul.Carry(BackhaulContent.SensingChannels, values[(half + users)..], channels[(half + users)..]);
            backhaul.Carry(BackhaulContent.Beamformers, _beams.AsSpan(2 * i * entries, 2 * entries), inbox.Beams(i));
        }
    }

    /// <summary>The memory that receives the derivatives of the loss with respect to the own beams of a batch.</summary>
    public Span<float> Slopes(int count) => _slopes.AsSpan(0, 2 * count * _shape.BeamEntries);

    /// <summary>Without a server: the loss of the own cell alone, as if there were no other; fills <see cref="Slopes"/>.</summary>
    /// <returns>The sum of the losses of the batch.</returns>
    public double OwnLoss(OwnCellLoss loss)
    {
        double sum = 0;
        int entries = _shape.BeamEntries;
        for (int i = 0; i < _batch.Length; i++)
        {
            StationSamples.Load(_samples.Values(_batch[i]), _links);
            sum += loss.Evaluate(
                _links, _station, _rhos[_batch[i]], _beams.AsSpan(2 * i * entries, 2 * entries), 1.0 / _batch.Length, _slopes.AsSpan(2 * i * entries, 2 * entries));
        }

        return sum;
    }

    /// <summary>Step 4: carries the derivatives back through the own network and takes a step (18).</summary>
    /// <param name="rateFactor">Factor of the learning rate.</param>
    public void Learn(float rateFactor)
    {
        int outputs = _design.Outputs, entries = _shape.BeamEntries;
        for (int i = 0; i < _batch.Length; i++)
        {
            StationSamples.Load(_samples.Values(_batch[i]), _links);
            ReadOnlySpan<float> output = _outputs.AsSpan(i * outputs, outputs);
            _design.Beams(_links, _rhos[_batch[i]], output, _re, _im);
            ReadOnlySpan<float> slopes = _slopes.AsSpan(2 * i * entries, 2 * entries);
            for (int e = 0; e < entries; e++)
            {
                (_re[e], _im[e]) = (slopes[e], slopes[entries + e]);
            }

            _design.Back(_links, _rhos[_batch[i]], output, _re, _im, _outputGradient.AsSpan(i * outputs, outputs));
        }

        _network.Backpropagate(
            _policy.Weights,
            _batchFeatures.AsSpan(0, _batch.Length * _design.Inputs),
            _outputGradient.AsSpan(0, _batch.Length * outputs),
            _weightGradient);
        _optimiser.Apply(_weightGradient, _policy.Weights, rateFactor);
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    // Features of all samples, standardised by their own mean and deviation.
    private StationPolicy PrepareFeatures(float[] weights)
    {
        int inputs = _design.Inputs;
        double[] sums = new double[inputs], squares = new double[inputs];
        for (int i = 0; i < _samples.Count; i++)
        {
            StationSamples.Load(_samples.Values(i), _links);
            Span<float> features = _features.AsSpan(i * inputs, inputs);
            _design.Features(_links, _rhos[i], features);
            for (int f = 0; f < inputs; f++)
            {
                sums[f] += features[f];
                squares[f] += (double)features[f] * features[f];
            }
        }

        float[] means = [.. sums.Select(s => (float)(s / _samples.Count))];
        float[] deviations =
        [
            .. squares.Select((s, f) =>
            {
                double variance = (s / _samples.Count) - ((double)means[f] * means[f]);
                return variance > 1e-8 * (1e-4 + ((double)means[f] * means[f])) ? (float)Math.Sqrt(variance) : 1;
            }),
        ];
        var policy = new StationPolicy(_station, weights, means, deviations);
        for (int i = 0; i < _samples.Count; i++)
        {
            policy.Standardise(_features.AsSpan(i * inputs, inputs));
        }

        return policy;
    }
}
