namespace IsacTestbed.Core.Tests;

public sealed class StandardNormalTests
{
    private const int Count = 1 << 22;

    private static readonly Lazy<float[]> Sample = new(() => Fill(new CounterRandom(1, RandomPurpose.Test), 0, Count));

    public static TheoryData<int> Lengths => [0, 1, 3, 7, 15, 16, 17, 63, 64, 65, 127, 128, 129, 1000, 2049];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void FillStandardNormal_AnyOffsetAndLength_SameNumbersAtSameIndices(int length)
    {
        var random = new CounterRandom(0xDEADBEEF12345678, RandomPurpose.Test, 3, 9);
        float[] all = Fill(random, 0, length + 300);
        foreach (int offset in new[] { 0, 1, 31, 64, 100, 191 })
        {
            Assert.Equal(all.AsSpan(offset, length).ToArray(), Fill(random, (ulong)offset, length));
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void FillComplexNormal_AnyOffsetAndLength_FollowsTheLawOfTheGroup(int length)
    {
        var random = new CounterRandom(5, RandomPurpose.Test);
        float[] normals = Fill(random, 0, 2 * (length + 400));
        foreach (int offset in new[] { 0, 1, 31, 32, 77, 320 })
        {
            float[] real = new float[length], imaginary = new float[length];
            random.FillComplexNormal((ulong)offset, 0.25f, real, imaginary);
            for (int i = 0; i < length; i++)
            {
                // Complex normal 32 g + 16 q + l holds the normals 64 g + 32 q + l and 64 g + 32 q + 16 + l.
                int n = offset + i, at = (64 * (n / 32)) + (32 * (n / 16 % 2)) + (n % 16);
                Assert.Equal(0.25 * normals[at], real[i], 1e-7 * (1 + Math.Abs(normals[at])));
                Assert.Equal(0.25 * normals[at + 16], imaginary[i], 1e-7 * (1 + Math.Abs(normals[at + 16])));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void AddScaledStandardNormal_AnyLength_IsTheFusedSum(int length)
    {
        var random = new CounterRandom(6, RandomPurpose.Test);
        float[] normals = Fill(random, 37, length), sum = new float[length];
        sum.AsSpan().Fill(2.5f);
        random.AddScaledStandardNormal(37, 0.3f, sum);
        Assert.Equal(normals.Select(n => MathF.FusedMultiplyAdd(0.3f, n, 2.5f)), sum);
    }

    [Fact]
    public void FillStandardNormal_AgainstDoubleBoxMuller_WithinTwoMillionths()
    {
        // The definition, in double precision from the public Philox block.
        var random = new CounterRandom(77, RandomPurpose.Test, 1, 2);
        float[] normals = Fill(random, 0, 64 * 500);
        double worst = 0;
        for (int g = 0; g < 500; g++)
        {
            for (int l = 0; l < 16; l++)
            {
                (uint w0, uint w1, uint w2, uint w3) = random.Block((ulong)((16 * g) + l));
                (double c0, double s0) = Pair(w0, w1);
                (double c1, double s1) = Pair(w2, w3);
                double[] wanted = [c0, s0, c1, s1];
                for (int q = 0; q < 4; q++)
                {
                    worst = Math.Max(worst, Math.Abs(normals[(64 * g) + (16 * q) + l] - wanted[q]));
                }
            }
        }

        Assert.InRange(worst, 0, 2e-6);

        static (double Cosine, double Sine) Pair(uint radius, uint angle)
        {
            double r = Math.Sqrt(-2 * Math.Log(((radius >> 1) + 0.5) / 2147483648.0));
            double x = (int)(angle << 2) / 2147483648.0 * Math.PI / 4;
            double theta = (angle & 0x40000000) != 0 ? (Math.PI / 2) - x : x;
            r = (angle & 0x80000000) != 0 ? -r : r;
            return (r * Math.Cos(theta), r * Math.Sin(theta));
        }
    }

    [Fact]
    public void Kernels_OfAllTiers_GiveTheSameBits()
    {
        var key = new NormalKey(0x12345678, 0x9ABCDEF0, 42, 0x0F000003);
        const int Groups = 999;
        float[][] cosine = [.. Enumerable.Range(0, 3).Select(_ => new float[Groups * 32])];
        float[][] sine = [.. Enumerable.Range(0, 3).Select(_ => new float[Groups * 32])];
        foreach (ulong first in new[] { 0ul, (1ul << 28) - 500, (1ul << 60) - 7 })
        {
            NormalKernelScalar.Fill(key, first, Groups, 1.25f, cosine[0], sine[0], 32, 16);
            if (NormalKernel256.IsSupported)
            {
                NormalKernel256.Fill(key, first, Groups, 1.25f, cosine[1], sine[1], 32, 16);
                Assert.Equal(cosine[0], cosine[1]);
                Assert.Equal(sine[0], sine[1]);
            }

            if (NormalKernel512.IsSupported)
            {
                NormalKernel512.Fill(key, first, Groups, 1.25f, cosine[2], sine[2], 32, 16);
                Assert.Equal(cosine[0], cosine[2]);
                Assert.Equal(sine[0], sine[2]);
            }
        }
    }

    [Fact]
    public void FillStandardNormal_FourMoments_AreTheNormals()
    {
        double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
        foreach (float x in Sample.Value)
        {
            double square = (double)x * x;
            m1 += x;
            m2 += square;
            m3 += square * x;
            m4 += square * square;
        }

        // Variances of the sample moments of a normal: 1/n, 2/n, 15/n, 96/n. Five deviations.
        double root = Math.Sqrt(Count);
        Assert.InRange(m1 / Count, -5 / root, 5 / root);
        Assert.InRange((m2 / Count) - 1, -5 * Math.Sqrt(2) / root, 5 * Math.Sqrt(2) / root);
        Assert.InRange(m3 / Count, -5 * Math.Sqrt(15) / root, 5 * Math.Sqrt(15) / root);
        Assert.InRange((m4 / Count) - 3, -5 * Math.Sqrt(96) / root, 5 * Math.Sqrt(96) / root);
    }

    [Fact]
    public void FillStandardNormal_DistributionFunction_PassesKolmogorovSmirnov()
    {
        float[] sorted = [.. Sample.Value.AsSpan(0, 1 << 20)];
        Array.Sort(sorted);
        double distance = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double p = StandardNormalCdf(sorted[i]);
            distance = Math.Max(distance, Math.Max(p - ((double)i / sorted.Length), ((i + 1.0) / sorted.Length) - p));
        }

        // Exceeded by a true normal with probability 2 exp(-2 * 2.2^2) = 1.2e-4; the seed is fixed.
        Assert.InRange(distance * Math.Sqrt(sorted.Length), 0, 2.2);
    }

    [Theory]
    [InlineData(2.0, 0.04550026389635842)]
    [InlineData(3.0, 0.0026997960632601866)]
    [InlineData(4.0, 6.334248366623996e-05)]
    [InlineData(5.0, 5.733031437583869e-07)]
    public void FillStandardNormal_TwoSidedTail_HasTheExpectedCount(double sigma, double probability)
    {
        int beyond = Sample.Value.Count(x => Math.Abs(x) > sigma);
        double expected = probability * Count;

        // Binomial: five deviations, and one count for the discreteness of the rarest.
        Assert.InRange(beyond - expected, (-5 * Math.Sqrt(expected)) - 1, (5 * Math.Sqrt(expected)) + 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void FillStandardNormal_AtALag_IsUncorrelatedAlsoInMagnitude(int lag)
    {
        float[] x = Sample.Value;
        double linear = 0, square = 0;
        for (int i = lag; i < Count; i++)
        {
            linear += (double)x[i] * x[i - lag];
            square += (((double)x[i] * x[i]) - 1) * (((double)x[i - lag] * x[i - lag]) - 1);
        }

        double n = Count - lag;
        Assert.InRange(linear / Math.Sqrt(n), -5, 5);
        Assert.InRange(square / (2 * Math.Sqrt(n)), -5, 5);
    }

    [Fact]
    public void FillStandardNormal_OfAnotherStream_IsIndependent()
    {
        float[] a = Sample.Value, b = Fill(new CounterRandom(1, RandomPurpose.Test, 1), 0, Count);
        double product = 0;
        for (int i = 0; i < Count; i++)
        {
            product += (double)a[i] * b[i];
        }

        Assert.InRange(product / Math.Sqrt(Count), -5, 5);
    }

    [Fact]
    public void FillStandardNormal_OfADefaultStream_Throws() =>
        Assert.Throws<InvalidOperationException>(() => default(CounterRandom).FillStandardNormal(0, new float[1]));

    [Fact]
    public void FillComplexNormal_OfUnequalLengths_Throws() =>
        Assert.Throws<ArgumentException>(() => new CounterRandom(1, RandomPurpose.Test).FillComplexNormal(0, 1, new float[2], new float[3]));

    private static float[] Fill(CounterRandom random, ulong first, int count)
    {
        float[] values = new float[count];
        random.FillStandardNormal(first, values);
        return values;
    }

    /// <summary>Integral of the density by Simpson's rule from zero: accurate to 1e-10, far below what the test resolves.</summary>
    private static double StandardNormalCdf(double x)
    {
        const int Steps = 64;
        double h = x / Steps, sum = 1 + Math.Exp(-x * x / 2);
        for (int i = 1; i < Steps; i++)
        {
            double t = i * h;
            sum += (i % 2 == 0 ? 2 : 4) * Math.Exp(-t * t / 2);
        }

        return 0.5 + (sum * h / 3 / Math.Sqrt(2 * Math.PI));
    }
}
