using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Planning.Tests.OtaFeel;

public sealed class SplitFrameTests
{
    private static readonly OtaFeelPlanner Planner = new(TimeProvider.System);

    [Fact]
    public void Create_NoSensingBlocks_ErrorIsFarBelowThatOfOrthogonalPulsesWhateverTheirLength()
    {
        OtaFeelCase problem = RandomCases.Draw(31, 15, 4, 16, 2, 16, equalWeights: true) with { NoiseVariance = 0.1, PowerWatts = 1 };
        problem = problem with { SensingErrorLimit = problem.CrbLowerBound(0.5 * 15) };
        OtaFeelCase longer = problem with { PulseLength = 64, SensingErrorLimit = problem.SensingErrorLimit / 4 };

        double common = SplitFrame.Create(problem, 0).Aggregation.Mse;
        OtaFeelAnswer orthogonal = Planner.Solve(problem, OtaFeelMethods.Refined);

        // Not only the plan found: no plan with orthogonal pulses comes near.
        Assert.True(orthogonal.LowerBound > 20 * common, $"{orthogonal.LowerBound} against {common}");
        Assert.Equal(orthogonal.Plan!.Mse, Planner.Solve(longer, OtaFeelMethods.Refined).Plan!.Mse, 1e-3 * orthogonal.Plan.Mse);
    }

    [Fact]
    public void Create_PrecodersThatUndoThePulse_HaveTheErrorOfTheCommonPulse()
    {
        OtaFeelCase problem = RandomCases.Draw(32, 4, 2, 6, 1, 4);
        OtaFeelPlan plan = SplitFrame.Create(problem, 0).Aggregation;
        var pulses = PulseSet.Orthogonal(PulseFamily.Dft, 4, 4);

        // In interval t device k sends C_k p_k[t]^* under the orthogonal pulse p_k[t].
        double error = 0;
        for (int t = 0; t < 4; t++)
        {
            ComplexMatrix[] undone = [.. plan.Precoders.Select((c, k) => ComplexMatrix.Create(c.Rows, c.Columns, (m, i) => c[m, i] * Complex.Conjugate(pulses[k][t])))];
            error += AggregationError.At(problem, pulses, undone, plan.Receivers[t], t) / 4;
        }

        Assert.Equal(plan.Mse, error, 1e-12 + (1e-9 * plan.Mse));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Create_AnySplit_KeepsPowersAndTheSensingLimitOfTheFrame(int blocks)
    {
        OtaFeelCase problem = RandomCases.Draw(33, 5, 3, 8, 2, 20);

        SplitFrame frame = SplitFrame.Create(problem, blocks);

        Assert.Equal(20 - (5 * blocks), frame.Aggregation.Pulses.Length);
        Assert.All(frame.Aggregation.Precoders, c => Assert.True(c.SquaredFrobeniusNorm() <= problem.PowerWatts * (1 + 1e-12)));
        Assert.True(frame.CrbLowerBound <= problem.SensingErrorLimit * (1 + 1e-9));
        for (int k = 0; k < 5; k++)
        {
            for (int t = 0; t < frame.SensingIntervals; t++)
            {
                Assert.Equal(problem.PowerWatts, frame.SensingSignal(k, t).Sum(x => x.Magnitude * x.Magnitude), 1e-12 * problem.PowerWatts);
            }
        }
    }

    [Fact]
    public void SensingSignal_TwoDevices_AreOrthogonalEntryByEntry()
    {
        OtaFeelCase problem = RandomCases.Draw(33, 5, 3, 8, 2, 20);
        SplitFrame frame = SplitFrame.Create(problem, 3);

        for (int m = 0; m < 3; m++)
        {
            for (int n = 0; n < 3; n++)
            {
                Complex sum = Complex.Zero;
                for (int t = 0; t < frame.SensingIntervals; t++)
                {
                    sum += frame.SensingSignal(1, t)[m] * Complex.Conjugate(frame.SensingSignal(4, t)[n]);
                }

                Assert.True(sum.Magnitude < 1e-12 * problem.PowerWatts);
            }
        }
    }

    [Fact]
    public void Information_ASensingPartAgainstWhiteSymbols_GivesTheBetterBoundWhereEchoesDisturb()
    {
        OtaFeelCase problem = RandomCases.Draw(34, 6, 4, 8, 2, 36) with { SensingNoise = [.. Enumerable.Repeat(1e-12, 6)] };
        problem = problem with { SensingErrorLimit = problem.CrbLowerBound(0.3 * 6 * problem.PowerWatts) };
        SensingScene scene = LocalisationScenes.Draw(3, 6, 4);
        OtaFeelPlan paper = Planner.Solve(problem, OtaFeelMethods.Descent).Plan!;
        SplitFrame frame = SplitFrame.Create(problem, 4);

        double white = SplitFrame.WhiteSymbols(problem, paper, scene, LocalisationScenes.Target).CramerRaoBound();
        double claimed = FisherInformation.Of(scene, LocalisationScenes.Target, paper.Precoders, 36, problem.SensingNoise).CramerRaoBound();
        double split = frame.Information(scene, LocalisationScenes.Target).CramerRaoBound();

        Assert.True(white > claimed);
        Assert.True(split < white, $"{split} against {white}");
        Assert.True(frame.Aggregation.Mse < paper.Mse);
    }
}
