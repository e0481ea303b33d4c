using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>
/// Where the search for beams starts. Which target each cell lights makes local optima of (10), so every choice of one target per cell gets
/// starts of its own: beams to the users, and a beam to the target that nulls everything else, at several divisions of the power.
/// </summary>
internal static class StructuredStarts
{
    // All choices of targets are tried up to this many; beyond, as many drawn ones and the strongest.
    private const int MostChoices = 32;
    private const int RandomStarts = 24;
    private static readonly double[] SensingShares = [0.02, 0.2, 0.7];

    /// <summary>All starts of a case, at full power.</summary>
    /// <param name="links">The links of each base station.</param>
    /// <param name="rho">Weight of the communication rate: at the ends of its range some starts are left out.</param>
    /// <param name="userBeams">Beams for communication alone, to which target beams are added.</param>
    /// <param name="together">Whether it may pay to light all targets of a cell: then there is one choice more, all of them.</param>
    public static IEnumerable<BeamSet> Create(IReadOnlyList<StationLinks> links, double rho, BeamSet userBeams, bool together)
    {
        NetworkShape shape = links[0].Shape;
        double[] shares = rho >= 1 ? [] : rho <= 0 ? [1] : [.. SensingShares, .. rho < 0.5 ? (double[])[1] : []];
        ComplexVector[][] targetBeams = [.. links.Select((station, m) => Enumerable.Range(0, shape.Targets).Select(j => TargetBeam(station, m, j, rho)).ToArray())];
        foreach (int[] choice in Choices(links, together))
        {
            foreach (double share in shares)
            {
                yield return Combine(links, userBeams, targetBeams, choice, share);
            }
        }

        for (uint start = 0; start < RandomStarts; start++)
        {
            yield return Uneven(userBeams, targetBeams, start, shares.Length > 0);
        }
    }

    // Beams of uneven strength and cells of uneven power: optima that drop a user, a cell or the targets of a cell lie on this side. Every
    // second start is drawn, the others shift the power between the beams for communication and add a beam to a drawn target.
    private static BeamSet Uneven(BeamSet userBeams, ComplexVector[][] targetBeams, uint start, bool sensing)
    {
        NetworkShape shape = userBeams.Shape;
        var random = new CounterRandom(1, RandomPurpose.OptimiserStart, start);
        var strengths = new CounterRandom(3, RandomPurpose.OptimiserStart, start);
        bool drawn = start % 2 == 0;
        BeamSet beams = userBeams.Clone();
        for (int m = 0; m < shape.Cells; m++)
        {
            for (int k = 0; k < shape.Users; k++)
            {
                int first = beams.Start(m, k);
                double strength = Math.Pow(10, (1.5 * strengths.UniformAt((ulong)((m * shape.Users) + k))) - 1);
                for (int i = first; i < first + shape.Antennas; i++)
                {
                    (double re, double im) = drawn ? random.NormalPairAt((ulong)i) : (beams.Re[i], beams.Im[i]);
                    (beams.Re[i], beams.Im[i]) = (strength * re, strength * im);
                }
            }

            ulong own = (ulong)((shape.Cells * shape.Users) + (3 * m));
            if (!drawn && sensing)
            {
                double share = strengths.UniformAt(own);
                beams.ScaleTo(m, 1 - share);
                beams.Add(m, strengths.IntegerAt(own + 1, shape.Users), Math.Sqrt(share), targetBeams[m][random.IntegerAt((ulong)m, shape.Targets)]);
            }

            double idle = strengths.UniformAt(own + 2);
            beams.ScaleTo(m, 1 - (idle * idle));
        }

        return beams;
    }

    private static BeamSet Combine(IReadOnlyList<StationLinks> links, BeamSet userBeams, ComplexVector[][] targetBeams, int[] choice, double share)
    {
        NetworkShape shape = userBeams.Shape;
        BeamSet beams = userBeams.Clone();
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
                ComplexVector beam = targetBeams[m][j];
                Complex[] gains = [.. Enumerable.Range(0, shape.Users).Select(k => links[m].Vector(shape.UserLink(m, k)).Inner(beam))];
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

    private static IEnumerable<int[]> Choices(IReadOnlyList<StationLinks> links, bool together)
    {
        NetworkShape shape = links[0].Shape;
        int options = shape.Targets + (together && shape.Targets > 1 ? 1 : 0);
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

        yield return [.. links.Select((station, m) => Enumerable.Range(0, shape.Targets).MaxBy(j => station.Vector(shape.TargetLink(m, j)).SquaredNorm()))];
        if (together)
        {
            yield return [.. links.Select(_ => shape.Targets)];
        }

        for (uint draw = 0; draw < MostChoices; draw++)
        {
            var random = new CounterRandom(2, RandomPurpose.OptimiserStart, draw);
            yield return [.. Enumerable.Range(0, shape.Cells).Select(m => random.IntegerAt((ulong)m, options))];
        }
    }
}
