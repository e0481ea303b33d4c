using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Planning.Tests.OtaFeel;

public sealed class RefinedDescentTests
{
    [Theory]
    [InlineData(PulseSharing.Orthogonal)]
    [InlineData(PulseSharing.Common)]
    internal void Coefficients_AtAnyPrecoders_AreHalfTheGradientOfTheError(PulseSharing sharing)
    {
        OtaFeelCase problem = RandomCases.Draw(5, 6, 3, 8, 2, 8);
        var kernel = new AggregationKernel(problem, sharing);
        MatrixBatch precoders = Batch(problem, 3), direction = Batch(problem, 4), quadratic = new(6, 3, 3), linear = new(6, 3, 2), product = new(6, 3, 2);

        _ = kernel.Receive(precoders);
        kernel.SetCoefficients(quadratic, linear);
        product.SetProduct(quadratic, precoders);

        double slope = 2 * (Inner(product.Values, direction.Values) - Inner(linear.Values, direction.Values));
        double step = 1e-5;
        double difference = (kernel.Receive(Moved(problem, 3, 4, step)) - kernel.Receive(Moved(problem, 3, 4, -step))) / (2 * step);
        Assert.Equal(difference, slope, 1e-6 * Math.Abs(difference));
    }

    [Fact]
    public void Evaluate_ReceiversOfTheirOwn_GivesTheErrorAndHalfItsGradient()
    {
        OtaFeelCase problem = RandomCases.Draw(6, 5, 3, 7, 2, 8);
        var kernel = new AggregationKernel(problem, PulseSharing.Common);
        MatrixBatch precoders = Batch(problem, 3);
        ComplexMatrix receivers = Drawn(7, 2, 1), direction = Drawn(7, 2, 2), slopes = new(7, 2), unused = new(7, 2);

        kernel.Use(receivers);
        double error = kernel.Evaluate(precoders, slopes);

        // (6) by the plain formula, all pulses being the same.
        double plain = problem.NoiseVariance * receivers.SquaredFrobeniusNorm();
        var matrices = StartingPoints.Create(problem, 3);
        for (int k = 0; k < 5; k++)
        {
            ComplexMatrix received = Product(problem.Channels[k], matrices[k]);
            for (int i = 0; i < 2; i++)
            {
                for (int j = 0; j < 2; j++)
                {
                    System.Numerics.Complex sum = i == j ? -problem.Weights[k][i] : 0;
                    for (int n = 0; n < 7; n++)
                    {
                        sum += System.Numerics.Complex.Conjugate(receivers[n, i]) * received[n, j];
                    }

                    plain += (sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary);
                }
            }
        }

        Assert.Equal(plain, error, 1e-10 * plain);
        double At(double step)
        {
            kernel.Use(ComplexMatrix.Create(7, 2, (n, i) => receivers[n, i] + (step * direction[n, i])));
            return kernel.Evaluate(precoders, unused);
        }

        double difference = (At(1e-4) - At(-1e-4)) / 2e-4;
        Assert.Equal(difference, 2 * Inner(slopes, direction), 1e-7 * Math.Abs(difference));
    }

    // Where the noise is faint the alternation creeps: after the usual 500 iterations it is still far above what it ends at.
    [Theory]
    [InlineData(PulseSharing.Orthogonal, 8, 4, 12, 1)]
    [InlineData(PulseSharing.Orthogonal, 6, 8, 7, 1)]
    [InlineData(PulseSharing.Common, 9, 3, 12, 3)]
    [InlineData(PulseSharing.Common, 12, 2, 12, 1)]
    internal void Search_FaintNoise_IsBelowALongAlternation(PulseSharing sharing, int devices, int antennas, int server, int tasks)
    {
        double usualExcess = 0;
        for (ulong seed = 1; seed <= 4; seed++)
        {
            OtaFeelCase problem = RandomCases.Draw(seed, devices, antennas, server, tasks, devices) with { NoiseVariance = 1e-5 };
            double Alternation(int iterations) =>
                new BlockDescent(problem with { MaxIterations = iterations, Tolerance = 1e-12 }, sharing)
                    .Run(StartingPoints.Create(problem, 0), accelerate: true, [], CancellationToken.None);

            double refined = MultiStart.Run(problem, sharing, CancellationToken.None).Trace[^1], usual = Alternation(500), patient = Alternation(10_000);

            Assert.True(refined <= patient * (1 + 1e-4), $"seed {seed}: refined {refined}, 10000 iterations {patient}");
            usualExcess = Math.Max(usualExcess, (usual / refined) - 1);
        }

        Assert.True(usualExcess > 0.05, $"500 iterations are {usualExcess:P1} above at most: the cases do not show what they should");
    }

    // Sums of powers that the limit asks for, at which the search is not free.
    [Theory]
    [InlineData(PulseSharing.Orthogonal)]
    [InlineData(PulseSharing.Common)]
    internal void Search_SumOfPowersBinds_MeetsItAndIsNotAboveTheAlternation(PulseSharing sharing)
    {
        int binding = 0;
        for (ulong seed = 1; seed <= 12; seed++)
        {
            OtaFeelCase drawn = RandomCases.Draw(seed, 7, 2, 5, 1, 8);
            OtaFeelCase problem = drawn with { SensingErrorLimit = drawn.CrbLowerBound(0.9 * 7 * drawn.PowerWatts) };
            double alternation = new BlockDescent(problem with { MaxIterations = 5000, Tolerance = 1e-10 }, sharing)
                .Run(StartingPoints.Create(problem, 0), accelerate: true, [], CancellationToken.None);

            var found = MultiStart.Run(problem, sharing, CancellationToken.None);

            double sum = found.Precoders.Sum(c => c.SquaredFrobeniusNorm());
            Assert.True(sum >= problem.RequiredPowerWatts * (1 - 1e-9), $"seed {seed}: {sum} W of {problem.RequiredPowerWatts}");
            Assert.All(found.Precoders, c => Assert.InRange(c.SquaredFrobeniusNorm(), 0, problem.PowerWatts * (1 + 1e-9)));
            Assert.True(found.Trace[^1] <= alternation * (1 + 1e-4), $"seed {seed}: {found.Trace[^1]} > {alternation}");
            binding += sum <= problem.RequiredPowerWatts * (1 + 1e-6) ? 1 : 0;
        }

        Assert.InRange(binding, 1, 12);
    }

    // Which of more devices than antennas are heard is a choice among many; a hundred drawn starts of uneven powers choose no better.
    [Fact]
    public void Search_MoreDevicesThanAntennas_IsNotAboveAHundredOtherStarts()
    {
        for (ulong seed = 1; seed <= 12; seed++)
        {
            OtaFeelCase problem = RandomCases.Draw(seed, 9, 1, 6, 1, 9) with { NoiseVariance = 1e-3 };
            var descent = new RefinedDescent(problem, PulseSharing.Orthogonal);
            for (int start = 0; start < 100; start++)
            {
                var powers = new CounterRandom((ulong)start, RandomPurpose.Test, (uint)seed);
                ComplexMatrix[] drawn = StartingPoints.Create(problem, 1000 + start);
                _ = descent.Run([.. drawn.Select((c, k) => Product(c, powers.UniformAt((ulong)k) < 0.5 ? 1 : 0.03))], start % 4 == 0, CancellationToken.None);
            }

            double found = MultiStart.Run(problem, PulseSharing.Orthogonal, CancellationToken.None).Trace[^1];

            Assert.True(found <= descent.Error * (1 + 1e-4), $"seed {seed}: {found}, other starts {descent.Error}");
        }
    }

    // Many valleys, of which the lowest is found by one start in thirty or fewer. A percent: there are some between it and the next.
    [Theory]
    [InlineData(PulseSharing.Common, 17)]
    [InlineData(PulseSharing.Common, 80)]
    [InlineData(PulseSharing.Common, 99)]
    [InlineData(PulseSharing.Orthogonal, 17)]
    [InlineData(PulseSharing.Orthogonal, 99)]
    internal void Search_WeightsOverDecades_IsNotAPercentAboveTwoHundredOtherStarts(PulseSharing sharing, ulong seed)
    {
        OtaFeelCase problem = RandomCases.DrawUneven(seed);
        var descent = new RefinedDescent(problem, sharing);
        for (int start = 0; start < 200; start++)
        {
            _ = descent.Run(StartingPoints.Create(problem, 1000 + start), start % 2 == 0, CancellationToken.None);
        }

        double found = MultiStart.Run(problem, sharing, CancellationToken.None).Trace[^1];

        Assert.True(found <= descent.Error * 1.01, $"{found}, other starts {descent.Error}");
    }

    private static MatrixBatch Batch(OtaFeelCase problem, int start)
    {
        var batch = new MatrixBatch(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        batch.Load(StartingPoints.Create(problem, start));
        return batch;
    }

    private static MatrixBatch Moved(OtaFeelCase problem, int start, int direction, double step)
    {
        MatrixBatch moved = Batch(problem, start), towards = Batch(problem, direction);
        Kernels.Accumulate(step, towards.Values.Re, moved.Values.Re);
        Kernels.Accumulate(step, towards.Values.Im, moved.Values.Im);
        return moved;
    }

    private static ComplexMatrix Drawn(int rows, int columns, ulong seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 9);
        return ComplexMatrix.Create(rows, columns, (i, j) =>
        {
            (double re, double im) = random.NormalPairAt((ulong)((i * columns) + j));
            return new System.Numerics.Complex(re, im);
        });
    }

    private static ComplexMatrix Product(ComplexMatrix a, ComplexMatrix b) => ComplexMatrix.Create(a.Rows, b.Columns, (i, j) =>
        Enumerable.Range(0, a.Columns).Aggregate(System.Numerics.Complex.Zero, (sum, p) => sum + (a[i, p] * b[p, j])));

    private static ComplexMatrix Product(ComplexMatrix a, double factor) => ComplexMatrix.Create(a.Rows, a.Columns, (i, j) => factor * a[i, j]);

    private static double Inner(ComplexMatrix a, ComplexMatrix b) => Kernels.Dot(a.Re, b.Re) + Kernels.Dot(a.Im, b.Im);
}
