using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// What arrives at one kind of receiver over channels that carry more than one direction, and what it leaves of each user's gain.
/// </summary>
/// <remarks>
/// A beam x of user j of no more than the power p, with |b^H x|^2 at least r along a unit vector b, arrives as alpha H b + H y with
/// |alpha|^2 at least r, y orthogonal to b and |y|^2 at most p - r. Behind every combiner w it has the power (|alpha| |w^H H b| - |w^H H y|)^2
/// or more where the bracket is positive, so that for every d in (0, 1] the covariance H x x^H H^H is bounded from below by
/// (1 - d) r z z^H - (1 / d - 1) (p - r) C C^H with z = H b and C = H (I - b b^H). Each user has two such beams (<see cref="Receivers"/>).
/// N, the noise and these bounds of all others, bounds from below what disturbs user k, and where it is positive definite no beam of user k
/// has a SINR per watt above lambda_max(H_k^H N^-1 H_k). That is convex in the d, since N is concave in them; for a given combiner the best
/// d is (p - r)^(1/2) |C^H w| / (r^(1/2) |z^H w|). Combiner and d are improved in turn; any d are valid. What really disturbs user k is no
/// less than the noise either, so what N lets through beside the dominant direction is never more than the channel alone does. Channels are
/// in units of the noise. Immutable and thread safe.
/// </remarks>
internal sealed class SpreadArrivals
{
    /// <summary>Beams per user, each with a d of its own.</summary>
    public const int BeamsPerUser = 2;

    // Turns between combiner and d, and steps of an eigenvector's iteration in each.
    private const int MaxTurns = 12;
    private const int Steps = 3;

    // Ways towards better d, of the whole: by how much shorter the next one is, and the shortest.
    private const double Shorter = 0.4;
    private const double ShortestStep = 0.01;

    // How much of the noise the d to start from may take away.
    private const double Spent = 0.5;

    // Powers of the best d that take less from the noise and leave more of what arrives: where the user's own beam is not along its direction
    // they say more than the best d do.
    private static readonly double[] Milder = [0.5, 0.25];

    // In units of the noise behind a combiner, what is worth to be known; of the gain, what is worth another turn.
    private const double Worthwhile = 1e-4;
    private const double Settled = 1e-3;
    private const double LeastSplit = 1e-4;

    // By how much the proof of a largest eigenvalue may exceed it.
    private const double Excess = 0.02;

    // Above this part of the noise the rounding of N leaves nothing to be sure of.
    private const double MostRounding = 1e-2;
    private readonly Arrival[] _own;
    private readonly Arrival[] _other;
    private readonly ComplexMatrix[] _channels;
    private readonly ComplexMatrix[] _grams;
    private readonly ComplexVector[] _directions;
    private readonly ArrivalForm[] _alone;
    private readonly double _noise;

    private SpreadArrivals(Receivers receivers, double rounding)
    {
        double scale = 1 / Math.Sqrt(receivers.NoiseWatts);
        _noise = 1 - rounding;

        // Beyond what the channels span there is noise only.
        ComplexVector[] basis = OrthonormalBasis.Of(receivers.Channels.SelectMany(h => Enumerable.Range(0, h.Columns).Select(h.Column)));
        _channels = [.. receivers.Channels.Select(h => Along(basis, h, scale))];
        _grams = [.. _channels.Select(h => h.Gram())];
        _directions = [.. receivers.Norms.Select(n => n.Right)];
        Disturbance quiet = Disturbed([], [])!;
        _own = [.. _channels.Select((h, k) => Arrival.Of(h, _grams[k], _directions[k], quiet))];
        _other = [.. _channels.Select((h, k) => Arrival.Of(h, _grams[k], receivers.Others[k].Right, quiet))];
        _alone = [.. _channels.Select((_, k) => Form(k, quiet))];
    }

    /// <summary>
    /// Prepares the directions; null where every channel has rank one, where there is one user, or where the numbers are too far apart to be
    /// sure of anything.
    /// </summary>
    /// <param name="receivers">This kind of receiver.</param>
    public static SpreadArrivals? Of(Receivers receivers)
    {
        double received = receivers.BudgetWatts / receivers.NoiseWatts * receivers.Norms.Sum(n => n.SquaredUpperBound);
        double rounding = 1e-13 * receivers.Channels[0].Rows * (1 + received);
        bool useful = receivers.Channels.Count > 1 && !receivers.Norms.All(n => n.IsRankOne);
        return useful && rounding < MostRounding ? new SpreadArrivals(receivers, rounding) : null;
    }

    /// <summary>What the others leave of a user's channel, along its dominant direction and beside it.</summary>
    /// <param name="user">The user.</param>
    /// <param name="own">Least power of each user's own beam along its direction, in watts.</param>
    /// <param name="other">The same of its other beam.</param>
    /// <param name="budget">Most power of both, in watts.</param>
    /// <param name="splits">
    /// The d to start from, two per user, which are replaced by better ones; 0 where there is none. They have to come from least powers that
    /// were no larger and budgets that were no smaller.
    /// </param>
    public ArrivalLimit Behind(int user, double[] own, double[] other, double[] budget, double[] splits)
    {
        (int Index, Arrival Beam, double Power, double Slack)[] beams = [.. Others(user, own, other, budget)];
        foreach ((int index, Arrival beam, double power, double slack) in beams)
        {
            splits[index] = splits[index] > 0 ? splits[index] : beam.SafeSplit(power, slack, Spent / beams.Length);
        }

        ArrivalForm alone = _alone[user];
        if (Disturbed(beams, splits) is not { } disturbed || !beams.Any(b => splits[b.Index] < 1))
        {
            return new ArrivalLimit([alone]);
        }

        (double gain, ComplexVector combiner) = Strongest(user, _own[user].Direct, disturbed);
        double[] candidate = [.. splits];
        double step = 1;
        for (int turn = 0; turn < MaxTurns && step > ShortestStep; turn++)
        {
            foreach ((int index, Arrival beam, double power, double slack) in beams)
            {
                candidate[index] = Math.Pow(splits[index], 1 - step) * Math.Pow(beam.BestSplit(combiner, power, slack), step);
            }

            if (Disturbed(beams, candidate) is { } more && Strongest(user, combiner, more) is var found && found.Gain < gain * (1 - Settled))
            {
                candidate.CopyTo(splits, 0);
                disturbed = more;
                (gain, combiner) = found;
            }
            else
            {
                step *= Shorter;
            }
        }

        ArrivalForm form = Form(user, disturbed);
        List<ArrivalForm> forms = [form, alone, new ArrivalForm(form.Along, Math.Sqrt(form.Along * alone.Beside), alone.Beside)];
        foreach (double share in Milder)
        {
            foreach ((int index, _, _, _) in beams)
            {
                candidate[index] = Math.Pow(splits[index], share);
            }

            if (Disturbed(beams, candidate) is { } milder)
            {
                forms.Add(Form(user, milder));
            }
        }

        return new ArrivalLimit(forms, () => Whitened(_channels[user], disturbed.Factor));
    }

    private IEnumerable<(int Index, Arrival Beam, double Power, double Slack)> Others(int user, double[] own, double[] other, double[] budget)
    {
        for (int j = 0; j < own.Length; j++)
        {
            double slack = Math.Max(0, budget[j] - own[j] - other[j]);
            if (j != user && own[j] > 0)
            {
                yield return (BeamsPerUser * j, _own[j], own[j], slack);
            }

            if (j != user && other[j] > 0)
            {
                yield return ((BeamsPerUser * j) + 1, _other[j], other[j], slack);
            }
        }
    }

    // N; null where it is not positive definite.
    private Disturbance? Disturbed((int Index, Arrival Beam, double Power, double Slack)[] beams, double[] splits)
    {
        int n = _grams[0].Rows;
        var noise = new ComplexMatrix(n, n);
        for (int i = 0; i < n; i++)
        {
            noise.Re[(i * n) + i] = _noise;
        }

        foreach ((int index, Arrival beam, double power, double slack) in beams)
        {
            beam.AddTo(noise, power, slack, splits[index]);
        }

        return CholeskyFactor.TryCreate(noise) is { } factor ? new Disturbance(noise, factor) : null;
    }

    // Some steps towards the combiner of the largest gain, and the largest gain on the way.
    private (double Gain, ComplexVector Combiner) Strongest(int user, ComplexVector from, Disturbance disturbance)
    {
        ComplexVector combiner = from.Clone();
        double gain = 0;
        for (int step = 0; step < Steps && combiner.Normalise(); step++)
        {
            ComplexVector image = _grams[user].Times(combiner);
            gain = Math.Max(gain, combiner.Inner(image).Real / combiner.Inner(disturbance.Noise.Times(combiner)).Real);
            disturbance.Factor.Solve(image);
            combiner = image;
        }

        combiner.Normalise();
        return (gain, combiner);
    }

    private ArrivalForm Form(int user, Disturbance disturbance)
    {
        ComplexVector direction = _directions[user], solved = _own[user].Direct.Clone();
        disturbance.Factor.Solve(solved);
        ComplexVector image = _channels[user].AdjointTimes(solved);
        double along = direction.Inner(image).Real;
        image.Add(-along, direction);
        return new ArrivalForm(along, Math.Sqrt(image.SquaredNorm()), Largest(_own[user].Spread, disturbance));
    }

    private static ComplexMatrix Along(ComplexVector[] basis, ComplexMatrix channel, double scale)
    {
        ComplexVector[] columns = [.. Enumerable.Range(0, channel.Columns).Select(channel.Column)];
        return ComplexMatrix.Create(basis.Length, channel.Columns, (i, j) => scale * basis[i].Inner(columns[j]));
    }

    private static ComplexMatrix Whitened(ComplexMatrix channel, CholeskyFactor noise)
    {
        var result = new ComplexMatrix(channel.Rows, channel.Columns);
        for (int j = 0; j < channel.Columns; j++)
        {
            ComplexVector column = channel.Column(j);
            noise.Whiten(column);
            for (int i = 0; i < column.Length; i++)
            {
                result[i, j] = column[i];
            }
        }

        return result;
    }

    // An upper bound of the largest eigenvalue of noise^-1 spread, by a Cholesky factorisation as proof. Looser than a SpectralNorm of the
    // whitened channel, which makes the whole tree a quarter to a half slower and raises its bound by a few parts in ten thousand.
    private static double Largest(ComplexMatrix spread, Disturbance disturbance)
    {
        (ComplexMatrix noise, CholeskyFactor factor) = disturbance;
        int n = spread.Rows;
        int longest = Enumerable.Range(0, n).MaxBy(i => spread.Re[(i * n) + i]);
        double estimate = spread.Re[(longest * n) + longest] / noise.Re[(longest * n) + longest];
        if (!(estimate > 0))
        {
            return 0;
        }

        ComplexVector vector = spread.Column(longest);
        for (int step = 0; step < 3 * Steps && vector.Normalise(); step++)
        {
            ComplexVector image = spread.Times(vector);
            estimate = Math.Max(estimate, vector.Inner(image).Real / vector.Inner(noise.Times(vector)).Real);
            factor.Solve(image);
            vector = image;
        }

        for (double excess = Excess; ; excess *= 2)
        {
            double candidate = estimate * (1 + excess);
            var left = new ComplexMatrix(n, n);
            for (int i = 0; i < left.Re.Length; i++)
            {
                left.Re[i] = (candidate * noise.Re[i]) - spread.Re[i];
                left.Im[i] = (candidate * noise.Im[i]) - spread.Im[i];
            }

            if (CholeskyFactor.TryCreate(left) is not null)
            {
                return candidate;
            }
        }
    }

    private sealed record Disturbance(ComplexMatrix Noise, CholeskyFactor Factor);

    /// <summary>How one beam arrives: what is known of it, and what it can have beside.</summary>
    /// <param name="Direct">z.</param>
    /// <param name="Known">z z^H.</param>
    /// <param name="Spread">C C^H.</param>
    /// <param name="Most">Its largest eigenvalue.</param>
    private sealed record Arrival(ComplexVector Direct, ComplexMatrix Known, ComplexMatrix Spread, double Most)
    {
        public static Arrival Of(ComplexMatrix channel, ComplexMatrix gram, ComplexVector direction, Disturbance quiet)
        {
            ComplexVector z = channel.Times(direction);
            var known = ComplexMatrix.Create(z.Length, z.Length, (i, j) => z[i] * Complex.Conjugate(z[j]));
            var spread = ComplexMatrix.Create(z.Length, z.Length, (i, j) => gram[i, j] - known[i, j]);
            return new Arrival(z, known, spread, Largest(spread, quiet));
        }

        // A d with which the beam takes no more than that from the noise; 1 where nothing is known of what arrives along z.
        public double SafeSplit(double power, double slack, double spent)
        {
            ComplexVector along = Direct.Clone();
            double most = slack * Most;
            return along.Normalise() && BestSplit(along, power, slack) < 1 ? Math.Max(LeastSplit, most / (spent + most)) : 1;
        }

        // The best d for a combiner; 1 where nothing is known of what arrives behind it.
        public double BestSplit(ComplexVector combiner, double power, double slack)
        {
            double amplitude = combiner.Inner(Direct).Magnitude, known = power * amplitude * amplitude;
            double unknown = slack * Math.Max(0, combiner.Inner(Spread.Times(combiner)).Real);
            return known > unknown && known > Worthwhile ? Math.Max(LeastSplit, Math.Sqrt(unknown / known)) : 1;
        }

        public void AddTo(ComplexMatrix noise, double power, double slack, double split)
        {
            double plus = (1 - split) * power, minus = ((1 / split) - 1) * slack;
            if (plus > 0)
            {
                Kernels.Accumulate(plus, Known.Re, noise.Re);
                Kernels.Accumulate(plus, Known.Im, noise.Im);
                Kernels.Accumulate(-minus, Spread.Re, noise.Re);
                Kernels.Accumulate(-minus, Spread.Im, noise.Im);
            }
        }
    }
}
