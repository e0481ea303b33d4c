using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Planning.Tests.OtaFeel;

/// <summary>What long descents and numbers at the ends of their range must not do: leave the range of a double.</summary>
public sealed class DescentRangeTests
{
    private static readonly OtaFeelPlanner Planner = new(TimeProvider.System);

    public static TheoryData<ulong> Seeds => [1, 3, 4, 5, 6, 8, 9, 12];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Solve_ThousandsOfIterations_DescendsToAFiniteErrorThatTheReceiversHave(ulong seed)
    {
        OtaFeelCase problem = WideCases.Draw(seed) with { MaxIterations = 700 };

        Check(problem, Planner.Solve(problem, OtaFeelMethods.Descent));
    }

    [Theory]
    [InlineData(10, 12, 5, 3, 1, 20)]
    [InlineData(21, 12, 5, 3, 1, 20)]
    [InlineData(29, 12, 5, 3, 1, 20)]
    [InlineData(7, 11, 11, 3, 4, 23)]
    [InlineData(10, 11, 11, 3, 4, 23)]
    [InlineData(13, 11, 11, 3, 4, 23)]
    public void Solve_DevicesThatDoNotPay_FallSilentAndTheRestIsPlanned(
        ulong seed, int devices, int server, int antennas, int tasks, double signalToNoiseDb)
    {
        OtaFeelCase problem = WideCases.Draw(seed, devices, server, antennas, tasks, signalToNoiseDb) with { MaxIterations = 900 };

        OtaFeelAnswer answer = Planner.Solve(problem, OtaFeelMethods.Descent);

        Check(problem, answer);
        Assert.Contains(answer.Plan!.Precoders, precoder => precoder.SquaredFrobeniusNorm() == 0);
        new PlanChecker(problem, answer.ToJson()).Check();
    }

    /// <summary>From 1e-140 to 1e-175 the squares of what the receivers see of a device pass through the subnormal numbers to zero.</summary>
    [Fact]
    public void PrecoderProblem_DeviceThatVanishes_HasItsExactPrecoderOrNone()
    {
        const int devices = 5, antennas = 3, tasks = 2;
        for (int exponent = -140; exponent >= -175; exponent--)
        {
            double scale = Math.Pow(10, exponent);
            var problem = new PrecoderProblem(devices, antennas, tasks);

            // Diagonal: the precoder of least cost is the linear term over the eigenvalues, and its power is far below the limit.
            problem.Quadratic.Load([.. Enumerable.Repeat(ComplexMatrix.Create(antennas, antennas, (i, j) => i == j ? 1.5 + i : 0), devices)]);
            problem.Linear.Load([.. Enumerable.Range(0, devices).Select(k =>
                ComplexMatrix.Create(antennas, tasks, (m, i) => (k % 2 == 0 ? scale : 1) * new System.Numerics.Complex(1 + m, i - 0.5)))]);
            problem.Pose();
            var precoders = new MatrixBatch(devices, antennas, tasks);
            problem.Solve(100, 1e-3, precoders);
            ComplexMatrix[] solution = [.. Enumerable.Range(0, devices).Select(_ => new ComplexMatrix(antennas, tasks))];
            precoders.CopyTo(solution);

            for (int k = 0; k < devices; k++)
            {
                for (int m = 0; m < antennas; m++)
                {
                    for (int i = 0; i < tasks; i++)
                    {
                        double expected = k % 2 == 0 ? 0 : (1 + m) / (1.5 + m);
                        Assert.Equal(expected, solution[k][m, i].Real, 1e-12);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(80, 1e-7)]
    [InlineData(100, 1e-5)]
    [InlineData(120, 1e-3)]
    public void Solve_VeryHighSignalToNoise_TraceIsWhatTheReceiversHave(double signalToNoiseDb, double rise)
    {
        // Fewer streams than antennas: S has N - K I eigenvalues of sigma^2, and rounding of the large ones disturbs these. The receivers
        // are off by 1e-16 times the spread of S, their error by the square of it, and the last digits of a descent by both.
        for (ulong seed = 1; seed <= 6; seed++)
        {
            OtaFeelCase problem = WideCases.Draw(seed, 4, 12, 3, 2, signalToNoiseDb) with { MaxIterations = 200 };
            foreach (string method in new[] { OtaFeelMethods.Descent, OtaFeelMethods.Literal })
            {
                OtaFeelAnswer answer = Planner.Solve(problem, method);

                Assert.Equal(answer.Plan!.Mse, answer.Trace[^1], 1e-9 * answer.Plan.Mse);
                if (method == OtaFeelMethods.Descent)
                {
                    Assert.All(answer.Trace.Zip(answer.Trace.Skip(1)), pair => Assert.True(pair.Second <= pair.First * (1 + rise), $"{pair.First:R} to {pair.Second:R}"));
                }
            }
        }
    }

    [Fact]
    public void Solve_NumbersBeyondTheRangeOfADouble_AreRefusedAndNotCalledFeasible()
    {
        OtaFeelCase problem = WideCases.Draw(1, 2, 3, 2, 1, 10);
        OtaFeelCase beyond = problem with { Channels = [.. problem.Channels.Select(h => ComplexMatrix.Create(h.Rows, h.Columns, (n, m) => 1e200 * h[n, m]))] };

        foreach (string method in OtaFeelMethods.All)
        {
            var exception = Assert.Throws<ConfigurationException>(() => Planner.Solve(beyond, method));

            Assert.Contains("scale their units", exception.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// One device, one antenna at the server and three tasks: all starts but the printed algorithm's own end stop up to 2.4e-4 above it here, along a
    /// valley in which the error changes by less than the tolerance from step to step.
    /// </summary>
    [Theory]
    [InlineData(74)]
    [InlineData(266)]
    [InlineData(674)]
    [InlineData(908)]
    [InlineData(1964)]
    [InlineData(2244)]
    public void Solve_Refined_IsNeverWorseThanTheAlgorithmAsPrinted(ulong seed)
    {
        OtaFeelCase problem = WideCases.Draw(seed, 1, 1, 4, 3, 25) with { Tolerance = 1e-6, MaxIterations = 300 };

        double refined = Planner.Solve(problem, OtaFeelMethods.Refined).Plan!.Mse, printed = Planner.Solve(problem, OtaFeelMethods.Literal).Plan!.Mse;

        Assert.True(refined <= printed * (1 + 1e-12), $"{printed:R} as printed is below {refined:R}");
    }

    private static void Check(OtaFeelCase problem, OtaFeelAnswer answer)
    {
        // Up to 60 dB, ten digits of the error hold: the last entry and the error of the answer's receivers agree to them, and nothing
        // else moves the trace up.
        Assert.True(double.IsFinite(answer.Plan!.Mse));
        Assert.Equal(answer.Plan.Mse, answer.Trace[^1], 1e-9 * answer.Plan.Mse);
        Assert.All(answer.Trace.Zip(answer.Trace.Skip(1)), pair => Assert.True(pair.Second <= pair.First * (1 + 1e-9), $"{pair.First:R} to {pair.Second:R}"));
        Assert.All(answer.Plan.Precoders, precoder => Assert.InRange(precoder.SquaredFrobeniusNorm(), 0, problem.PowerWatts * (1 + 1e-12)));
        Assert.True(answer.Plan.PowerWatts >= problem.RequiredPowerWatts * (1 - 1e-10), $"{answer.Plan.PowerWatts:R} W of {problem.RequiredPowerWatts:R} W");
    }
}
