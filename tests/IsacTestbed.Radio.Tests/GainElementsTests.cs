using IsacTestbed.Core;

namespace IsacTestbed.Radio.Tests;

/// <summary>Gains by element: what is held stays, the rest is shared out, and the answer is what the elements really have.</summary>
public sealed class GainElementsTests
{
    // The receiver of a LimeSDR with its second stage held.
    private static readonly GainElements Lime = new(
    [
        new GainElement("LNA", new SettingRange(0, 30, 1), null),
        new GainElement("TIA", new SettingRange(0, 12, 3), 9),
        new GainElement("PGA", new SettingRange(-12, 19, 1), null),
    ]);

    [Theory]
    [InlineData(-3, 0, -12)]
    [InlineData(20, 23, -12)]
    [InlineData(27, 30, -12)]
    [InlineData(40, 30, 1)]
    [InlineData(58, 30, 19)]
    [InlineData(30.4, 30, -9)]
    public void Split_OneElementHeld_RaisesTheOthersInTheirOrder(double gain, double lna, double pga)
    {
        Assert.Equal(new SettingRange(-3, 58), Lime.RangeDb);
        Assert.Equal([("LNA", lna), ("TIA", 9), ("PGA", pga)], Lime.Split(gain));
    }

    [Fact]
    public void Split_AnyElements_KeepsToTheirValuesAndMissesTheSumByHalfALastStep()
    {
        var random = new CounterRandom(3, RandomPurpose.Test);
        ulong draw = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            // The last one is the finest and reaches over the coarsest step of the others, as in every radio that is worth splitting.
            GainElement[] elements =
            [
                .. Enumerable.Range(0, 3).Select(i =>
                {
                    double step = i == 2 ? 0.5 : 1 + random.IntegerAt(draw++, 3);
                    var range = new SettingRange(-6, -6 + (step * (8 + random.IntegerAt(draw++, 20))), step);
                    return new GainElement($"stage {i}", range, i < 2 && random.IntegerAt(draw++, 3) == 0 ? range.Round(random.IntegerAt(draw++, 10)) : null);
                }),
            ];
            var gains = new GainElements(elements);
            double asked = gains.RangeDb.Minimum + ((gains.RangeDb.Maximum - gains.RangeDb.Minimum) * random.UniformAt(draw++));
            IReadOnlyList<(string Name, double GainDb)> split = gains.Split(asked);
            Assert.InRange(split.Sum(s => s.GainDb) - asked, -0.2501, 0.2501);
            Assert.All(split.Zip(elements), pair => Assert.Equal(pair.Second.HeldDb ?? pair.Second.RangeDb.Round(pair.First.GainDb), pair.First.GainDb, 1e-9));
        }
    }

    [Fact]
    public async Task Configure_WithGainsByElement_SetsEachAndAnswersTheirSum()
    {
        var device = new LoopbackDevice(StreamClock.LockStep);
        await using StreamingRadio radio = await Bench.OpenAsync(device, Bench.Options with { RxGains = Lime });
        Assert.Equal(new SettingRange(-3, 58), radio.Description.RxGainDb);
        RadioSettings settings = await radio.ConfigureAsync(
            new RadioSettingsRequest(LoopbackDevice.RateHz, LoopbackDevice.CarrierHz, 7.2, 100), CancellationToken.None);
        Assert.Equal(new Tuned(100, 58, 58), settings.RxGainDb);
        Assert.Equal([("LNA", 30), ("TIA", 9), ("PGA", 19)], device.ElementGains[StreamDirection.Receive].TakeLast(3));

        // The other direction is the driver's to split.
        Assert.Equal(new Tuned(7.2, 7.2, 7), settings.TxGainDb);
        Assert.False(device.ElementGains.ContainsKey(StreamDirection.Transmit));
    }
}
