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

    /// <summary>A server for networks of one shape.</summary>
    public LossServer(NetworkShape shape)
    {
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

            sum -= _kernel.Evaluate(_links, RateUtility.Paper(rhos[i]), _beams, _gradient);
            for (int m = 0; m < _shape.Cells; m++)
            {
                Span<float> slopes = inboxes[m].Slopes.AsSpan(2 * i * entries, 2 * entries);
                for (int e = 0; e < entries; e++)
                {
                    slopes[e] = (float)(-_gradient.Re[(m * entries) + e] / rhos.Length);
                    slopes[entries + e] = (float)(-_gradient.Im[(m * entries) + e] / rhos.Length);
                }
            }
        }

        return sum / rhos.Length;
    }
}
