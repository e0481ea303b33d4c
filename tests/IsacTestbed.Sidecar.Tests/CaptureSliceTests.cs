using IsacTestbed.Core;
using IsacTestbed.Sidecar.Captures;

namespace IsacTestbed.Sidecar.Tests;

public sealed class CaptureSliceTests
{
    [Fact]
    public void Cut_GapsBeforeWithinAndAcross_AppearOnceAndInFull()
    {
        // A radio that gave samples up says so in the next block, whose first tick lies behind them; the slices must not lose that.
        CaptureGap[] gaps = [new(500, 500), new(1100, 50), new(1900, 300), new(4000, 10)];
        using var block = new CaptureBlock("a", 1, 1000, 1e6, 1, 3000, CaptureFlags.Overflow, gaps, isLast: true);

        CaptureSlice[] slices = [.. CaptureSlice.Cut(block, 1000 * CaptureChunkWriter.BytesPerSample)];

        Assert.Equal(3, slices.Length);
        Assert.Equal([new CaptureGap(500, 500), new(1100, 50), new(1900, 100)], slices[0].Gaps);
        Assert.Equal([new CaptureGap(2000, 200)], slices[1].Gaps);
        Assert.Equal([new CaptureGap(4000, 10)], slices[2].Gaps);
    }
}
