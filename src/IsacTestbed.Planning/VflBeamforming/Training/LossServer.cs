namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>Step 3 of III-C: the server puts together what the base stations sent and computes the global loss (17) and its derivatives.</summary>
/// <remarks>Not thread safe.</remarks>
internal sealed class LossServer
{
    private readonly NetworkShape _shape;
    private readonly StationLinks[] _links;
    private readonly BeamSet _beams;
    private readonly BeamSet _gradient;
    private readonly RateKernel _kernel;
    private readonly bool _relative;

    /// <summary>A server for networks of one shape.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="relative">Whether each sample's derivatives are divided by the size of its loss.</param>
    public LossServer(NetworkShape shape, bool relative)
    {
        _relative = relative;
        _shape = shape;
        _links = [.. Enumerable.Range(0, shape.Cells).Select(_ => new StationLinks(shape))];
        _beams = new BeamSet(shape);
        _gradient = new BeamSet(shape);
        _kernel = new RateKernel(shape);
    }

    /// <summary>The mean loss of a batch, whose derivatives go to the inboxes.</summary>
    /// <param name="inboxes">One per base station.</param>
    /// <param name="rhos">Weight of the communication rate in each sample of the batch.</param>
    public double Evaluate(IReadOnlyList<StationInbox> inboxes, ReadOnlySpan<double> rhos)
    {
        double sum = 0;
        int entries = _shape.BeamEntries;
        for (int i = 0; i < rhos.Length; i++)
        {
            for (int m = 0; m < _shape.Cells; m++)
            {
                StationSamples.Load(inboxes[m].Channels(i), _links[m]);
                ReadOnlySpan<float> beams = inboxes[m].Beams(i);
                for (int e = 0; e < entries; e++)
                {
                    _beams.Re[(m * entries) + e] = beams[e];
                    _beams.Im[(m * entries) + e] = beams[entries + e];
                }
            }

            double value = _kernel.Evaluate(_links, RateUtility.Paper(rhos[i]), _beams, _gradient);
            double scale = LossWeight.Of(value, _relative) / rhos.Length;
            sum -= value;
            for (int m = 0; m < _shape.Cells; m++)
            {
                Span<float> slopes = inboxes[m].Slopes.AsSpan(2 * i * entries, 2 * entries);
                for (int e = 0; e < entries; e++)
                {
                    slopes[e] = (float)(-scale * _gradient.Re[(m * entries) + e]);
                    slopes[entries + e] = (float)(-scale * _gradient.Im[(m * entries) + e]);
                }
            }
        }

        return sum / rhos.Length;
    }
}
