using IsacTestbed.Core;
using IsacTestbed.Learning.Data;

namespace IsacTestbed.Learning.Tests.Data;

public sealed class DataPartitionTests
{
    private const int Classes = 10;
    private static readonly int[] Labels = TestValues.Integers(2003, 50, Classes);

    [Fact]
    public void Partition_OfEachKind_GivesEverySampleToOneDeviceAndDependsOnlyOnTheSeed()
    {
        Func<ulong, int[][]>[] kinds =
        [
            seed => DataPartition.Iid(Labels.Length, 7, seed),
            seed => DataPartition.Dirichlet(Labels, Classes, 7, 0.3, seed),
            seed => DataPartition.Dirichlet(Labels, Classes, 7, 1e-3, seed),
            seed => DataPartition.ByLabel(Labels, Classes, 7, 2, seed),
        ];
        foreach (Func<ulong, int[][]> kind in kinds)
        {
            int[][] parts = kind(11);
            Assert.Equal(7, parts.Length);
            Assert.Equal(Enumerable.Range(0, Labels.Length), parts.SelectMany(part => part).Order());
            Assert.Equal(parts, kind(11));
            Assert.NotEqual(parts, kind(12));
        }
    }

    [Fact]
    public void Iid_Parts_AreEvenInSizeAndInClasses()
    {
        int[][] parts = DataPartition.Iid(Labels.Length, 5, 1);
        Assert.All(parts, part => Assert.InRange(part.Length, 400, 401));
        foreach (int[] part in parts)
        {
            // Chi-square of ten classes against the whole set: 9 degrees of freedom, mean 9, deviation sqrt(18); five deviations.
            double chiSquare = Enumerable.Range(0, Classes).Sum(label =>
            {
                double expected = (double)Labels.Count(other => other == label) * part.Length / Labels.Length;
                return Math.Pow(part.Count(i => Labels[i] == label) - expected, 2) / expected;
            });
            Assert.InRange(chiSquare, 0, 9 + (5 * Math.Sqrt(18)));
        }
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(5)]
    public void Dirichlet_Shares_HaveTheVarianceOfTheirConcentration(double alpha)
    {
        const int Devices = 4, Seeds = 60, PerClass = 1000;
        int[] labels = [.. Enumerable.Range(0, Classes * PerClass).Select(i => i % Classes)];
        double sumOfSquares = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            foreach (int[] part in DataPartition.Dirichlet(labels, Classes, Devices, alpha, seed))
            {
                for (int label = 0; label < Classes; label++)
                {
                    sumOfSquares += Math.Pow((part.Count(i => labels[i] == label) / (double)PerClass) - (1.0 / Devices), 2);
                }
            }
        }

        // Var = (1/K)(1 - 1/K) / (K alpha + 1). 600 independent draws of four shares; a squared deviation scatters by less than twice its
        // mean, so the mean of 600 groups by less than 2 / sqrt(600) = 8 %; three and a half deviations.
        double expected = 0.25 * 0.75 / ((Devices * alpha) + 1);
        Assert.Equal(expected, sumOfSquares / (Seeds * Classes * Devices), 0.28 * expected);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(2.5)]
    public void GammaVariate_OfAShape_HasItsMeanAndVariance(double shape)
    {
        const int Count = 20_000;
        double sum = 0, square = 0;
        for (uint i = 0; i < Count; i++)
        {
            double value = Math.Exp(DataPartition.LogGammaVariate(shape, new CounterRandom(3, RandomPurpose.Test, i)));
            sum += value;
            square += (value - shape) * (value - shape);
        }

        // Mean and variance are the shape; the fourth central moment is 3 s^2 + 6 s. Five deviations.
        Assert.Equal(shape, sum / Count, 5 * Math.Sqrt(shape / Count));
        Assert.Equal(shape, square / Count, 5 * Math.Sqrt(((2 * shape * shape) + (6 * shape)) / Count));
    }

    [Fact]
    public void ByLabel_WithTwoShards_ShowsEachDeviceFewClasses()
    {
        // A shard of 1/14 of the set is shorter than a class (1/10), so it touches at most two.
        foreach (int[] part in DataPartition.ByLabel(Labels, Classes, 7, 2, 4))
        {
            Assert.InRange(part.Select(i => Labels[i]).Distinct().Count(), 1, 4);
        }
    }

    [Fact]
    public void Partition_WithWrongArguments_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DataPartition.Iid(10, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataPartition.Dirichlet([0, 1], 2, 2, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataPartition.Dirichlet([0, 2], 2, 2, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataPartition.ByLabel([0, 1], 2, 2, 0, 1));
    }
}
