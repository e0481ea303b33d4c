using System.Text.Json;
using IsacTestbed.Control.Records;
using IsacTestbed.Control.Tests.Arrays;
using IsacTestbed.Control.VflBeamforming;
using IsacTestbed.Core;
using IsacTestbed.Planning.VflBeamforming;
using IsacTestbed.Radio;

namespace IsacTestbed.Control.Tests.VflBeamforming;

/// <summary>Plans of vfl-beamforming on the emulated air: measured agrees with predicted as far as the channels were known.</summary>
public sealed class VflBeamformingStudyTests
{
    private const int Rounds = 10;

    [Fact]
    public async Task Run_UsersSinrs_AgreeWithSixAsFarAsTheChannelsAreKnown()
    {
        // Pilots of forty times the power and four times the length of the streams: errors of the channels let nothing through, and the noise that was
        // sounded is that of the receivers, although the tails of such pilots are a tenth of it.
        List<ArrayRound> known = await VflBeamformingBench.RunAsync(
            VflBeamformingBench.Scenario(soundingWatts: 4), Rounds, VflBeamformingMethods.Wmmse);
        double[] deviations = [.. Of(known, VflBeamformingStudy.UserSinr).Select(LogDeviation)];
        Assert.Equal(VflBeamformingBench.Cells * VflBeamformingBench.Users * Rounds, deviations.Length);

        // Chi-square with 40 degrees of freedom lies within 14 and 85 with a probability of 1 - 1e-4.
        Assert.InRange(deviations.Sum(d => d * d), 14, 85);
        Assert.InRange(deviations.Sum() / Math.Sqrt(deviations.Length), -4, 4);

        // Of ten intervals of 95 %, fewer than seven hold with a probability of 1e-3.
        Comparison[] rates = Of(known, VflBeamformingStudy.CommunicationRate);
        Assert.InRange(rates.Count(c => c.Covers == true), 7, Rounds);
        double lossKnown = MeanLoss(rates);
        Assert.InRange(lossKnown, -0.1, 0.1);

        // 32 pilots of a hundredth of the streams' power: nulls where none are, and a plan that believes in them. A tenth of a bit and user is far beyond
        // what measuring errs by.
        List<ArrayRound> guessed = await VflBeamformingBench.RunAsync(
            VflBeamformingBench.Scenario(soundingSymbols: 32, soundingWatts: 0.001), Rounds, VflBeamformingMethods.Wmmse);
        double lossGuessed = MeanLoss(Of(guessed, VflBeamformingStudy.CommunicationRate));
        Assert.True(lossGuessed > 0.4, $"short pilots lose {lossGuessed} bit/s/Hz, long ones {lossKnown}");
    }

    [Fact]
    public async Task Run_UsersAmongStrongInterference_AgreeWithSixWhateverPowerTheSymbolsHad()
    {
        // The other stream of the cell is most of the rest, and its symbols have the power that they happened to have. What a user's own have must not count:
        // counted once more, it would double the squares.
        const int Many = 30;
        List<ArrayRound> rounds = await VflBeamformingBench.RunAsync(VflBeamformingBench.Scenario(), Many, VflBeamformingMethods.Mrt);
        double[] deviations = [.. Of(rounds, VflBeamformingStudy.UserSinr).Select(LogDeviation)];
        Assert.Equal(VflBeamformingBench.Cells * VflBeamformingBench.Users * Many, deviations.Length);

        // Chi-square with 120 degrees of freedom lies within 70 and 183 with a probability of 1 - 2e-4.
        Assert.InRange(deviations.Sum(d => d * d), 70, 183);

        // Sums know what their terms share. Chi-square with 30 degrees of freedom lies within 9.3 and 70 with a probability of 1 - 1e-4; below 25 and
        // above 30 of 30 intervals of 95 % hold with less than 4e-3.
        foreach (string rate in (string[])[VflBeamformingStudy.CommunicationRate, VflBeamformingStudy.SensingRate, VflBeamformingStudy.Objective])
        {
            Comparison[] rates = Of(rounds, rate);
            Assert.InRange(rates.Sum(c => Math.Pow(LinearDeviation(c), 2)), 9.3, 70);
            Assert.InRange(rates.Count(c => c.Covers == true), 25, Many);
        }
    }

    [Fact]
    public async Task Run_NeighboursTargetsLouderThanTheOwn_AreNeitherInEightNorForgotten()
    {
        // Those of cell 2 answer a thousand times stronger than in the other tests: station 1 hears them above its own.
        VflBeamformingScenario scenario = VflBeamformingBench.Scenario();
        CellSection neighbour = scenario.Cells[1];
        scenario = scenario with
        {
            Cells = [scenario.Cells[0], neighbour with { Targets = [.. neighbour.Targets.Select(t => t with { CrossSectionSquareMeters = 500 })] }],
        };
        List<ArrayRound> rounds = await VflBeamformingBench.RunAsync(scenario, Rounds, VflBeamformingMethods.Mrt);
        Comparison[] Own(string quantity) => [.. Of(rounds, quantity).Where(c => c.Subject.StartsWith("target-1", StringComparison.Ordinal))];
        Comparison[] asWritten = Own(VflBeamformingStudy.TargetSinr), arriving = Own(VflBeamformingStudy.BackgroundSinr);
        foreach (Comparison[] all in (Comparison[][])[asWritten, arriving])
        {
            // Two targets of a cell stand in each other's rest: one of them is independent. Chi-square with 10 degrees of freedom lies within 0.8 and 37
            // with a probability of 1 - 1e-4.
            Comparison[] first = [.. all.Where(c => c.Subject == "target-1-1")];
            Assert.Equal(Rounds, first.Length);
            Assert.InRange(first.Sum(c => Math.Pow(LinearDeviation(c), 2)), 0.8, 37);
        }

        // The interval of what arrives holds a prediction of (8) no more: in 8 of 20 it would by chance miss it with 1e-6.
        int missed = asWritten.Zip(arriving).Count(p => p.First.Predicted < p.Second.Lower || p.First.Predicted > p.Second.Upper);
        Assert.InRange(missed, 8, asWritten.Length);
    }

    [Fact]
    public async Task Run_EchoesOfConjugateBeams_AgreeWithEightAndWithWhatArrives()
    {
        List<ArrayRound> rounds = await VflBeamformingBench.RunAsync(VflBeamformingBench.Scenario(), Rounds, VflBeamformingMethods.Cbf);
        foreach (string quantity in (string[])[VflBeamformingStudy.TargetSinr, VflBeamformingStudy.DiscriminatedSinr, VflBeamformingStudy.EchoSinr])
        {
            // Two targets of a cell stand in each other's rest: one per cell is independent of the other.
            double[] deviations = [.. Of(rounds, quantity).Where(c => c.Subject.EndsWith("-1", StringComparison.Ordinal)).Select(LinearDeviation)];
            Assert.Equal(VflBeamformingBench.Cells * Rounds, deviations.Length);

            // Chi-square with 20 degrees of freedom lies within 4.5 and 53 with a probability of 1 - 1e-4.
            Assert.InRange(deviations.Sum(d => d * d), 4.5, 53);
            Assert.InRange(deviations.Sum() / Math.Sqrt(deviations.Length), -4, 4);
        }

        Assert.InRange(Of(rounds, VflBeamformingStudy.SensingRate).Count(c => c.Covers == true), 7, Rounds);
    }

    [Fact]
    public async Task Run_Gradient_KeepsItsRatesOnTheAirAndBeatsTheOthers()
    {
        double gradient = await MeasuredObjective(VflBeamformingMethods.Gradient);
        Assert.True(gradient > await MeasuredObjective(VflBeamformingMethods.Mrt));
        Assert.True(gradient > await MeasuredObjective(VflBeamformingMethods.Cbf));

        static async Task<double> MeasuredObjective(string method) =>
            Of(await VflBeamformingBench.RunAsync(VflBeamformingBench.Scenario(), 3, method), VflBeamformingStudy.Objective).Average(c => c.Measured!.Value);
    }

    [Fact]
    public async Task Run_Round_IsTheSameWheneverItIsDone()
    {
        VflBeamformingScenario scenario = VflBeamformingBench.Scenario();
        List<ArrayRound> one = await VflBeamformingBench.RunAsync(scenario, 2, VflBeamformingMethods.Imt);
        List<ArrayRound> other = await VflBeamformingBench.RunAsync(scenario, 2, VflBeamformingMethods.Imt);
        Assert.Equal(Text(one), Text(other));

        static string Text(List<ArrayRound> rounds) => string.Join('\n', rounds.Select(r => JsonSerializer.Serialize(r, RecordJson.Default.ArrayRound)));
    }

    [Fact]
    public async Task Run_LostSamplesAtOneUser_LeaveTheOthersFigures()
    {
        VflBeamformingScenario scenario = VflBeamformingBench.Scenario();
        long downlink = scenario.Run.Calendar.RoundTick(0) + Sounding(scenario) + 500;
        List<ArrayRound> rounds = await VflBeamformingBench.RunAsync(
            scenario, 1, VflBeamformingMethods.Mrt, bench => Inject(bench, "user-1-2", downlink, 60));
        Comparison[] users = Of(rounds, VflBeamformingStudy.UserSinr, mayDoubt: true);
        Assert.All(users, c => Assert.Equal(c.Subject == "user-1-2" ? Verdict.Inconclusive : Verdict.Valid, c.Verdict));
        Assert.Null(users.Single(c => c.Subject == "user-1-2").Measured);

        // The rate sums over all users, that of the echoes has nothing to do with them, the objective has both.
        Assert.Equal(Verdict.Inconclusive, Of(rounds, VflBeamformingStudy.CommunicationRate, mayDoubt: true).Single().Verdict);
        Assert.Equal(Verdict.Valid, Of(rounds, VflBeamformingStudy.SensingRate, mayDoubt: true).Single().Verdict);
        Assert.Equal(Verdict.Inconclusive, Of(rounds, VflBeamformingStudy.Objective, mayDoubt: true).Single().Verdict);
    }

    [Fact]
    public async Task Run_LostSamplesWhileSounding_LeaveTheRoundWithoutAPlan()
    {
        VflBeamformingScenario scenario = VflBeamformingBench.Scenario();
        List<ArrayRound> rounds = await VflBeamformingBench.RunAsync(
            scenario, 1, VflBeamformingMethods.Mrt, bench => Inject(bench, "station-2", scenario.Run.Calendar.RoundTick(0) + 500, 50));
        Assert.False(rounds[0].Planned);
        Assert.Contains("sounding station-1 to station-2: receiver: Overflow", rounds[0].Reasons[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(VflBeamformingMethods.Vfl, "vflModel: the key is missing; method vfl needs a trained checkpoint")]
    [InlineData(VflBeamformingMethods.PerCell, "perCellModel: the key is missing; method per-cell-dl needs a trained checkpoint")]
    public async Task Run_LearnedMethodWithoutCheckpoint_SaysWhatIsMissing(string method, string expected)
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => VflBeamformingBench.RunAsync(VflBeamformingBench.Scenario(), 1, method));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Study_TargetsInOneDirection_AreRefused()
    {
        VflBeamformingScenario scenario = VflBeamformingBench.Scenario();
        scenario = scenario with { Cells = [VflBeamformingBench.Cell(1, 0, 0, 6, 0, (20, -5), (25, 14), (9, 6), (12, 8)), scenario.Cells[1]] };
        var refused = Assert.Throws<ConfigurationException>(() => new VflBeamformingStudy(scenario, new VflBeamformingPlanner(TimeProvider.System)));
        Assert.Contains("stands in the same direction from station-1", refused.Message, StringComparison.Ordinal);
    }

    private static long Sounding(VflBeamformingScenario scenario) => new Control.Arrays.ChannelSounder(
        scenario.Run.Sounding, new Dsp.Waveforms.SymbolPulse(2), scenario.Run.Radio,
        [new("station-1", 6, 6), new("station-2", 6, 6), new("user-1-1", 0, 1)]).Ticks;

    private static Task Inject(AirBench bench, string radio, long tick, long ticks) =>
        bench.Air.Radios.Single(r => r.Description.RadioId == radio)
            .InjectAsync(new InjectedFault(InjectedFaultKind.Overflow, tick, ticks), CancellationToken.None).AsTask();

    private static Comparison[] Of(List<ArrayRound> rounds, string quantity, bool mayDoubt = false)
    {
        Assert.All(rounds, r => Assert.True(r.Planned, string.Join(';', r.Reasons)));
        Comparison[] all = [.. rounds.SelectMany(r => r.Comparisons).Where(c => c.Quantity == quantity)];
        Assert.All(all, c => Assert.True(mayDoubt || c.Verdict == Verdict.Valid, c.Reason));
        return all;
    }

    // In standard deviations: the interval of a meter is symmetric in the logarithm to first order, and 1.96 deviations wide on each side.
    private static double LogDeviation(Comparison c) => Math.Log(c.Measured!.Value / c.Predicted) * 2 * 1.96 / Math.Log(c.Upper!.Value / c.Lower!.Value);

    // That of an echo is symmetric in the ratio itself.
    private static double LinearDeviation(Comparison c) => (c.Measured!.Value - c.Predicted) * 1.96 / (c.Upper!.Value - c.Measured.Value);

    private static double MeanLoss(Comparison[] all) => all.Average(c => c.Predicted - c.Measured!.Value);
}
