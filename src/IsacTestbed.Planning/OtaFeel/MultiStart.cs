using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>The best of several descents, improved device by device.</summary>
/// <param name="Precoders">C_k of the best descent.</param>
/// <param name="Trace">Error (7) after each iteration of the alternation that ended it.</param>
/// <param name="Errors">The error that each start reached, of those with a finite one.</param>
/// <param name="Iterations">Steps and iterations of all descents, those of the algorithm as printed included.</param>
internal sealed record MultiStart(ComplexMatrix[] Precoders, IReadOnlyList<double> Trace, IReadOnlyList<double> Errors, int Iterations)
{
    private const int MostTrials = 600;
    private const int IdleRounds = 4;
    private const int AlternatedStarts = 8;
    private const double NothingLeft = 1e-4;
    private const double WorthKeeping = 1e-5;
    private const double Silenced = 1e-3;
    private const double LeastPower = 0.01;

    // Where starts end in many valleys the best one may not be among them: drawing goes on until the lowest error has been reached so often.
    private const int Confirmations = 20;
    private const int MostStarts = 120;
    private const double Same = 1e-3;

    // Times the limit of (30b): where the best plan is taken, and back.
    private static readonly double[] Detours = [1.25, 1.5, 2, 0.9, 0.8];

    /// <summary>
    /// Descends from the first starts of <see cref="StartingPoints"/>, under orthogonal pulses from the end of <see cref="LiteralAlgorithm"/>, and from
    /// further starts until several have reached the lowest error or there have been too many; then from the best plan with one device silenced,
    /// woken or drawn anew, or one silenced for another, and from where it descends to under other limits (30b).
    /// </summary>
    /// <remarks>
    /// Which devices are heard and which are given up is a choice that no descent revises: a precoder near zero stays there.
    /// </remarks>
    /// <exception cref="IsacTestbed.Core.ConfigurationException">No start has a finite error: the numbers of the case leave the range of a double.</exception>
    public static MultiStart Run(OtaFeelCase problem, PulseSharing sharing, CancellationToken cancellationToken)
    {
        var descent = new RefinedDescent(problem, sharing);
        var errors = new List<double>();
        int printedIterations = 0;
        foreach ((ComplexMatrix[] precoders, bool alternateFirst) in Starts())
        {
            Descend(precoders, alternateFirst);
        }

        if (descent.Precoders is null)
        {
            throw OtaFeelPlanner.OutOfRange();
        }

        double bound = sharing == PulseSharing.Orthogonal ? AggregationBound.Compute(problem, descent.Precoders, cancellationToken) : 0;
        double enough = bound * (1 + NothingLeft);
        for (int start = StartingPoints.Count; start < MostStarts && descent.Error > enough && Reached(descent.Error) < Confirmations; start++)
        {
            Descend(StartingPoints.Create(problem, start), alternateFirst: start % 2 == 0);
        }

        ChangeDevices(problem, descent, enough, cancellationToken);
        int elsewhere = TakeDetours(problem, sharing, descent, enough, cancellationToken);
        return new MultiStart(descent.Precoders, descent.Trace, errors, descent.Iterations + elsewhere + printedIterations);

        int Reached(double lowest) => errors.Count(e => e <= lowest * (1 + Same));

        void Descend(ComplexMatrix[] precoders, bool alternateFirst)
        {
            double error = descent.Run(precoders, alternateFirst, cancellationToken);
            if (double.IsFinite(error))
            {
                errors.Add(error);
            }
        }

        IEnumerable<(ComplexMatrix[] Precoders, bool AlternateFirst)> Starts()
        {
            for (int start = 0; start < StartingPoints.Count; start++)
            {
                yield return (StartingPoints.Create(problem, start), start < AlternatedStarts);
            }

            if (sharing == PulseSharing.Orthogonal)
            {
                ComplexMatrix[] printed = StartingPoints.Create(problem, 0);
                var trace = new List<double>();
                LiteralAlgorithm.Run(problem, printed, trace, cancellationToken);
                printedIterations = trace.Count;
                yield return (printed, true);
            }
        }
    }

    // Rounds of all changes, each with other drawn precoders, until some have brought nothing; every change starts from the best plan so far.
    private static void ChangeDevices(OtaFeelCase problem, RefinedDescent descent, double enough, CancellationToken cancellationToken)
    {
        int left = MostTrials, idle = 0;
        for (int round = 0; idle < IdleRounds; round++)
        {
            double before = descent.Error;
            foreach ((int? silenced, int? woken) in Changes(problem, descent))
            {
                if (left-- == 0 || descent.Error <= enough)
                {
                    return;
                }

                descent.RunIfPromising(Changed(problem, descent.Precoders!, silenced, woken, round), cancellationToken);
            }

            idle = descent.Error < before * (1 - WorthKeeping) ? 0 : idle + 1;
        }
    }

    // Under another limit the best plan gives up other devices, and may keep that choice on the way back. A limit that matters neither here nor
    // there changes nothing. Rounds until one has brought nothing; answers the iterations under the other limits.
    private static int TakeDetours(
        OtaFeelCase problem, PulseSharing sharing, RefinedDescent descent, double enough, CancellationToken cancellationToken)
    {
        double power = descent.Precoders!.Sum(c => c.SquaredFrobeniusNorm());
        bool Binds(OtaFeelCase limited) => limited.RequiredPowerWatts >= power * (1 - NothingLeft);
        RefinedDescent[] others =
        [
            .. Detours.Select(factor => problem with { SensingErrorLimit = factor * problem.SensingErrorLimit })
                .Where(p => p.RequiredPowerWatts <= p.Devices * p.PowerWatts && (Binds(problem) || Binds(p)))
                .Select(p => new RefinedDescent(p, sharing)),
        ];
        for (double before = double.PositiveInfinity; descent.Error < before * (1 - WorthKeeping) && descent.Error > enough;)
        {
            before = descent.Error;
            foreach (RefinedDescent other in others)
            {
                ComplexMatrix[] precoders = [.. descent.Precoders!.Select(c => c.Times(1))];
                _ = other.Run(precoders, alternateFirst: false, cancellationToken);
                _ = descent.Run(precoders, alternateFirst: false, cancellationToken);
            }
        }

        return others.Sum(o => o.Iterations);
    }

    // One device silenced, one woken or its precoder drawn anew, and one silenced for another.
    private static IEnumerable<(int? Silenced, int? Woken)> Changes(OtaFeelCase problem, RefinedDescent descent)
    {
        bool Heard(int device) => descent.Precoders![device].SquaredFrobeniusNorm() > LeastPower * problem.PowerWatts;
        for (int k = 0; k < problem.Devices; k++)
        {
            if (Heard(k))
            {
                yield return (k, null);
            }

            yield return (null, k);
        }

        for (int k = 0; k < problem.Devices; k++)
        {
            for (int l = 0; l < problem.Devices; l++)
            {
                if (Heard(k) && !Heard(l))
                {
                    yield return (k, l);
                }
            }
        }
    }

    private static ComplexMatrix[] Changed(OtaFeelCase problem, ComplexMatrix[] precoders, int? silenced, int? woken, int round)
    {
        ComplexMatrix[] changed = [.. precoders.Select((matrix, k) => matrix.Times(k == silenced ? Silenced : 1))];
        if (woken is { } device)
        {
            changed[device] = StartingPoints.Drawn(problem, round, device);
        }

        return changed;
    }
}
