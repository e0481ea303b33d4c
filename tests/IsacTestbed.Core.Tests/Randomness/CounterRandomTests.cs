namespace IsacTestbed.Core.Tests.Randomness;

public sealed class CounterRandomTests
{
    private const int Draws = 1 << 16;

    /// <summary>
    /// Vectors of Random123's kat_vectors for philox4x32-10, addressed through the layout of the counter. The published vectors with counters
    /// of all ones and of the digits of pi have the entity and purpose words that a stream's constructor can form.
    /// </summary>
    [Theory]
    [InlineData(0xFFFFFFFFFFFFFFFFUL, 0xFFFFFFFFFFFFFFFFUL, 0xFFFFFFFFU, 0xFFFFFFFFU, 0x408F276DU, 0x41C83B0EU, 0xA20BC7C6U, 0x6D5451FDU)]
    [InlineData(0x299F31D0A4093822UL, 0x85A308D3243F6A88UL, 0x13198A2EU, 0x03707344U, 0xD16CFE09U, 0x94FDCCEBU, 0x5001E420U, 0x24126EA1U)]
    public void Block_PublishedVectors_AreMet(ulong key, ulong counter, uint entity, uint purpose, uint w0, uint w1, uint w2, uint w3)
    {
        var random = new CounterRandom(key, (RandomPurpose)(purpose >> 24), entity, purpose & 0xFFFFFF);
        Assert.Equal((w0, w1, w2, w3), random.Block(counter));
    }

    /// <summary>The published vector of zeros cannot be addressed: its purpose word is zero, which a stream refuses.</summary>
    [Fact]
    public void Default_HasNoStream() => Assert.Throws<InvalidOperationException>(() => default(CounterRandom).Block(0));

    [Fact]
    public void Constructor_WithoutPurposeOrWithTooLargePart_Complains()
    {
        Assert.Equal("purpose", Assert.Throws<ArgumentOutOfRangeException>(() => new CounterRandom(1, RandomPurpose.Unspecified)).ParamName);
        Assert.Equal("part", Assert.Throws<ArgumentOutOfRangeException>(() => new CounterRandom(1, RandomPurpose.Test, 0, 1 << 24)).ParamName);
    }

    /// <summary>Chi-square over 256 cells has 255 degrees of freedom: mean 255, deviation 22.6; five deviations miss once in 3 million.</summary>
    [Fact]
    public void UniformAt_OverCells_IsUniform()
    {
        const int cells = 256;
        int[] counts = new int[cells];
        var random = new CounterRandom(1, RandomPurpose.Test);
        for (int i = 0; i < Draws; i++)
        {
            double value = random.UniformAt((ulong)i);
            Assert.InRange(value, 0, Math.BitDecrement(1.0));
            counts[(int)(value * cells)]++;
        }

        double expected = (double)Draws / cells, statistic = counts.Sum(c => (c - expected) * (c - expected) / expected);
        Assert.InRange(statistic, 255 - (5 * Math.Sqrt(2 * 255)), 255 + (5 * Math.Sqrt(2 * 255)));
    }

    /// <summary>Bits of a word agree between independent streams in half of the cases; 64 n bits deviate by 4 sqrt(n), five times that is allowed.</summary>
    [Theory]
    [InlineData(2UL, RandomPurpose.Test, 0U, 0U)]
    [InlineData(1UL, RandomPurpose.Bootstrap, 0U, 0U)]
    [InlineData(1UL, RandomPurpose.Test, 1U, 0U)]
    [InlineData(1UL, RandomPurpose.Test, 0U, 1U)]
    public void UInt64At_StreamsOfOtherAddresses_AreIndependent(ulong seed, RandomPurpose purpose, uint entity, uint part)
    {
        var one = new CounterRandom(1, RandomPurpose.Test);
        var other = new CounterRandom(seed, purpose, entity, part);
        long agree = 0;
        for (int i = 0; i < Draws; i++)
        {
            agree += 64 - System.Numerics.BitOperations.PopCount(one.UInt64At((ulong)i) ^ other.UInt64At((ulong)i));
        }

        Assert.InRange(agree, (32L * Draws) - (20 * Math.Sqrt(Draws)), (32L * Draws) + (20 * Math.Sqrt(Draws)));
    }

    [Fact]
    public void UniformAt_Neighbours_AreUncorrelated()
    {
        var random = new CounterRandom(3, RandomPurpose.Test);
        double sum = 0;
        for (int i = 0; i < Draws; i++)
        {
            sum += (random.UniformAt((ulong)i) - 0.5) * (random.UniformAt((ulong)i + 1) - 0.5);
        }

        // Each product has mean zero and deviation 1/12; five deviations of the mean.
        Assert.InRange(sum / Draws, -5.0 / 12 / Math.Sqrt(Draws), 5.0 / 12 / Math.Sqrt(Draws));
    }

    [Fact]
    public void IntegerAt_AnyMaximum_StaysBelowItAndReachesAll()
    {
        var random = new CounterRandom(4, RandomPurpose.Test);
        foreach (int maximum in new[] { 1, 2, 3, 7, 10 })
        {
            int[] counts = new int[maximum];
            for (int i = 0; i < 10_000; i++)
            {
                counts[random.IntegerAt((ulong)i, maximum)]++;
            }

            double expected = 10_000.0 / maximum;
            Assert.All(counts, c => Assert.InRange(c, expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected))));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => random.IntegerAt(0, 0));
    }

    [Fact]
    public void ExponentialAt_HasMeanAndVarianceOne()
    {
        var random = new CounterRandom(5, RandomPurpose.Test);
        double[] values = [.. Enumerable.Range(0, Draws).Select(i => random.ExponentialAt((ulong)i))];
        double mean = values.Average(), variance = values.Average(v => (v - 1) * (v - 1));

        // Deviations: 1 of a sample, sqrt(8) of a square.
        Assert.InRange(mean, 1 - (5 / Math.Sqrt(Draws)), 1 + (5 / Math.Sqrt(Draws)));
        Assert.InRange(variance, 1 - (5 * Math.Sqrt(8) / Math.Sqrt(Draws)), 1 + (5 * Math.Sqrt(8) / Math.Sqrt(Draws)));
        Assert.All(values, v => Assert.True(v >= 0 && double.IsFinite(v)));
    }

    [Fact]
    public void NormalPairAt_HasMomentsOfTwoIndependentNormals()
    {
        var random = new CounterRandom(6, RandomPurpose.Test);
        (double First, double Second)[] pairs = [.. Enumerable.Range(0, Draws).Select(i => random.NormalPairAt((ulong)i))];
        double bound = 5 / Math.Sqrt(Draws);
        Assert.InRange(pairs.Average(p => p.First), -bound, bound);
        Assert.InRange(pairs.Average(p => p.Second), -bound, bound);
        Assert.InRange(pairs.Average(p => p.First * p.Second), -bound, bound);
        Assert.InRange(pairs.Average(p => p.First * p.First), 1 - (bound * Math.Sqrt(2)), 1 + (bound * Math.Sqrt(2)));
        Assert.InRange(pairs.Average(p => Math.Pow(p.Second, 4)), 3 - (bound * Math.Sqrt(96)), 3 + (bound * Math.Sqrt(96)));
    }

    [Fact]
    public void Permute_IsAPermutation_AndEveryOneIsAsLikely()
    {
        var random = new CounterRandom(7, RandomPurpose.Test);
        var counts = new Dictionary<string, int>();
        const int trials = 24_000;
        int[] order = new int[4];
        for (int t = 0; t < trials; t++)
        {
            random.Permute((ulong)(t * 4), order);
            Assert.Equal([0, 1, 2, 3], order.Order());
            string key = string.Join(',', order);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, c => Assert.InRange(c, 1000 - (5 * Math.Sqrt(1000)), 1000 + (5 * Math.Sqrt(1000))));
    }
}
