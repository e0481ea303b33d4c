using System.Numerics;
using System.Text.Json;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Planning.Tests.OtaFeel;

public sealed class OtaFeelPlannerTests
{
    private static readonly OtaFeelPlanner Planner = new(TimeProvider.System);

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 10).Select(i => (ulong)i)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Solve_CasesOfEverySize_PlansHoldUnderAnIndependentCheck(ulong seed)
    {
        OtaFeelCase problem = RandomCases.Draw(seed);

        foreach (string method in OtaFeelMethods.All)
        {
            OtaFeelAnswer answer = Planner.Solve(problem, method);

            Assert.True(answer.Feasible);
            new PlanChecker(problem, answer.ToJson()).Check();
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Solve_Bcd_TraceDescends(ulong seed)
    {
        OtaFeelCase problem = RandomCases.Draw(seed) with { Tolerance = 1e-12, MaxIterations = 120 };

        IReadOnlyList<double> trace = Planner.Solve(problem, OtaFeelMethods.Descent).Trace;

        double weights = problem.Weights.Sum(row => row.Sum(w => w * w));
        Assert.True(trace.Count > 3);
        for (int i = 1; i < trace.Count; i++)
        {
            // Cancellation in (7) against the sum of the squared weights is all that may move it up.
            Assert.True(trace[i] <= trace[i - 1] + (1e-12 * weights), $"iteration {i}: {trace[i - 1]:R} to {trace[i]:R}");
        }
    }

    [Fact]
    public void Solve_BcdOnThePapersCases_IsNeverWorseThanThePlainIterationAndTakesFarFewer()
    {
        int plainIterations = 0, iterations = 0;
        for (ulong seed = 1; seed <= 12; seed++)
        {
            OtaFeelCase problem = PaperScenario.Create(seed, new PaperScenario.Settings()).Case;

            IReadOnlyList<double> plain = OtaFeelPlanner.PlainTrace(problem), accelerated = Planner.Solve(problem, OtaFeelMethods.Descent).Trace;

            Assert.True(accelerated[^1] <= plain[^1], $"seed {seed}: {accelerated[^1]:R} after {plain[^1]:R}");
            plainIterations += plain.Count;
            iterations += accelerated.Count;
        }

        Assert.True(2 * iterations < plainIterations, $"{iterations} against {plainIterations}");
    }

    [Fact]
    public void AndersonMixing_OfALinearMap_FindsTheFixedPointInAsManyStepsAsItHasDimensions()
    {
        // x -> A x + b with A symmetric and its largest eigenvalue 0.999: the plain iteration would need thousands of steps.
        double[] eigenvalues = [0.999, 0.9, -0.5, 0.2], b = [1, -2, 0.5, 3];
        double[] turn = [0.5, 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, -0.5, 0.5, 0.5, -0.5, -0.5, 0.5, -0.5, -0.5, 0.5];
        double[] Map(double[] x) => [.. Enumerable.Range(0, 4).Select(i => b[i] + Enumerable.Range(0, 4).Sum(j =>
            turn[(i * 4) + j] * eigenvalues[j] * Enumerable.Range(0, 4).Sum(k => turn[(k * 4) + j] * x[k])))];
        var mixing = new AndersonMixing(4, 6);
        double[] x = [0, 0, 0, 0], proposal = new double[4];

        for (int step = 0; step < 7; step++)
        {
            double[] image = Map(x);
            x = mixing.Propose(x, image, proposal) ? [.. proposal] : image;
        }

        // The ridge and the condition of 1000 leave this much of fixed points of size 1000.
        double[] left = Map(x);
        Assert.All(left.Zip(x), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Solve_Refined_LiesBetweenItsBoundAndTheOtherMethods(ulong seed)
    {
        OtaFeelCase problem = RandomCases.Draw(seed);

        OtaFeelAnswer refined = Planner.Solve(problem, OtaFeelMethods.Refined);

        double bound = AggregationBound.Compute(problem, refined.Plan!.Precoders, CancellationToken.None);
        Assert.True(bound <= refined.Plan.Mse * (1 + 1e-12), $"{bound} > {refined.Plan.Mse}");
        Assert.True(bound > 0);
        Assert.InRange(refined.Plan.Mse, bound, refined.StartErrors.Min() * (1 + 1e-9));
        Assert.Equal(refined.Plan.Mse, refined.Trace[^1], 1e-9 * refined.Plan.Mse);
        foreach (string method in new[] { OtaFeelMethods.Descent, OtaFeelMethods.Literal })
        {
            double other = Planner.Solve(problem, method).Plan!.Mse;
            Assert.True(refined.Plan.Mse <= other * (1 + 1e-9), $"{method}: {other} < {refined.Plan.Mse}");
        }
    }

    [Fact]
    public void Solve_PowerJustNotEnough_IsInfeasibleAndSaysWhatIsMissing()
    {
        OtaFeelCase loose = RandomCases.Draw(3);
        double most = loose.Devices * loose.PowerWatts;
        OtaFeelCase just = loose with { SensingErrorLimit = loose.CrbLowerBound(most) * (1 + 1e-12) };
        OtaFeelCase short1 = loose with { SensingErrorLimit = loose.CrbLowerBound(most) * (1 - 1e-12) };

        foreach (string method in OtaFeelMethods.All)
        {
            OtaFeelAnswer feasible = Planner.Solve(just, method);
            new PlanChecker(just, feasible.ToJson()).Check();

            OtaFeelAnswer infeasible = Planner.Solve(short1, method);
            Assert.False(infeasible.Feasible);
            Assert.Contains("sensingErrorLimit", Assert.Single(infeasible.Reasons), StringComparison.Ordinal);
            using var json = JsonDocument.Parse(infeasible.ToJson());
            Assert.False(json.RootElement.GetProperty("feasible").GetBoolean());
            Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("objective").ValueKind);
            Assert.False(json.RootElement.TryGetProperty("precoders", out _));
        }
    }

    /// <summary>The limit that full power reaches, in whatever order its factors were multiplied, is one that full power reaches.</summary>
    [Fact]
    public void Solve_ExactlyWhatFullPowerReaches_TakesFullPower()
    {
        for (ulong seed = 1; seed <= 500; seed++)
        {
            OtaFeelCase loose = RandomCases.Draw(seed);
            double most = loose.Devices * loose.PowerWatts;
            double product = loose.SensingErrorConstant * loose.CombinedSensingNoise;
            double[] limits = [loose.CrbLowerBound(most), product / loose.PulseLength / loose.Devices / loose.PowerWatts, product / (loose.PulseLength * loose.PowerWatts * loose.Devices)];
            Assert.All(limits, limit => Assert.InRange((loose with { SensingErrorLimit = limit }).RequiredPowerWatts, most * (1 - 1e-13), most));
            if (seed <= 10)
            {
                OtaFeelCase exact = loose with { SensingErrorLimit = limits[1] };
                new PlanChecker(exact, Planner.Solve(exact, OtaFeelMethods.Descent).ToJson()).Check();
            }
        }
    }

    [Fact]
    public void Solve_MonteCarloOfTheSignalModel_AgreesWithTheErrorClaimed()
    {
        OtaFeelCase problem = RandomCases.Draw(21, 5, 3, 6, 2, 8) with { NoiseVariance = 0.3 };
        OtaFeelPlan plan = Planner.Solve(problem, OtaFeelMethods.Descent).Plan!;
        var random = new CounterRandom(7, RandomPurpose.Test);
        const int Trials = 4000;
        ulong index = 0;
        Complex Normal(double variance)
        {
            (double re, double im) = random.NormalPairAt(index++);
            return Math.Sqrt(variance / 2) * new Complex(re, im);
        }

        double sum = 0, squares = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            int t = trial % problem.PulseLength;
            Complex[][] symbols = [.. Enumerable.Range(0, problem.Devices).Select(_ => Enumerable.Range(0, problem.Tasks).Select(_ => Normal(1)).ToArray())];
            Complex[] received = [.. Enumerable.Range(0, problem.ServerAntennas).Select(_ => Normal(problem.NoiseVariance))];
            for (int k = 0; k < problem.Devices; k++)
            {
                for (int m = 0; m < problem.DeviceAntennas; m++)
                {
                    Complex sent = Complex.Zero;
                    for (int i = 0; i < problem.Tasks; i++)
                    {
                        sent += plan.Precoders[k][m, i] * symbols[k][i];
                    }

                    for (int n = 0; n < received.Length; n++)
                    {
                        received[n] += problem.Channels[k][n, m] * sent * plan.Pulses[k][t];
                    }
                }
            }

            double error = 0;
            for (int i = 0; i < problem.Tasks; i++)
            {
                Complex difference = Complex.Zero;
                for (int n = 0; n < received.Length; n++)
                {
                    difference += Complex.Conjugate(plan.Receivers[t][n, i]) * received[n];
                }

                for (int k = 0; k < problem.Devices; k++)
                {
                    difference -= problem.Weights[k][i] * symbols[k][i];
                }

                error += (difference.Real * difference.Real) + (difference.Imaginary * difference.Imaginary);
            }

            sum += error;
            squares += error * error;
        }

        // Four standard errors of the mean of the trials: a right figure fails once in 16,000 seeds.
        double mean = sum / Trials, standardError = Math.Sqrt(((squares / Trials) - (mean * mean)) / Trials);
        Assert.True(standardError < 0.05 * mean);
        Assert.InRange(plan.Mse, mean - (4 * standardError), mean + (4 * standardError));
    }

    [Fact]
    public void Solve_LiteralAlgorithm_CanRaiseTheErrorWhereTheExactOneDescends()
    {
        int rising = 0;
        for (ulong seed = 1; seed <= 40 && rising == 0; seed++)
        {
            OtaFeelCase problem = RandomCases.Draw(seed, 6, 2, 4, 2, 6);
            problem = problem with { SensingErrorLimit = problem.CrbLowerBound(0.95 * 6 * problem.PowerWatts), Tolerance = 1e-12, MaxIterations = 60 };
            IReadOnlyList<double> printed = Planner.Solve(problem, OtaFeelMethods.Literal).Trace;
            rising += printed.Zip(printed.Skip(1)).Count(pair => pair.Second > pair.First * (1 + 1e-9));
        }

        Assert.True(rising > 0);
    }

    [Theory]
    [InlineData(PulseFamily.Dft, 8)]
    [InlineData(PulseFamily.Dft, 13)]
    [InlineData(PulseFamily.Dft, 64)]
    [InlineData(PulseFamily.Walsh, 8)]
    [InlineData(PulseFamily.Walsh, 64)]
    public void Solve_AnyOrthogonalPulses_ErrorIsThatOfDecodingEveryStream(PulseFamily family, int length)
    {
        OtaFeelCase reference = RandomCases.Draw(5, 8, 3, 6, 2, 8);
        double required = reference.RequiredPowerWatts;
        OtaFeelCase problem = reference with { Pulses = family, PulseLength = length };
        problem = problem with { SensingErrorLimit = problem.CrbLowerBound(required) };

        OtaFeelAnswer answer = Planner.Solve(problem, OtaFeelMethods.Descent);

        new PlanChecker(problem, answer.ToJson()).Check();
        double expected = Planner.Solve(reference, OtaFeelMethods.Descent).Plan!.Mse;
        Assert.Equal(expected, answer.Plan!.Mse, 1e-9 * expected);
    }

    [Fact]
    public void Solve_WalshPulsesOfAnotherLength_AreRefused()
    {
        OtaFeelCase problem = RandomCases.Draw(5, 8, 3, 6, 2, 12) with { Pulses = PulseFamily.Walsh };

        var exception = Assert.Throws<ArgumentException>(() => Planner.Solve(problem, OtaFeelMethods.Descent));

        Assert.Contains("power of two", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_DeviceWithoutWeight_SensesAlongWhatCostsLeast()
    {
        OtaFeelCase drawn = RandomCases.Draw(9, 4, 3, 5, 1, 4);
        OtaFeelCase problem = drawn with { Weights = [[1.0], [0.5], [0.0], [0.2]] };
        problem = problem with { SensingErrorLimit = problem.CrbLowerBound(0.99 * 4 * problem.PowerWatts) };

        foreach (string method in OtaFeelMethods.All)
        {
            var checker = new PlanChecker(problem, Planner.Solve(problem, method).ToJson());

            checker.Check();
            Assert.True(checker.Precoders[2].Sum(row => row.Sum(c => c.Magnitude * c.Magnitude)) > 0.9 * problem.PowerWatts);
        }
    }

    [Fact]
    public void Solve_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.All(
            OtaFeelMethods.All,
            method => Assert.Throws<OperationCanceledException>(() => Planner.Solve(RandomCases.Draw(2), method, source.Token)));
    }

    [Fact]
    public void Solve_TwiceTheSameCase_GivesTheSameBits()
    {
        OtaFeelCase problem = RandomCases.Draw(4, 6, 3, 8, 2, 8);

        OtaFeelAnswer first = Planner.Solve(problem, OtaFeelMethods.Refined), second = Planner.Solve(problem, OtaFeelMethods.Refined);

        Assert.Equal(first with { SolveTime = TimeSpan.Zero } is var a ? a.ToJson() : null, (second with { SolveTime = TimeSpan.Zero }).ToJson());
    }

    [Theory]
    [InlineData(PulseSharing.Orthogonal)]
    [InlineData(PulseSharing.Common)]
    internal void Iteration_AfterTheFirst_AllocatesNothing(PulseSharing sharing)
    {
        OtaFeelCase problem = RandomCases.Draw(8, 6, 3, 8, 2, 8);
        var kernel = new AggregationKernel(problem, sharing);
        var precoderProblem = new PrecoderProblem(6, 3, 2);
        var precoders = new MatrixBatch(6, 3, 2);
        precoders.Load(StartingPoints.Create(problem, 0));

        // Sums over the case's lists, which a planner reads once.
        (double limit, double required) = (problem.PowerWatts, problem.RequiredPowerWatts);
        void Iterate()
        {
            _ = kernel.Receive(precoders);
            kernel.Pose(precoderProblem);
            precoderProblem.Solve(limit, required, precoders);
        }

        Iterate();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Iterate();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void AggregationError_OfThePlan_IsLeastAtTheReceiversOf32()
    {
        OtaFeelCase problem = RandomCases.Draw(6, 4, 2, 5, 2, 6);
        OtaFeelPlan plan = Planner.Solve(problem, OtaFeelMethods.Descent).Plan!;
        var random = new CounterRandom(1, RandomPurpose.Test);

        for (int trial = 0; trial < 20; trial++)
        {
            ComplexMatrix moved = ComplexMatrix.Create(5, 2, (n, i) =>
            {
                (double re, double im) = random.NormalPairAt((ulong)((trial * 100) + (n * 2) + i));
                return plan.Receivers[3][n, i] + (1e-3 * new Complex(re, im));
            });
            Assert.True(
                AggregationError.At(problem, plan.Pulses, plan.Precoders, moved, 3) >
                AggregationError.At(problem, plan.Pulses, plan.Precoders, plan.Receivers[3], 3));
        }
    }
}
