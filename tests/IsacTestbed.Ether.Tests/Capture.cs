using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Ether.Tests;

/// <summary>What one radio received and reported in a run: windows as arrays of complex samples per channel.</summary>
internal sealed class Capture
{
    public Dictionary<int, Complex[][]> Windows { get; } = [];

    public List<BurstReport> Reports { get; } = [];

    public List<(long FirstTick, int Count, CaptureFlags Flags, IReadOnlyList<CaptureGap> Gaps, bool IsLast, int Window)> Blocks { get; } = [];

    public CaptureFlags Flags => Blocks.Aggregate(CaptureFlags.None, (flags, block) => flags | block.Flags);

    /// <summary>The samples of the first window on a channel.</summary>
    public Complex[] this[int channel] => Windows[Windows.Keys.Min()][channel];

    public static async Task<Capture> OfAsync(EmulatedRadio radio, BurstSchedule schedule, CancellationToken cancellationToken = default)
    {
        var capture = new Capture();
        await foreach (RadioOutput output in radio.RunAsync(cancellationToken))
        {
            capture.Add(output, schedule);
        }

        return capture;
    }

    public void Add(RadioOutput output, BurstSchedule schedule)
    {
        if (output is BurstReport report)
        {
            Reports.Add(report);
            return;
        }

        using var block = (CaptureBlock)output;
        RxWindow window = schedule.Windows.Single(w => w.WindowId == block.WindowId);
        if (!Windows.TryGetValue(block.WindowId, out Complex[][]? samples))
        {
            samples = [.. Enumerable.Range(0, block.ChannelCount).Select(_ => new Complex[window.SampleCount])];
            Windows.Add(block.WindowId, samples);
        }

        for (int c = 0; c < block.ChannelCount; c++)
        {
            Span<float> re = block.Real(c), im = block.Imaginary(c);
            for (int i = 0; i < block.SampleCount; i++)
            {
                samples[c][block.FirstTick - window.StartTick + i] = new Complex(re[i], im[i]);
            }
        }

        Blocks.Add((block.FirstTick, block.SampleCount, block.Flags, block.Gaps, block.IsLast, block.WindowId));
    }
}
