using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Our beam design: directions that trade the own gain against the priced interference, powers downhill, combiners, shares and clocks
/// always the best for them. A step is taken only if it improves.
/// </summary>
/// <remarks>
/// At a stationary point of the problem over f_i, with held combiners, b h h^H f = (A + epsilon I) f for the own link h = H_i^H w_i, the
/// priced interference A = sum of price times h_ik h_ik^H over the victims, and the price epsilon of power; hence f is parallel to
/// (A + epsilon I)^-1 h, and likewise u_i.
/// </remarks>
internal sealed class BeamRefinement
{
    private const int MaxRounds = 60;
    private const int MaxTurns = 250;

    // Of the power budget, the least data power that a start has.
    private const double Faintest = 1e-9;

    // Relative distance from the lower bound at which no further start is tried, and at which no further round is.
    private const double Good = 5e-3;
    private const double Excellent = 2e-4;
    private readonly Network _network;
    private readonly SensingFloor _floor;

    /// <summary>Prepares the design.</summary>
    public BeamRefinement(Network network, SensingFloor floor)
    {
        _network = network;
        _floor = floor;
    }

    /// <summary>Designs the beams; null if no start met the sensing thresholds.</summary>
    /// <param name="lowerBound">A lower bound of the cost, asked for at stage Cost; when the cost is near it the design ends.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The best point, whatever its stage, and the number of rounds.</returns>
    public (OperatingPoint Point, int Rounds)? Run(Func<OperatingPoint, double> lowerBound, CancellationToken cancellationToken)
    {
        (OperatingPoint Point, int Rounds)? best = null;
        foreach (OperatingPoint start in Starts())
        {
            (OperatingPoint Point, int Rounds) found = Improve(start, lowerBound, cancellationToken);
            int rounds = found.Rounds + (best?.Rounds ?? 0);
            best = best is null || found.Point.Score.Beats(best.Value.Point.Score) ? (found.Point, rounds) : (best.Value.Point, rounds);
            if (IsWithin(best.Value.Point, lowerBound, Good))
            {
                break;
            }
        }

        return best;
    }

    /// <summary>The first point found that meets all constraints, or the best one short of it; null if no start met the sensing thresholds.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public OperatingPoint? FindFeasible(CancellationToken cancellationToken)
    {
        OperatingPoint? best = null;
        foreach (OperatingPoint start in Starts())
        {
            OperatingPoint point = start.Score.Stage == ScoreStage.Cost ? start : Improve(start, _ => double.PositiveInfinity, cancellationToken).Point;
            best = best is null || point.Score.Beats(best.Score) ? point : best;
            if (best.Score.Stage == ScoreStage.Cost)
            {
                break;
            }
        }

        return best;
    }

    /// <summary>Designs the beams from given data powers; null if the sensing thresholds cannot be met with them.</summary>
    /// <param name="beams">The beams to start from; null for the dominant directions.</param>
    /// <param name="dataPower">K data powers in watts, above zero.</param>
    /// <param name="lowerBound">A lower bound of the cost; when the cost is near it the design ends.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public OperatingPoint? From(BeamSet? beams, double[] dataPower, double lowerBound, CancellationToken cancellationToken) =>
        OperatingPoint.TryCreate(beams ?? Dominant(_network.Problem.Channels[0].Columns > 1, [.. _network.Echo.Select(h => h.Right)]), dataPower, _floor.PowerWatts) is { } start
            ? Improve(start, _ => lowerBound, cancellationToken).Point
            : null;

    private static bool IsWithin(OperatingPoint point, Func<OperatingPoint, double> lowerBound, double distance) =>
        point.Score.Stage == ScoreStage.Cost && point.Score.Value <= lowerBound(point) * (1 + distance);

    private (OperatingPoint Point, int Rounds) Improve(OperatingPoint start, Func<OperatingPoint, double> lowerBound, CancellationToken cancellationToken)
    {
        OperatingPoint point = PowerSearch.Run(start, 1e-5, 30);
        int idle = 0;
        for (int round = 1; round <= MaxRounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsWithin(point, lowerBound, Excellent))
            {
                return (point, round);
            }

            OperatingPoint? next = Turn(point);
            if (next is null)
            {
                return (point, round);
            }

            next = PowerSearch.Run(next, 1e-6, 8);
            idle = next.Score.Stage == point.Score.Stage && point.Score.Value - next.Score.Value <= 2e-5 * Math.Abs(point.Score.Value) ? idle + 1 : 0;
            point = next;
            if (idle == 2)
            {
                return (point, round);
            }
        }

        return (point, MaxRounds);
    }

    private OperatingPoint? Turn(OperatingPoint point)
    {
        ComplexVector[] wanted = Directions(point);
        double step = 1;
        for (int halving = 0; halving < 5; halving++, step *= 0.4)
        {
            var beams = new BeamSet(_network, [.. wanted.Select((w, i) => Between(point.Beams.Directions[i], w, step))]);
            if (OperatingPoint.TryCreate(beams, point.Power.AsSpan(0, _network.Count), point.Power.AsSpan(_network.Count)) is { } trial && trial.Score.Beats(point.Score))
            {
                return trial;
            }
        }

        return null;
    }

    // The directions that the prices ask for; a stream without power or price keeps its own.
    private ComplexVector[] Directions(OperatingPoint point)
    {
        int count = _network.Count;
        InterferencePrices prices = InterferencePrices.Of(point);
        var ap = new ComplexVector[count];
        var echo = new ComplexVector[count];
        for (int k = 0; k < count; k++)
        {
            ap[k] = point.Ap.Combiner(point.Beams.AtAp, point.Power, k);
            echo[k] = point.Users.Combiner(point.Beams.AtUsers, point.Power, count + k);
            ap[k].Scale(1 / Math.Sqrt(_network.Problem.ApNoiseWatts));
            echo[k].Scale(1 / Math.Sqrt(_network.Problem.SensingNoiseWatts));
        }

        var wanted = new ComplexVector[2 * count];
        for (int i = 0; i < count; i++)
        {
            var victims = new List<(double Price, ComplexVector Link, int User, bool Data)>();
            for (int k = 0; k < count; k++)
            {
                if (_network.Orthogonal && k != i)
                {
                    continue;
                }

                victims.Add((prices.Ap[k] * point.Power[k], _network.Problem.Channels[i].AdjointTimes(ap[k]), k, true));
                victims.Add((prices.Users[k] * point.Power[count + k], _network.Problem.SensingChannels[i].AdjointTimes(echo[k]), k, false));
            }

            wanted[i] = Direction(victims, i, true, prices.Power[i]) ?? point.Beams.Directions[i];
            wanted[count + i] = Direction(victims, i, false, prices.Power[i]) ?? point.Beams.Directions[count + i];
        }

        return wanted;
    }

    private static ComplexVector? Direction(List<(double Price, ComplexVector Link, int User, bool Data)> victims, int user, bool data, double powerPrice)
    {
        ComplexVector own = victims.First(v => v.User == user && v.Data == data).Link;
        ComplexVector[] others =
        [
            .. victims.Where(v => (v.User != user || v.Data != data) && v.Price > 0).Select(v =>
            {
                ComplexVector link = v.Link.Clone();
                link.Scale(Math.Sqrt(v.Price));
                return link;
            }),
        ];
        double scale = others.Select(o => o.SquaredNorm()).DefaultIfEmpty(0).Max();
        double epsilon = Math.Max(powerPrice, 1e-9 * scale);
        if (!(epsilon > 0) || !double.IsFinite(epsilon))
        {
            return null;
        }

        return PricedDirection.Of(own, others, epsilon);
    }

    /// <summary>A unit vector on the way from one direction to another, phases aligned.</summary>
    internal static ComplexVector Between(ComplexVector from, ComplexVector to, double step)
    {
        System.Numerics.Complex inner = to.Inner(from);
        double size = inner.Magnitude;
        var mixed = new ComplexVector(from.Length);
        mixed.Add(1 - step, from);
        mixed.Add(step * (size > 0 ? inner / size : 1), to);
        return mixed.Normalise() ? mixed : from;
    }

    // Data beams along the dominant right singular vector of the channel, first with what disturbs the own echo taken out, then as it
    // is; sensing beams along that of the reflection channel, or where that does not do, and echoes have several paths, such that give way
    // to each other. Powers: all of the budget or less.
    private IEnumerable<OperatingPoint> Starts()
    {
        var sensing = new SensingBeams(_network, _floor);
        bool found = false;
        for (int turn = 0; turn <= MaxTurns && !found; turn++)
        {
            if (turn > 0)
            {
                if (_network.Orthogonal || _network.Echo.All(e => e.IsRankOne))
                {
                    yield break;
                }

                if (!sensing.Turn())
                {
                    continue;
                }
            }

            // With next to no data: what fails here fails at all powers.
            double[] faint = [.. _floor.PowerWatts.Select(_ => Faintest * _network.Problem.MaxPowerWatts)];
            if (OperatingPoint.TryCreate(Dominant(clear: false, sensing.Directions), faint, _floor.PowerWatts) is null)
            {
                continue;
            }

            foreach (bool clear in (bool[])[true, false])
            {
                if (clear && _network.Problem.Channels[0].Columns == 1)
                {
                    continue;
                }

                BeamSet beams = Dominant(clear, sensing.Directions);
                foreach (double share in (double[])[1, 0.3])
                {
                    if (Largest(beams, share) is { } start)
                    {
                        found = true;
                        yield return start;
                    }
                }
            }
        }
    }

    private BeamSet Dominant(bool clear, ComplexVector[] sensing) => new(
        _network,
        [.. _network.Uplink.Select((h, k) => clear ? Cleared(h.Right, sensing[k]) : h.Right), .. sensing]);

    // The largest data powers of a geometric scale at which the sensing thresholds can still be met.
    private OperatingPoint? Largest(BeamSet beams, double share)
    {
        double[] sensing = [.. _floor.PowerWatts];
        for (int step = 0; step < 40; step++, share *= step < 8 ? 0.8 : 0.3)
        {
            double[] data = [.. sensing.Select(s => Math.Max(Faintest * _network.Problem.MaxPowerWatts, share * (_network.Problem.MaxPowerWatts - s)))];
            if (OperatingPoint.TryCreate(beams, data, sensing) is { } start)
            {
                return start;
            }
        }

        return null;
    }

    private static ComplexVector Cleared(ComplexVector beam, ComplexVector avoided)
    {
        ComplexVector rest = beam.Clone();
        rest.Add(-avoided.Inner(beam), avoided);
        return rest.SquaredNorm() > 1e-3 && rest.Normalise() ? rest : beam;
    }
}
