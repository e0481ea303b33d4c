using IsacTestbed.Core;

namespace IsacTestbed.Learning.Data;

/// <summary>Divides the samples of a data set among devices: every sample goes to exactly one. The result is one list of sample indices
/// per device.</summary>
/// <remarks>Deterministic in the seed, from <see cref="RandomPurpose.Partition"/>.</remarks>
public static class DataPartition
{
    private const uint OrderStream = 0xFFFF_FFFF;

    /// <summary>Independent and identically distributed: a random order, cut into parts whose sizes differ by at most one.</summary>
    /// <param name="count">Number of samples.</param>
    /// <param name="devices">Number of devices.</param>
    /// <param name="seed">The experiment's seed.</param>
    public static int[][] Iid(int count, int devices, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(devices);
        int[] order = new int[count];
        Order(seed).Permute(0, order);
        return Cut(order, devices);
    }

    /// <summary>Each class is divided by shares drawn from a symmetric Dirichlet distribution: the smaller alpha, the more each device
    /// lacks.</summary>
    /// <param name="labels">The class of each sample.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="devices">Number of devices.</param>
    /// <param name="alpha">Concentration, positive: near 0 a class goes to one device, towards infinity the division is even.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive, or a label is no class.</exception>
    public static int[][] Dirichlet(ReadOnlySpan<int> labels, int classes, int devices, double alpha, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(devices);
        if (!(alpha > 0) || !double.IsFinite(alpha))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The concentration of a Dirichlet distribution is positive.");
        }

        var parts = new List<int>[devices];
        for (int d = 0; d < devices; d++)
        {
            parts[d] = [];
        }

        List<int>[] byClass = ByClass(labels, classes, seed);
        for (int label = 0; label < classes; label++)
        {
            double[] shares = DirichletShares(devices, alpha, seed, (uint)label);
            List<int> samples = byClass[label];
            double cumulative = 0;
            int start = 0;
            for (int d = 0; d < devices; d++)
            {
                cumulative += shares[d];
                int end = d == devices - 1 ? samples.Count : Math.Clamp((int)Math.Round(cumulative * samples.Count), start, samples.Count);
                parts[d].AddRange(samples[start..end]);
                start = end;
            }
        }

        return [.. parts.Select(part => part.ToArray())];
    }

    /// <summary>Samples sorted by class are cut into equal shards, and each device draws the same number: it sees about that many
    /// classes.</summary>
    /// <param name="labels">The class of each sample.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="devices">Number of devices.</param>
    /// <param name="shardsPerDevice">Shards that each device draws; about the classes it sees.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <remarks>The pathological division of McMahan et al., "Communication-efficient learning of deep networks", AISTATS 2017.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive, or a label is no class.</exception>
    public static int[][] ByLabel(ReadOnlySpan<int> labels, int classes, int devices, int shardsPerDevice, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(devices);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardsPerDevice);
        int[] sorted = [.. ByClass(labels, classes, seed).SelectMany(samples => samples)];
        int[][] shards = Cut(sorted, checked(devices * shardsPerDevice));
        int[] draw = new int[shards.Length];
        Order(seed).Permute((ulong)labels.Length, draw);
        return [.. draw.Chunk(shardsPerDevice).Select(drawn => drawn.SelectMany(shard => shards[shard]).ToArray())];
    }

    private static CounterRandom Order(ulong seed) => new(seed, RandomPurpose.Partition, OrderStream);

    private static int[][] Cut(int[] order, int parts)
    {
        int[][] result = new int[parts][];
        for (int i = 0; i < parts; i++)
        {
            result[i] = order[(int)((long)order.Length * i / parts)..(int)((long)order.Length * (i + 1) / parts)];
        }

        return result;
    }

    private static List<int>[] ByClass(ReadOnlySpan<int> labels, int classes, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        int[] order = new int[labels.Length];
        Order(seed).Permute(0, order);
        var byClass = new List<int>[classes];
        for (int label = 0; label < classes; label++)
        {
            byClass[label] = [];
        }

        foreach (int i in order)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(labels[i], nameof(labels));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(labels[i], classes, nameof(labels));
            byClass[labels[i]].Add(i);
        }

        return byClass;
    }

    // Normalised gamma variates, by their logarithms: for a small alpha the variates themselves underflow.
    private static double[] DirichletShares(int devices, double alpha, ulong seed, uint label)
    {
        double[] shares = new double[devices];
        for (int d = 0; d < devices; d++)
        {
            shares[d] = LogGammaVariate(alpha, new CounterRandom(seed, RandomPurpose.Partition, label, (uint)d));
        }

        double largest = shares.Max();
        double sum = shares.Sum(value => Math.Exp(value - largest));
        return Array.ConvertAll(shares, value => Math.Exp(value - largest) / sum);
    }

    /// <summary>The logarithm of a gamma variate (Marsaglia and Tsang, ACM TOMS 26, 2000), raised to shape below one by a power of a
    /// uniform.</summary>
    internal static double LogGammaVariate(double shape, CounterRandom random)
    {
        double boost = 0;
        if (shape < 1)
        {
            boost = Math.Log(1 - random.UniformAt(0)) / shape;
            shape++;
        }

        double d = shape - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        for (ulong attempt = 1; ; attempt += 2)
        {
            double x = random.NormalPairAt(attempt).First;
            double v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - random.UniformAt(attempt + 1)) < (0.5 * x * x) + (d * (1 - v + Math.Log(v))))
            {
                return Math.Log(d) + Math.Log(v) + boost;
            }
        }
    }
}
