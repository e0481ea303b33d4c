using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>How much of the access point's dimensions the data of sets of users can take together.</summary>
/// <remarks>
/// <para>Of a set U let S be the covariance of all that its users send, N that of the noise and of what the others send at least, T = N + S and
/// Y = T^-1, everything in units of the noise. The sum over U of x_k = gamma / (1 + gamma), which is at most f_k^H H_k^H Y H_k f_k, and of
/// u_k^H H_k^H Y H_k u_k is at most tr(S Y) = M - tr(N Y). Full power gives the least Y, Y_0, and for all mu_k at least 0 with the sum of
/// mu_k H_k H_k^H at most N</para>
/// <code>tr(N Y) >= tr(N Y_0) + sum of mu_k (lambda_max(H_k^H Y H_k) - lambda_max(H_k^H Y_0 H_k)).</code>
/// <para>Where H_k has rank one, with F and G what both beams have along its direction, x_k is at most F times that eigenvalue: mu_k and the
/// sensing beam take (mu_k + G) / F dimensions per x_k or more (<see cref="SensingLeak"/>). Elsewhere they take mu_k over the largest data power.
/// So whoever is faint keeps the others quiet and leaves dimensions to the noise, and whoever cannot hide its sensing beam takes dimensions
/// for it. Together that is one linear constraint on the x_k (<see cref="LoadLimit"/>).</para>
/// <para>Every channel is a number of streams, one per column of a root of H_k H_k^H, and everything follows from their Gram matrix. Immutable
/// and thread safe.</para>
/// </remarks>
internal sealed class UplinkLoads
{
    // Above this number of streams the third power is too much to ask of every box.
    private const int MostStreams = 32;

    // Above this the channels are too far from rank one, or the numbers too far apart.
    private const double MostMargin = 0.1;

    // Below this ratio to the noise what arrives of a user is too near the rounding of one.
    private const double Faint = 1e-6;
    private const double Rounding = 1e-9;

    // The power of the eigenvalues by which they share the gradient of the largest one.
    private const double Sharpness = 8;
    private readonly RankOneArrivals _known;
    private readonly int[] _owner;
    private readonly ComplexMatrix? _gram;
    private readonly double _antennas;

    /// <summary>Prepares the streams.</summary>
    /// <param name="ap">The access point.</param>
    /// <param name="known">What arrives at it over channels of rank one.</param>
    public UplinkLoads(Receivers ap, RankOneArrivals known)
    {
        _known = known;
        _antennas = known.Antennas;
        int count = ap.Channels.Count;
        int[] streams = [.. Enumerable.Range(0, count).Select(k => known.Knows(k) ? 1 : Math.Min(ap.Channels[k].Rows, ap.Channels[k].Columns))];
        _owner = [.. streams.SelectMany((n, k) => Enumerable.Repeat(k, n))];
        if (known.Margin > MostMargin || (_owner.Length > MostStreams && _owner.Length > count))
        {
            return;
        }

        double scale = 1 / Math.Sqrt(ap.NoiseWatts);
        ComplexVector[] columns = [.. ap.Channels.SelectMany((h, k) => known.Knows(k) ? [h.Times(ap.Norms[k].Right)] : Root(h))];
        foreach (ComplexVector column in columns)
        {
            column.Scale(scale);
        }

        _gram = ComplexMatrix.Create(columns.Length, columns.Length, (i, j) => columns[i].Inner(columns[j]));
    }

    /// <summary>The constraint of a set.</summary>
    /// <param name="members">Whether each user belongs to it.</param>
    /// <param name="noise">mu per user up to a common factor, which is the largest that is allowed.</param>
    /// <param name="sent">What the users send at least and at most.</param>
    /// <param name="limits">Each user's upload beside the others.</param>
    public LoadLimit Limit(bool[] members, double[] noise, BeamPowers sent, UplinkLimit[] limits) =>
        _gram is null ? ByPower(members, limits) : Limit(Prepare(members, sent, limits), noise, members, limits);

    /// <summary>The constraint of a set that given loads exceed the most, as far as its mu were improved, and these.</summary>
    /// <param name="members">Whether each user belongs to the set.</param>
    /// <param name="loads">x of every user.</param>
    /// <param name="sent">What the users send at least and at most.</param>
    /// <param name="limits">Each user's upload beside the others.</param>
    /// <param name="turns">How often the mu are improved.</param>
    public (double[] Noise, LoadLimit Limit) Tightest(bool[] members, double[] loads, BeamPowers sent, UplinkLimit[] limits, int turns)
    {
        if (_gram is null)
        {
            return (new double[members.Length], ByPower(members, limits));
        }

        Prepared at = Prepare(members, sent, limits);
        double[] noise = NoisePrices(at, loads, turns);
        return (noise, Limit(at, noise, members, limits));
    }

    // By concavity, whatever the directions.
    private LoadLimit ByPower(bool[] members, UplinkLimit[] limits)
    {
        double power = limits.Where((_, k) => members[k]).Sum(l => l.ReceivedPower);
        return new LoadLimit(_antennas * power / (_antennas + power), [.. limits.Select((l, k) => members[k] ? 1 + l.Leak : 0)]);
    }

    private LoadLimit Limit(Prepared at, double[] noise, bool[] members, UplinkLimit[] limits)
    {
        double[] weights = [.. limits.Select((l, k) => members[k] ? 1 + l.Leak : 0)];
        double dimensions = (at.Load * (1 + _known.Margin)) + (_owner.Length * ((_known.Residue * at.Most) + Rounding));
        double norm = noise.Any(n => n > 0) ? Norm(at, noise) : 0;
        for (int k = 0; k < members.Length; k++)
        {
            if (at.IsHeard[k])
            {
                double price = norm > 0 ? noise[k] / norm : 0;
                weights[k] += at.Leaks[k].Share(price) / (1 + _known.Margin);
                dimensions += price > 0 ? price * ((at.Reach.Value[k] * (1 + _known.Margin + Rounding)) + _known.Residue) : 0;
            }
        }

        return new LoadLimit(dimensions, weights);
    }

    // mu with which the constraint is exceeded the most by given loads; up to a common factor.
    private double[] NoisePrices(Prepared at, double[] loads, int turns)
    {
        double[] best = new double[loads.Length], reach = at.Reach.Value;
        double[] prices = new double[loads.Length];
        for (int s = 0; s < _owner.Length; s++)
        {
            prices[_owner[s]] += at.Behind.Value[s, s].Real;
        }

        prices = [.. prices.Select((gain, k) => at.IsHeard[k] && gain > 0 ? 1 / gain : 0)];
        double most = 0;
        for (int turn = 0; turn < turns && prices.Any(p => p > 0); turn++)
        {
            // The gradient of the largest eigenvalue, smoothed where several are nearly as large.
            var eigen = HermitianEigen.Of(Scaled(at.Behind.Value, prices, out int[] streams));
            double top = eigen.Values.Max(), total = 0;
            prices = [.. prices.Select(p => p / top)];
            double[] worth = [.. prices.Select((p, k) => p > 0 ? (loads[k] * (at.Leaks[k].Share(p) - at.Leaks[k].Share(0))) - (p * reach[k]) : 0)];
            double sum = worth.Sum(w => Math.Max(0, w)), value = worth.Sum();
            if (value > most)
            {
                (most, best) = (value, prices);
            }

            if (!(sum > 0))
            {
                break;
            }

            double[] share = new double[loads.Length];
            for (int e = 0; e < eigen.Values.Length; e++)
            {
                double emphasis = Math.Pow(Math.Max(0, eigen.Values[e]) / top, Sharpness);
                total += emphasis;
                for (int s = 0; s < streams.Length; s++)
                {
                    Complex entry = eigen.Vectors[s, e];
                    share[_owner[streams[s]]] += emphasis * ((entry.Real * entry.Real) + (entry.Imaginary * entry.Imaginary));
                }
            }

            prices = [.. prices.Select((p, k) => worth[k] > 0 ? p * Math.Sqrt(worth[k] / sum / Math.Max(1e-6, share[k] / total)) : 0)];
        }

        return best;
    }

    // The largest eigenvalue of N^(-1/2) (sum of mu_k H_k H_k^H) N^(-1/2), or a little more.
    private double Norm(Prepared at, double[] prices) =>
        Math.Sqrt(SpectralNorm.Of(Scaled(at.Behind.Value, prices, out _)).SquaredUpperBound) * (1 + _known.Margin);

    // Of the streams that have a price; it has the same eigenvalues above 0.
    private ComplexMatrix Scaled(ComplexMatrix gram, double[] prices, out int[] streams)
    {
        int[] priced = streams = [.. Enumerable.Range(0, _owner.Length).Where(s => prices[_owner[s]] > 0)];
        double[] root = [.. priced.Select(s => Math.Sqrt(prices[_owner[s]]))];
        return ComplexMatrix.Create(root.Length, root.Length, (i, j) => gram[priced[i], priced[j]] * root[i] * root[j]);
    }

    private Prepared Prepare(bool[] members, BeamPowers sent, UplinkLimit[] limits)
    {
        int streams = _owner.Length;
        SensingLeak[] leaks = [.. limits.Select((l, k) => _known.Knows(k) && !(l.Leak > 0) ? l.BesideData(sent.Sensing[k]) : new SensingLeak(0, 0, 0, l.MostData))];
        double[] least = new double[streams], full = new double[streams];
        for (int s = 0; s < streams; s++)
        {
            int k = _owner[s];
            if (members[k])
            {
                // With one transmit antenna the sensing beam has its floor, and the rest of it in proportion to the data.
                least[s] = limits[k].Leak > 0 ? limits[k].Floor : 0;
                full[s] = least[s] + (leaks[k].Budget * (1 + limits[k].Leak));
            }
            else
            {
                least[s] = full[s] = _known.Knows(k) ? _known.Received(k, sent.Data, sent.Sensing, sent.Budget, sent.AtAp.Least) : 0;
            }
        }

        // With P the powers and M = I + P^(1/2) V^H V P^(1/2), P^(1/2) V^H T^-1 V P^(1/2) = I - M^-1.
        ComplexMatrix inverse = Factor(full).Inverse();
        double load = 0;
        double[] arriving = new double[members.Length];
        for (int s = 0; s < streams; s++)
        {
            load += members[_owner[s]] && full[s] > 0 ? (1 - inverse[s, s].Real) * (full[s] - least[s]) / full[s] : 0;
            arriving[_owner[s]] += full[s] * _gram![s, s].Real;
        }

        bool[] heard = [.. members.Select((m, k) => m && leaks[k].Budget > leaks[k].Floor && arriving[k] > Faint)];
        return new Prepared(leaks, load, heard, full.DefaultIfEmpty(0).Max(), new(() => Reach(heard, full, inverse)), new(() => Behind(members, least)));
    }

    // lambda_max(H^H Y_0 H) of the users that are heard.
    private double[] Reach(bool[] heard, double[] full, ComplexMatrix inverse)
    {
        double[] reach = new double[heard.Length];
        for (int first = 0; first < full.Length;)
        {
            int k = _owner[first], count = _owner.Count(o => o == k), offset = first;
            if (heard[k])
            {
                var block = ComplexMatrix.Create(count, count, (i, j) => ((i == j ? 1 : 0) - inverse[offset + i, offset + j]) / full[offset]);
                reach[k] = count == 1 ? block[0, 0].Real : HermitianEigen.Of(block).Values.Max();
            }

            first += count;
        }

        return reach;
    }

    // V^H N^-1 V of the members' streams.
    private ComplexMatrix Behind(bool[] members, double[] least)
    {
        int streams = _owner.Length;
        double[] root = [.. least.Select(Math.Sqrt)];
        CholeskyFactor factor = Factor(least);
        var seen = new ComplexVector?[streams];
        for (int s = 0; s < streams; s++)
        {
            if (members[_owner[s]])
            {
                var column = new ComplexVector(streams);
                for (int i = 0; i < streams; i++)
                {
                    Complex entry = _gram![i, s] * root[i];
                    (column.Re[i], column.Im[i]) = (entry.Real, entry.Imaginary);
                }

                factor.Whiten(column);
                seen[s] = column;
            }
        }

        return ComplexMatrix.Create(streams, streams, (i, j) => seen[i] is { } a && seen[j] is { } b ? _gram![i, j] - a.Inner(b) : 0);
    }

    private CholeskyFactor Factor(double[] power)
    {
        double[] root = [.. power.Select(Math.Sqrt)];
        var matrix = ComplexMatrix.Create(root.Length, root.Length, (i, j) => (i == j ? 1 : 0) + (_gram![i, j] * root[i] * root[j]));
        return CholeskyFactor.TryCreate(matrix) ?? throw new ArithmeticException("The received streams have no finite covariance.");
    }

    // R with R R^H = H H^H, with as few columns as there are.
    private static IEnumerable<ComplexVector> Root(ComplexMatrix channel)
    {
        if (channel.Columns <= channel.Rows)
        {
            return Enumerable.Range(0, channel.Columns).Select(channel.Column);
        }

        var eigen = HermitianEigen.Of(channel.Gram());
        return Enumerable.Range(0, channel.Rows).Select(e =>
        {
            ComplexVector column = eigen.Vectors.Column(e);
            column.Scale(Math.Sqrt(Math.Max(0, eigen.Values[e])));
            return column;
        });
    }

    // What the users take beside their data, tr(S Y_0), whether a user arrives above the rounding, the most power of a stream, and for those
    // who ask lambda_max(H^H Y_0 H) and V^H N^-1 V.
    private sealed record Prepared(
        SensingLeak[] Leaks, double Load, bool[] IsHeard, double Most, Lazy<double[]> Reach, Lazy<ComplexMatrix> Behind);
}
