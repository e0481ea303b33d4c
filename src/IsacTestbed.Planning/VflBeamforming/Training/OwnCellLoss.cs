namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>The loss of a cell by itself: (17) for a network of that one cell, as per-cell learning has it.</summary>
/// <remarks>Not thread safe.</remarks>
internal sealed class OwnCellLoss
{
    private readonly NetworkShape _cell;
    private readonly StationLinks[] _links;
    private readonly BeamSet _beams;
    private readonly BeamSet _gradient;
    private readonly RateKernel _kernel;
    private readonly bool _relative;

    /// <summary>A loss for cells of networks of one shape.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="relative">Whether each sample's derivatives are divided by the size of its loss.</param>
    public OwnCellLoss(NetworkShape shape, bool relative)
    {
        _relative = relative;
        _cell = shape with { Cells = 1 };
        _links = [new StationLinks(_cell)];
        _beams = new BeamSet(_cell);
        _gradient = new BeamSet(_cell);
        _kernel = new RateKernel(_cell);
    }

    /// <summary>The loss of one sample, times a weight.</summary>
    /// <param name="links">The base station's links; those to its own cell are used.</param>
    /// <param name="station">Which base station.</param>
    /// <param name="rho">Weight of the communication rate.</param>
    /// <param name="beams">Its beams: real parts, then imaginary parts.</param>
    /// <param name="weight">Factor of loss and derivatives.</param>
    /// <param name="slopes">Receives the derivatives with respect to the beams.</param>
    public double Evaluate(StationLinks links, int station, double rho, ReadOnlySpan<float> beams, double weight, Span<float> slopes)
    {
        int users = _cell.Users * _cell.Antennas, targets = _cell.Targets * _cell.Antennas;
        Copy(links, links.Shape.UserLink(station, 0) * _cell.Antennas, users, 0);
        Copy(links, links.Shape.TargetLink(station, 0) * _cell.Antennas, targets, users);
        int entries = _cell.BeamEntries;
        for (int e = 0; e < entries; e++)
        {
            (_beams.Re[e], _beams.Im[e]) = (beams[e], beams[entries + e]);
        }

        double value = _kernel.Evaluate(_links, RateUtility.Paper(rho), _beams, _gradient);
        double scale = weight * LossWeight.Of(value, _relative);
        for (int e = 0; e < entries; e++)
        {
            slopes[e] = (float)(-scale * _gradient.Re[e]);
            slopes[entries + e] = (float)(-scale * _gradient.Im[e]);
        }

        return -weight * value;
    }

    private void Copy(StationLinks links, int from, int count, int to)
    {
        links.Re.AsSpan(from, count).CopyTo(_links[0].Re.AsSpan(to));
        links.Im.AsSpan(from, count).CopyTo(_links[0].Im.AsSpan(to));
    }
}
