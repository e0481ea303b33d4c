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
/// d is (p - r)^(1/2) |C^H w| / (r^(1/2) |z^H w|). Combiner and d are improved in turn; any d are valid. Channels are in units of the noise.
/// Immutable and thread safe.
/// </remarks>
internal sealed class SpreadArrivals
{
    // Turns between combiner and d, and steps of an eigenvector's iteration in each.
    private const int MaxTurns = 12;
    private const int Steps = 3;
    private const int MaxRetreats = 4;

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
    private readonly double _budget;
    private readonly double _noise;

    private SpreadArrivals(Receivers receivers, double rounding)
    {
        double scale = 1 / Math.Sqrt(receivers.NoiseWatts);
        (_budget, _noise) = (receivers.BudgetWatts, 1 - rounding);
        _channels = [.. receivers.Channels.Select(h => ComplexMatrix.Create(h.Rows, h.Columns, (i, j) => scale * h[i, j]))];
        _grams = [.. _channels.Select(Gram)];
        _directions = [.. receivers.Norms.Select(n => n.Right)];
        _own = [.. _channels.Select((h, k) => Arrival.Of(h, _grams[k], _directions[k]))];
        _other = [.. _channels.Select((h, k) => Arrival.Of(h, _grams[k], receivers.Others[k].Right))];
        (ComplexMatrix quiet, CholeskyFactor factor) = Disturbed([], [])!.Value;
        _alone = [.. _channels.Select((_, k) => Form(k, quiet, factor))];
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
    public ArrivalForm Behind(int user, double[] own, double[] other)
    {
        (Arrival Beam, double Power, double Slack)[] beams = [.. Others(user, own, other)];
        double[] splits = new double[beams.Length];
        ComplexVector combiner = _own[user].Direct.Clone();
        double least = _alone[user].Gain * (1 - Settled), before = 0;
        (ComplexMatrix Noise, CholeskyFactor Factor)? kept = null;
        for (int turn = 0; turn < MaxTurns && combiner.Normalise(); turn++)
        {
            for (int i = 0; i < beams.Length; i++)
            {
                double best = beams[i].Beam.BestSplit(combiner, beams[i].Power, beams[i].Slack);
                splits[i] = turn == 0 ? best : Math.Sqrt(splits[i] * best);
            }

            if (Disturbed(beams, splits) is not { } disturbed)
            {
                break;
            }

            double gain = 0;
            for (int step = 0; step < Steps; step++)
            {
                ComplexVector image = _grams[user].Times(combiner);
                gain = combiner.Inner(image).Real / combiner.Inner(disturbed.Noise.Times(combiner)).Real;
                disturbed.Factor.Solve(image);
                combiner = image;
            }

            if (gain < least)
            {
                (least, kept) = (gain, disturbed);
            }

            if (Math.Abs(gain - before) <= Settled * gain)
            {
                break;
            }

            before = gain;
        }

        ArrivalForm alone = _alone[user];
        ArrivalForm form = kept is { } known ? Form(user, known.Noise, known.Factor) : alone;
        return form.Gain < alone.Gain ? form : alone;
    }

    private IEnumerable<(Arrival Beam, double Power, double Slack)> Others(int user, double[] own, double[] other)
    {
        for (int j = 0; j < own.Length; j++)
        {
            double slack = Math.Max(0, _budget - own[j] - other[j]);
            if (j != user && own[j] > 0)
            {
                yield return (_own[j], own[j], slack);
            }

            if (j != user && other[j] > 0)
            {
                yield return (_other[j], other[j], slack);
            }
        }
    }

    // The noise with all that arrives; splits that leave it indefinite are brought nearer to 1.
    private (ComplexMatrix Noise, CholeskyFactor Factor)? Disturbed((Arrival Beam, double Power, double Slack)[] beams, double[] splits)
    {
        int n = _grams[0].Rows;
        for (int attempt = 0; attempt < MaxRetreats; attempt++)
        {
            var noise = new ComplexMatrix(n, n);
            for (int i = 0; i < n; i++)
            {
                noise.Re[(i * n) + i] = _noise;
            }

            for (int i = 0; i < beams.Length; i++)
            {
                beams[i].Beam.AddTo(noise, beams[i].Power, beams[i].Slack, splits[i]);
            }

            if (CholeskyFactor.TryCreate(noise) is { } factor)
            {
                return (noise, factor);
            }

            for (int i = 0; i < splits.Length; i++)
            {
                splits[i] = Math.Sqrt(splits[i]);
            }
        }

        return null;
    }

    private ArrivalForm Form(int user, ComplexMatrix noise, CholeskyFactor factor)
    {
        ComplexVector direction = _directions[user], solved = _own[user].Direct.Clone();
        factor.Solve(solved);
        ComplexVector image = _channels[user].AdjointTimes(solved);
        double along = direction.Inner(image).Real;
        image.Add(-along, direction);
        return new ArrivalForm(along, Math.Sqrt(image.SquaredNorm()), Largest(_own[user].Spread, noise, factor));
    }

    // An upper bound of the largest eigenvalue of noise^-1 spread, by a Cholesky factorisation as proof.
    private static double Largest(ComplexMatrix spread, ComplexMatrix noise, CholeskyFactor factor)
    {
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

    // H H^H.
    private static ComplexMatrix Gram(ComplexMatrix h)
    {
        var gram = new ComplexMatrix(h.Rows, h.Rows);
        for (int i = 0; i < h.Rows; i++)
        {
            for (int j = 0; j < h.Rows; j++)
            {
                Range row = (i * h.Columns)..((i + 1) * h.Columns), other = (j * h.Columns)..((j + 1) * h.Columns);
                (double re, double im) = ComplexRows.DotConjugate(h.Re.AsSpan(row), h.Im.AsSpan(row), h.Re.AsSpan(other), h.Im.AsSpan(other));
                gram[i, j] = new Complex(re, im);
            }
        }

        return gram;
    }

    /// <summary>How one beam arrives: what is known of it, and what it can have beside.</summary>
    /// <param name="Direct">z.</param>
    /// <param name="Known">z z^H.</param>
    /// <param name="Spread">C C^H.</param>
    private sealed record Arrival(ComplexVector Direct, ComplexMatrix Known, ComplexMatrix Spread)
    {
        public static Arrival Of(ComplexMatrix channel, ComplexMatrix gram, ComplexVector direction)
        {
            ComplexVector z = channel.Times(direction);
            var known = ComplexMatrix.Create(z.Length, z.Length, (i, j) => z[i] * Complex.Conjugate(z[j]));
            return new Arrival(z, known, ComplexMatrix.Create(z.Length, z.Length, (i, j) => gram[i, j] - known[i, j]));
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
