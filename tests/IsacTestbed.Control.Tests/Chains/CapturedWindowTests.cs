using IsacTestbed.Control.Chains;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Chains;

public sealed class CapturedWindowTests
{
    private static readonly RxWindow Window = new(3, 1000, 10);

    [Theory]
    [InlineData(CaptureFlags.None, false, BurstOutcome.Transmitted, Verdict.Valid, "")]
    [InlineData(CaptureFlags.None, true, BurstOutcome.Transmitted, Verdict.Inconclusive, "receiver: samples are missing")]
    [InlineData(CaptureFlags.Overflow, true, BurstOutcome.Transmitted, Verdict.Inconclusive, "receiver: Overflow")]
    [InlineData(CaptureFlags.Late, false, BurstOutcome.Transmitted, Verdict.Inconclusive, "receiver: Late")]
    [InlineData(CaptureFlags.Clipped, false, BurstOutcome.Transmitted, Verdict.Inconclusive, "receiver: Clipped")]
    [InlineData(CaptureFlags.Unlocked, false, BurstOutcome.Transmitted, Verdict.Inconclusive, "receiver: Unlocked")]
    [InlineData(CaptureFlags.AllZero, false, BurstOutcome.Transmitted, Verdict.Faulted, "receiver: AllZero")]
    [InlineData(CaptureFlags.Dead, true, BurstOutcome.Transmitted, Verdict.Faulted, "receiver: Dead")]
    [InlineData(CaptureFlags.Dead | CaptureFlags.Clipped, true, BurstOutcome.Late, Verdict.Faulted, "receiver: Clipped, Dead")]
    [InlineData(CaptureFlags.None, false, BurstOutcome.Late, Verdict.Inconclusive, "transmitter: Late")]
    [InlineData(CaptureFlags.None, false, BurstOutcome.Underflow, Verdict.Inconclusive, "transmitter: Underflow")]
    [InlineData(CaptureFlags.None, false, BurstOutcome.Aborted, Verdict.Inconclusive, "transmitter: Aborted")]
    [InlineData(CaptureFlags.None, false, null, Verdict.Inconclusive, "transmitter: no report")]
    public void Judge_EveryDegradation_HasItsVerdict(CaptureFlags flags, bool gap, BurstOutcome? burst, Verdict verdict, string reason) =>
        Assert.Equal((verdict, reason), CapturedWindow.Judge(flags, gap, burst));

    [Fact]
    public void Add_AllBlocks_PutsSamplesWhereTheirTicksSay()
    {
        CapturedWindow window = Begin();
        Add(window, 1000, 6);
        Assert.True(window.HasGap);
        Add(window, 1006, 4);
        Assert.False(window.HasGap);
        Assert.Equal([1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009], window.Real(0).ToArray());
        Assert.Equal(window.Real(0).ToArray().Select(r => -r), window.Imaginary(0).ToArray());
    }

    [Fact]
    public void Add_ABlockThatNeverCame_LeavesAGapAndZeros()
    {
        CapturedWindow window = Begin();
        Add(window, 1000, 4);
        Add(window, 1006, 4);
        Assert.True(window.HasGap);
        Assert.Equal([0, 0], window.Real(0)[4..6].ToArray());
        Assert.Equal(1006, window.Real(0)[6]);
    }

    [Fact]
    public void Begin_Again_ForgetsFlagsGapsAndSamples()
    {
        CapturedWindow window = Begin();
        Add(window, 1000, 10, CaptureFlags.Clipped);
        Assert.Equal(CaptureFlags.Clipped, window.Flags);
        window.Begin(Window with { StartTick = 2000 });
        Assert.Equal((CaptureFlags.None, true, 0f), (window.Flags, window.HasGap, window.Real(0)[9]));
    }

    [Theory]
    [InlineData(999, 4)]
    [InlineData(1007, 4)]
    public void Add_ABlockOutsideTheWindow_IsRefused(long tick, int count) => Assert.Throws<ArgumentException>(() => Add(Begin(), tick, count));

    private static CapturedWindow Begin()
    {
        var window = new CapturedWindow(1, 10);
        window.Begin(Window);
        return window;
    }

    private static void Add(CapturedWindow window, long tick, int count, CaptureFlags flags = CaptureFlags.None)
    {
        using var block = new CaptureBlock("r", 3, tick, 1e6, 1, count, flags);
        for (int i = 0; i < count; i++)
        {
            (block.Real(0)[i], block.Imaginary(0)[i]) = (tick + i, -(tick + i));
        }

        window.Add(block);
    }
}
