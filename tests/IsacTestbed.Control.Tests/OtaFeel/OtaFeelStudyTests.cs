using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.OtaFeel;
using IsacTestbed.Control.Records;
using IsacTestbed.Control.Tests.Arrays;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Control.Tests.OtaFeel;

public sealed class OtaFeelStudyTests
{
    private const string WithSounding = OtaFeelStudy.SumsWithSounding;
    private const string Plain = OtaFeelStudy.Sums;

    [Theory]
    [InlineData(OtaFeelMethods.Descent)]
    [InlineData(OtaFeelMethods.Literal)]
    [InlineData(AirMethods.CommonPulse)]
    [InlineData(AirMethods.SplitFrame)]
    public async Task RunRound_LongPilots_SumsErrAsPredicted(string method)
    {
        IReadOnlyList<ArrayRound> rounds = await RunAsync(OtaFeelAir.Scenario, method, 4);

        // The standardised differences of four rounds: the sum of their squares is chi-squared with four degrees of freedom, whose 99.99 %
        // point is 23.5.
        double sum = rounds.Sum(round => Square(Standardised(round, WithSounding)));
        Assert.True(sum < 23.5, $"{sum}: {string.Join(", ", rounds.Select(r => Standardised(r, WithSounding)))}");
    }

    [Fact]
    public async Task RunRound_ShortPilots_CostWhatTheErrorsOfSoundingSay()
    {
        OtaFeelScenario scenario = OtaFeelAir.Scenario with { Run = OtaFeelAir.Scenario.Run with { Sounding = new SoundingSection(24, 1, 4) } };

        IReadOnlyList<ArrayRound> rounds = await RunAsync(scenario, AirMethods.CommonPulse, 4);

        // (7) does not know of the errors and is exceeded by far. With them it is an expectation over the errors, of which a round has drawn
        // one set: 4 x 6 x 4 x 2 coefficients spread it by some tenth.
        Assert.True(rounds.Average(r => Standardised(r, Plain)) > 4);
        double ratio = rounds.Average(r => Find(r, WithSounding).Measured!.Value / Find(r, WithSounding).Predicted);
        Assert.InRange(ratio, 0.8, 1.25);
    }

    [Fact]
    public async Task RunRound_OrthogonalPulsesAgainstACommonOne_TheGainOfAddingUpIsThere()
    {
        double orthogonal = (await RunAsync(OtaFeelAir.Scenario, OtaFeelMethods.Descent, 1)).Average(r => Find(r, Plain).Lower!.Value);
        double common = (await RunAsync(OtaFeelAir.Scenario, AirMethods.CommonPulse, 1)).Average(r => Find(r, Plain).Upper!.Value);

        // Eight streams on six antennas against two that add up.
        Assert.True(orthogonal > 5 * common, $"{orthogonal} against {common}");
    }

    [Fact]
    public async Task RunRound_SplitFrame_LocatesAtTheBoundAndSingleShotDoesNot()
    {
        const int Rounds = 12;
        IReadOnlyList<ArrayRound> rounds = await RunAsync(OtaFeelAir.Scenario, AirMethods.SplitFrame, Rounds);

        // A squared error is a weighted chi-squared; at worst all of it lies in one direction: four standard errors are 4 sqrt(2 / rounds).
        double bound = rounds.Average(r => Location(r, OtaFeelStudy.Centralised).Predicted);
        double width = 4 * Math.Sqrt(2.0 / Rounds);
        Assert.True(rounds.Average(r => Location(r, OtaFeelStudy.Centralised).Measured!.Value) < (1 + width) * bound);
        Assert.True(rounds.Average(r => Location(r, OtaFeelStudy.Federated).Measured!.Value) < (1 + width) * bound);
        Assert.True(rounds.Average(r => Location(r, OtaFeelStudy.SingleShot).Measured!.Value) > 20 * bound);
    }

    [Fact]
    public async Task RunRound_CarrierOffset_SumsErrMoreThanPredicted()
    {
        OtaFeelScenario scenario = OtaFeelAir.Scenario with { Server = OtaFeelAir.Scenario.Server with { CarrierOffsetHz = 0.5 } };

        ArrayRound round = Assert.Single(await RunAsync(scenario, AirMethods.CommonPulse, 1));

        // Half a hertz turns the phase by some 100 degrees between sounding and the last symbol.
        Assert.True(Standardised(round, WithSounding) > 10);
    }

    [Fact]
    public async Task RunRound_LostSamplesAtTheServer_MeasureNoSumsButLocate()
    {
        OtaFeelScenario scenario = OtaFeelAir.Scenario;
        await using var bench = new AirBench(OtaFeelAir.Scene(scenario));
        var sounder = new ChannelSounder(scenario.Run.Sounding, new SymbolPulse(scenario.Frame.SamplesPerSymbol), scenario.Run.Radio, scenario.Radios);
        await bench.Air.Radios.Single(r => r.Description.RadioId == scenario.Server.Id).InjectAsync(
            new Radio.InjectedFault(Radio.InjectedFaultKind.Overflow, scenario.Run.Calendar.RoundTick(0) + sounder.Ticks + 200, 50), CancellationToken.None);

        ArrayRound round = await new OtaFeelStudy(scenario).RunRoundAsync(bench, AirMethods.SplitFrame, 0, CancellationToken.None);

        Assert.Equal(Verdict.Inconclusive, Find(round, Plain).Verdict);
        Assert.Null(Find(round, Plain).Measured);
        Assert.Equal(Verdict.Valid, Location(round, OtaFeelStudy.Federated).Verdict);
    }

    [Fact]
    public async Task RunRound_SameSeedTwice_GivesTheSameRecord()
    {
        ArrayRound first = Assert.Single(await RunAsync(OtaFeelAir.Scenario, AirMethods.SplitFrame, 1));
        ArrayRound second = Assert.Single(await RunAsync(OtaFeelAir.Scenario, AirMethods.SplitFrame, 1));

        Assert.Equal(first.Comparisons, second.Comparisons);
    }

    private static async Task<IReadOnlyList<ArrayRound>> RunAsync(OtaFeelScenario scenario, string method, int rounds)
    {
        await using var bench = new AirBench(OtaFeelAir.Scene(scenario));
        var study = new OtaFeelStudy(scenario);
        var results = new List<ArrayRound>();
        for (int round = 0; round < rounds; round++)
        {
            ArrayRound result = await study.RunRoundAsync(bench, method, round, CancellationToken.None);
            Assert.All(result.Comparisons, c => Assert.Equal(Verdict.Valid, c.Verdict));
            results.Add(result);
        }

        return results;
    }

    private static Comparison Find(ArrayRound round, string quantity) => Assert.Single(round.Comparisons, c => c.Quantity == quantity);

    private static Comparison Location(ArrayRound round, string estimator) => Assert.Single(round.Comparisons, c => c.Subject == estimator);

    // Measured less predicted, in standard errors of the measurement.
    private static double Standardised(ArrayRound round, string quantity)
    {
        Comparison found = Find(round, quantity);
        return (found.Measured!.Value - found.Predicted) / ((found.Upper!.Value - found.Lower!.Value) / (2 * 1.96));
    }

    private static double Square(double value) => value * value;
}
