using IsacTestbed.Control.OtaFeel;
using IsacTestbed.Control.Records;
using IsacTestbed.Control.Tests.Arrays;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.OtaFeel;

public sealed class AirTrainingTests
{
    [Fact]
    public void Message_SumsWithoutError_ComeBackAsTheSumsOfTheNumbers()
    {
        double[][] locals = [[1, -2, 0.5, 4, 3], [0, 7, -1, 2, -6], [0.25, 1, 1, 1, 1]];

        // Three symbols of two numbers in eleven intervals: three repetitions, two intervals left.
        var message = AirPayload.Message.Pack(locals, 11, "a test");
        System.Numerics.Complex[][] sums =
            [.. Enumerable.Range(0, 11).Select(n => new System.Numerics.Complex[] { 0, message.Symbols.Aggregate(System.Numerics.Complex.Zero, (sum, s) => sum + (s[n] / 3)) })];

        Assert.Equal(3, message.Repeats);
        double power = message.Symbols.Average(s => s.Take(9).Average(x => (x.Real * x.Real) + (x.Imaginary * x.Imaginary)));

        // Five numbers in six places: the sixth is empty.
        Assert.Equal(5.0 / 6, power, 1e-12);
        double[] unpacked = message.Unpack(sums, 1);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(locals.Sum(l => l[i]), unpacked[i], 1e-12);
        }
    }

    [Fact]
    public void Message_LongerThanTheIntervals_IsRefusedWithItsName()
    {
        ConfigurationException refusal = Assert.Throws<ConfigurationException>(() => AirPayload.Message.Pack([new double[9]], 4, "a model update"));

        Assert.Contains("a model update takes 9", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunRound_WithTraining_LearnsAndLocatesBySumsAlone()
    {
        OtaFeelScenario scenario = OtaFeelAir.Scenario with
        {
            Run = OtaFeelAir.Scenario.Run with { Radio = OtaFeelAir.Scenario.Run.Radio with { FullScalePowerWatts = 2000 }, RoundSeconds = 8 },
            Training = OtaFeelAir.Scenario.Training with { Steps = 20 },
            Frame = OtaFeelAir.Scenario.Frame with { Frames = 20 },
        };
        await using var bench = new AirBench(OtaFeelAir.Scene(scenario));

        ArrayRound round = await new OtaFeelStudy(scenario).RunRoundAsync(bench, AirMethods.SplitFrame, 0, CancellationToken.None);

        Comparison model = Assert.Single(round.Comparisons, c => c.Subject == "model");
        Comparison place = Assert.Single(round.Comparisons, c => c.Subject == "federated over the air");

        // Six classes of which a device holds three: one that learnt alone could not pass one half. Perfect links and the air see the same data, so
        // that their accuracies differ by far less than 600 independent samples would have it, 4 sqrt(2 / 4 / 600).
        Assert.True(model.Measured > 0.6, $"{model.Measured}");
        Assert.Equal(model.Predicted, model.Measured!.Value, 0.12);

        // Within the few cells around the target that a wrong start could not reach.
        Assert.True(place.Measured < 1, $"{place.Measured} m^2");
    }
}
