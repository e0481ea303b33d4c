using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>The memory of running trained networks on one case after another, without a server.</summary>
/// <remarks>Not thread safe.</remarks>
internal sealed class BeamForwardPass : IDisposable
{
    private readonly StationPolicy[] _stations;
    private readonly IBeamDesign[] _designs;
    private readonly Network[] _networks;
    private readonly float[][] _features;
    private readonly float[][] _outputs;

    /// <summary>Prepares the networks of a policy.</summary>
    public BeamForwardPass(BeamPolicy policy, StationPolicy[] stations, int[] hidden)
    {
        _stations = stations;
        bool whole = policy.Method == VflBeamformingMethods.Vfl;
        _designs = [.. stations.Select(s => StationPolicy.Design(policy.Design, policy.Shape, s.Station, whole))];
        _networks = [.. _designs.Select(d => new Network(StationPolicy.Architecture(d, hidden)))];
        _features = [.. _designs.Select(d => new float[d.Inputs])];
        _outputs = [.. _designs.Select(d => new float[d.Outputs])];
    }

    /// <summary>Forms the beams of all base stations.</summary>
    /// <param name="links">The links of each base station.</param>
    /// <param name="rho">Weight of the communication rate.</param>
    /// <param name="beams">Receives the beams.</param>
    /// <returns>The largest magnitude of a standardised feature, rho apart.</returns>
    public float Run(IReadOnlyList<StationLinks> links, double rho, BeamSet beams)
    {
        float[] largest = new float[_stations.Length];
        int entries = beams.Shape.BeamEntries;

        // Base stations know nothing of each other's networks, and large ones are bound by what one core reads from memory.
        Parallel.For(0, _stations.Length, m =>
        {
            _designs[m].Features(links[m], rho, _features[m]);
            float own = _stations[m].Standardise(_features[m]);
            _networks[m].Logits(_stations[m].Weights, _features[m], _outputs[m]);
            _designs[m].Beams(links[m], rho, _outputs[m], beams.Re.AsSpan(m * entries, entries), beams.Im.AsSpan(m * entries, entries));
            largest[m] = own;
        });

        return largest.Max();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Network network in _networks)
        {
            network.Dispose();
        }
    }
}
