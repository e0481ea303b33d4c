using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Ether.Tests;

public sealed class BurstTimelineTests
{
    [Fact]
    public void Between_RandomOverlappingBursts_KeepsTheOrderAndMissesNone()
    {
        var random = new CounterRandom(11, RandomPurpose.Test);
        var waveform = new Waveform("w", new float[4], new float[4]);
        ulong index = 0;
        BurstOnAir[] bursts =
        [
            .. Enumerable.Range(0, 300).Select(i => new BurstOnAir(
                random.IntegerAt(index++, 3),
                new TxBurst(i, random.IntegerAt(index++, 1000), "w", 1 + random.IntegerAt(index++, 20), 4, 1, [Complex.One]),
                [new LayerOnAir(waveform, null, [Complex.One])],
                1)),
        ];
        var timeline = new BurstTimeline(bursts);
        for (int trial = 0; trial < 500; trial++)
        {
            int node = random.IntegerAt(index++, 3), endedBy = random.IntegerAt(index++, 1100), startBefore = endedBy + random.IntegerAt(index++, 50);
            BurstOnAir[] all = [.. timeline.All.Where(b => b.Node == node)];
            BurstOnAir[] found = timeline.Of(node).Between(endedBy, startBefore).ToArray();

            Assert.All(
                bursts.Where(b => b.Node == node && b.Burst.EndTick > endedBy && b.Burst.StartTick < startBefore),
                b => Assert.Contains(b, found));
            Assert.Equal(all.Where(found.Contains), found);
            Assert.True(found.Length == 0 || found[0].Burst.EndTick > endedBy);
        }
    }

    [Fact]
    public void Of_NodeWithoutBursts_IsEmpty()
    {
        var layer = new LayerOnAir(new Waveform("w", new float[4], new float[4]), null, [Complex.One]);
        var burst = new BurstOnAir(1, new TxBurst(0, 5, "w", 1, 4, 1, [Complex.One]), [layer], 1);
        var timeline = new BurstTimeline([burst]);

        Assert.True(timeline.Of(0).IsEmpty);
        Assert.True(timeline.Of(2).IsEmpty);
        Assert.False(timeline.Of(1).IsEmpty);
        Assert.Equal((5, 9), (timeline.Of(1).StartTick, timeline.Of(1).EndTick));
    }
}
