using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>
/// Where the search for beams starts. Which target each cell lights makes local optima of (10), so every choice of one target per cell gets
/// starts of its own: beams to the users, and a beam to the target that nulls everything else, at several divisions of the power.
/// </summary>
internal sealed class StartingBeams
{
    // All choices of targets are tried up to this many; beyond, as many drawn ones and the strongest.
    private const int MostChoices = 32;
    private static readonly double[] SensingShares = [0.02, 0.2, 0.7];

    private readonly IReadOnlyList<StationLinks> _links;
    private readonly BeamSet _userBeams;
    private readonly ComplexVector[][] _targetBeams;
    private readonly double[] _shares;
    private readonly bool _together;

    /// <summary>Prepares the starts of a case.</summary>
    /// <param name="links">The links of each base station.</param>
    /// <param name="rho">Weight of the communication rate: at the ends of its range some starts are left out.</param>
    /// <param name="userBeams">Beams for communication alone, to which target beams are added.</param>
    /// <param name="together">Whether it may pay to light all targets of a cell: then there is one choice more, all of them.</param>
    public StartingBeams(IReadOnlyList<StationLinks> links, double rho, BeamSet userBeams, bool together)
    {
        _links = links;
        _userBeams = userBeams;
        _together = together;
        _shares = rho >= 1 ? [] : rho <= 0 ? [1] : [.. SensingShares, .. rho < 0.5 ? (double[])[1] : []];
        _targetBeams = [.. links.Select((station, m) => Enumerable.Range(0, links[0].Shape.Targets).Select(j => TargetBeam(station, m, j, rho)).ToArray())];
    }

    /// <summary>Starts of every choice of targets, at full power.</summary>
    public IEnumerable<BeamSet> ByChoice()
    {
        foreach (int[] choice in Choices())
        {
            foreach (double share in _shares)
            {
                yield return Combine(choice, share);
            }
        }
    }

    /// <summary>
    /// Any number of drawn starts: in turn beams of even strength, beams of uneven strength, and the beams for communication at uneven strength with a beam to
    /// a target. Optima that drop users, cells or the targets of a cell lie on the side of the latter two.
    /// </summary>
    /// <param name="start">Which of them.</param>
    public BeamSet Drawn(uint start) => (start % 3) switch
    {
        0 => Drawn(start, decades: 0),
        1 => WithIdlePower(Drawn(start, decades: 2), start),
        _ => WithIdlePower(WithTarget(start), start),
    };

    private BeamSet Drawn(uint start, double decades)
    {
        var random = new CounterRandom(1, RandomPurpose.OptimiserStart, start);
        var beams = new BeamSet(_userBeams.Shape);
        for (int i = 0; i < beams.Re.Length; i++)
        {
            (beams.Re[i], beams.Im[i]) = random.NormalPairAt((ulong)i);
        }

        WeightUnevenly(beams, start, decades);
        beams.ScaleToFullPower();
        return beams;
    }

    private BeamSet WithTarget(uint start)
    {
        var random = new CounterRandom(3, RandomPurpose.OptimiserStart, start);
        BeamSet beams = _userBeams.Clone();
        NetworkShape shape = beams.Shape;
        WeightUnevenly(beams, start, decades: 1.5);
        if (_shares.Length == 0)
        {
            return beams;
        }

        for (int m = 0; m < shape.Cells; m++)
        {
            ulong own = (ulong)(3 * m);
            double share = random.UniformAt(own);
            beams.ScaleTo(m, 1 - share);
            beams.Add(m, random.IntegerAt(own + 1, shape.Users), Math.Sqrt(share), _targetBeams[m][random.IntegerAt(own + 2, shape.Targets)]);
        }

        return beams;
    }

    private static void WeightUnevenly(BeamSet beams, uint start, double decades)
    {
        var random = new CounterRandom(7, RandomPurpose.OptimiserStart, start);
        int antennas = beams.Shape.Antennas;
        for (int i = 0; i < beams.Re.Length; i++)
        {
            double strength = Math.Pow(10, -decades * random.UniformAt((ulong)(i / antennas)));
            beams.Re[i] *= strength;
            beams.Im[i] *= strength;
        }
    }

    private static BeamSet WithIdlePower(BeamSet beams, uint start)
    {
        var random = new CounterRandom(4, RandomPurpose.OptimiserStart, start);
        for (int m = 0; m < beams.Shape.Cells; m++)
        {
            double idle = random.UniformAt((ulong)m);
            beams.ScaleTo(m, 1 - (idle * idle));
        }

        return beams;
    }

    private BeamSet Combine(int[] choice, double share)
    {
        NetworkShape shape = _userBeams.Shape;
        BeamSet beams = _userBeams.Clone();
        for (int m = 0; m < shape.Cells; m++)
        {
            beams.ScaleTo(m, 1 - share);
            if (share >= 1)
            {
                beams.Re.AsSpan(beams.Start(m, 0), shape.BeamEntries).Clear();
                beams.Im.AsSpan(beams.Start(m, 0), shape.BeamEntries).Clear();
            }

            int[] lit = choice[m] < shape.Targets ? [choice[m]] : [.. Enumerable.Range(0, shape.Targets)];
            foreach (int j in lit)
            {
                // On the stream of the user that gains most from it, and in phase there.
                ComplexVector beam = _targetBeams[m][j];
                Complex[] gains = [.. Enumerable.Range(0, shape.Users).Select(k => _links[m].Vector(shape.UserLink(m, k)).Inner(beam))];
                int best = lit.Length > 1 ? j % shape.Users : Enumerable.Range(0, shape.Users).MaxBy(k => gains[k].Magnitude);
                Complex phase = gains[best].Magnitude > 0 ? Complex.Conjugate(gains[best]) / gains[best].Magnitude : 1;
                beams.Add(m, best, Math.Sqrt(share / lit.Length) * phase, beam);
            }
        }

        beams.ScaleToFullPower();
        return beams;
    }

    private static ComplexVector TargetBeam(StationLinks station, int cell, int target, double rho)
    {
        NetworkShape shape = station.Shape;
        int own = shape.TargetLink(cell, target), users = shape.Cells * shape.Users;
        var leakage = new ComplexMatrix(shape.Antennas, shape.Antennas);
        for (int link = rho > 0 ? 0 : users; link < shape.Links; link++)
        {
            if (link != own)
            {
                ClosedFormBeams.AddOuter(leakage, station, link, 1);
            }
        }

        for (int i = 0; i < shape.Antennas; i++)
        {
            leakage.Re[(i * shape.Antennas) + i] += 1;
        }

        var beam = station.Vector(own);
        CholeskyFactor.TryCreate(leakage)?.Solve(beam);
        beam.Normalise();
        return beam;
    }

    private IEnumerable<int[]> Choices()
    {
        NetworkShape shape = _links[0].Shape;
        int options = shape.Targets + (_together && shape.Targets > 1 ? 1 : 0);
        if (Math.Pow(options, shape.Cells) <= MostChoices)
        {
            int count = (int)Math.Round(Math.Pow(options, shape.Cells));
            for (int index = 0; index < count; index++)
            {
                int rest = index;
                yield return [.. Enumerable.Range(0, shape.Cells).Select(_ =>
                {
                    int option = rest % options;
                    rest /= options;
                    return option;
                })];
            }

            yield break;
        }

        yield return [.. _links.Select((station, m) => Enumerable.Range(0, shape.Targets).MaxBy(j => station.Vector(shape.TargetLink(m, j)).SquaredNorm()))];
        if (_together)
        {
            yield return [.. _links.Select(_ => shape.Targets)];
        }

        for (uint draw = 0; draw < MostChoices; draw++)
        {
            var random = new CounterRandom(2, RandomPurpose.OptimiserStart, draw);
            yield return [.. Enumerable.Range(0, shape.Cells).Select(m => random.IntegerAt((ulong)m, options))];
        }
    }
}
