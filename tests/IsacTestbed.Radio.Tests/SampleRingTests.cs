using IsacTestbed.Core;

namespace IsacTestbed.Radio.Tests;

public sealed class SampleRingTests
{
    private const int Chunk = 300;

    [Fact]
    public void Samples_AroundTheRingsEnd_ComeBackByTick()
    {
        SampleRing ring = Filled(10_000, ring => ring.Capacity * 5);
        long first = ring.Head - ring.Capacity;
        (CaptureBlock block, List<CaptureGap> gaps) = Read(ring, first, ring.Capacity);
        using (block)
        {
            Assert.Empty(gaps);
            Assert.Equal(CaptureFlags.None, block.Flags);
            for (int i = 0; i < block.SampleCount; i++)
            {
                Assert.Equal(Value(first + i), block.Real(0)[i]);
                Assert.Equal(-Value(first + i), block.Imaginary(1)[i]);
            }
        }
    }

    [Fact]
    public void Samples_OverwrittenByALateReader_AreAGapAndFlagged()
    {
        SampleRing ring = Filled(0, ring => ring.Capacity * 2);
        long tail = ring.Tail;
        (CaptureBlock block, List<CaptureGap> gaps) = Read(ring, tail - 100, 250);
        using (block)
        {
            Assert.Equal(CaptureFlags.Overflow, block.Flags);
            Assert.Equal(new CaptureGap(tail - 100, 100), Assert.Single(gaps));
            Assert.All(block.Real(0)[..100].ToArray(), v => Assert.Equal(0, v));
            Assert.Equal(Value(tail), block.Real(0)[100]);
        }
    }

    [Fact]
    public void Samples_BeforeTheFirst_AreLate()
    {
        SampleRing ring = Filled(5000, _ => 1000);
        (CaptureBlock block, List<CaptureGap> gaps) = Read(ring, 4900, 200);
        using (block)
        {
            Assert.Equal(CaptureFlags.Late, block.Flags);
            Assert.Equal(new CaptureGap(4900, 100), Assert.Single(gaps));
        }
    }

    [Fact]
    public void Loss_LargerThanTheRing_LeavesNoOldSampleBehind()
    {
        SampleRing ring = Filled(0, ring => ring.Capacity);
        long lostFrom = ring.Head, lost = (3L * ring.Capacity) + 17;
        ring.Lose(lost);
        Append(ring, Chunk);
        long first = ring.Head - Chunk - 50;
        (CaptureBlock block, List<CaptureGap> gaps) = Read(ring, first, Chunk + 50);
        using (block)
        {
            Assert.Equal(CaptureFlags.Overflow, block.Flags);
            Assert.Equal(new CaptureGap(first, 50), Assert.Single(gaps));
            Assert.Equal(lostFrom + lost, first + 50);
            Assert.All(block.Real(0)[..50].ToArray(), v => Assert.Equal(0, v));
            Assert.Equal(Value(lostFrom + lost), block.Real(0)[50]);
        }
    }

    [Fact]
    public void Losses_MoreThanAreRemembered_MakeTheLastOneLonger()
    {
        // A thousand losses within the ring: none may be forgotten, some may be merged.
        var ring = new SampleRing(1, 1 << 14);
        ring.Start(0);
        using var buffer = new StreamBuffer(SampleFormat.ComplexFloat32, 1, Chunk);
        List<long> lost = [];
        for (int i = 0; i < 1000; i++)
        {
            ring.Append(buffer, 0, 10, 1);
            lost.Add(ring.Head);
            ring.Lose(1);
        }

        ring.Append(buffer, 0, 10, 1);
        List<CaptureGap> gaps = [];
        using var block = new CaptureBlock("r", 0, 0, 1e6, 1, (int)ring.Head);
        ring.Copy(block, gaps);
        Assert.All(lost, tick => Assert.Contains(gaps, g => g.FirstTick <= tick && tick < g.FirstTick + g.SampleCount));
    }

    [Fact]
    public void Writer_WhileTheReaderCopies_NeverMixesTimes()
    {
        // A reader that is overtaken all the time: whatever it does not report as lost must be of its tick.
        var ring = new SampleRing(2, 4096);
        ring.Start(0);
        using var stop = new CancellationTokenSource();
        var writer = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Append(ring, Chunk);
            }
        });
        writer.Start();
        int overtaken = 0;
        for (int i = 0; i < 1_000_000 && overtaken < 50; i++)
        {
            long first = ring.Tail;
            if (ring.Head < first + 3000)
            {
                Thread.Yield();
                continue;
            }

            (CaptureBlock block, List<CaptureGap> gaps) = Read(ring, first, 3000);
            using (block)
            {
                long valid = gaps.Count == 0 ? first : gaps[^1].FirstTick + gaps[^1].SampleCount;
                overtaken += gaps.Count > 0 ? 1 : 0;
                for (long tick = valid; tick < first + 3000; tick++)
                {
                    if (block.Real(0)[(int)(tick - first)] != Value(tick))
                    {
                        stop.Cancel();
                        Assert.Fail($"tick {tick} holds a sample of another time");
                    }
                }
            }
        }

        stop.Cancel();
        writer.Join();
        Assert.True(overtaken > 0, "the reader was never overtaken: the test has shown nothing");
    }

    private static float Value(long tick) => (float)((tick * 7919) % 1_000_003);

    private static SampleRing Filled(long start, Func<SampleRing, long> count)
    {
        var ring = new SampleRing(2, 4096);
        ring.Start(start);
        for (long left = count(ring); left > 0; left -= Chunk)
        {
            Append(ring, (int)Math.Min(Chunk, left));
        }

        return ring;
    }

    private static void Append(SampleRing ring, int count)
    {
        using var buffer = new StreamBuffer(SampleFormat.ComplexFloat32, 2, Chunk);
        long head = ring.Head;
        for (int i = 0; i < count; i++)
        {
            for (int c = 0; c < 2; c++)
            {
                buffer.Floats(c)[2 * i] = Value(head + i);
                buffer.Floats(c)[(2 * i) + 1] = -Value(head + i);
            }
        }

        ring.Append(buffer, 0, count, 1);
    }

    private static (CaptureBlock Block, List<CaptureGap> Gaps) Read(SampleRing ring, long first, int count)
    {
        List<CaptureGap> gaps = [];
        var block = new CaptureBlock("r", 0, first, 1e6, 2, count, CaptureFlags.None, gaps);
        ring.Copy(block, gaps);
        return (block, gaps);
    }
}
