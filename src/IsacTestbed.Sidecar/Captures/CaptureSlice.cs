using IsacTestbed.Core;

namespace IsacTestbed.Sidecar.Captures;

/// <summary>A run of consecutive samples of a captured block, on all its channels, that travels as one message.</summary>
/// <remarks>Does not own the block; <see cref="EndsBlock"/> tells who writes the last slice that the block may be disposed of.</remarks>
internal sealed class CaptureSlice
{
    private CaptureSlice(CaptureBlock block, int offset, int sampleCount)
    {
        Block = block;
        Offset = offset;
        SampleCount = sampleCount;

        // A gap may lie before the block, where its radio gave samples up: it belongs to the first slice. What lies behind belongs to the last.
        Gaps = offset == 0 && EndsBlock
            ? block.Gaps
            : GapsWithin(block.Gaps, offset == 0 ? long.MinValue : FirstTick, EndsBlock ? long.MaxValue : FirstTick + sampleCount);
    }

    /// <summary>The block.</summary>
    public CaptureBlock Block { get; }

    /// <summary>Index of the slice's first sample in the block.</summary>
    public int Offset { get; }

    /// <summary>Samples per channel.</summary>
    public int SampleCount { get; }

    /// <summary>Lost samples within the slice, and before the block when it is its first slice.</summary>
    public IReadOnlyList<CaptureGap> Gaps { get; }

    /// <summary>Tick of the first sample.</summary>
    public long FirstTick => Block.FirstTick + Offset;

    /// <summary>Whether no further slice of the block follows.</summary>
    public bool EndsBlock => Offset + SampleCount == Block.SampleCount;

    /// <summary>Whether the slice ends its receive window.</summary>
    public bool IsLast => Block.IsLast && EndsBlock;

    /// <summary>Cuts a block into slices of nearly equal length whose samples take at most so many bytes.</summary>
    /// <remarks>Each slice keeps all of the block's flags: which samples a flag is about is known only for gaps.</remarks>
    public static IEnumerable<CaptureSlice> Cut(CaptureBlock block, int maximumBytes)
    {
        int most = Math.Max(1, maximumBytes / (CaptureChunkWriter.BytesPerSample * block.ChannelCount));
        int slices = (block.SampleCount + most - 1) / most;
        for (int i = 0; i < slices; i++)
        {
            int from = (int)((long)block.SampleCount * i / slices);
            int to = (int)((long)block.SampleCount * (i + 1) / slices);
            yield return new CaptureSlice(block, from, to - from);
        }
    }

    private static List<CaptureGap> GapsWithin(IReadOnlyList<CaptureGap> gaps, long firstTick, long endTick)
    {
        var within = new List<CaptureGap>();
        foreach (CaptureGap gap in gaps)
        {
            long from = Math.Max(gap.FirstTick, firstTick);
            long to = Math.Min(gap.FirstTick + gap.SampleCount, endTick);
            if (to > from)
            {
                within.Add(new CaptureGap(from, to - from));
            }
        }

        return within;
    }
}
