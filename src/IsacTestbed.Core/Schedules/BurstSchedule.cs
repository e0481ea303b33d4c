namespace IsacTestbed.Core;

/// <summary>What one radio does: bursts to send and windows to receive, in ticks of the radio's sample clock.</summary>
/// <remarks>Bursts of one radio must not overlap each other; windows must not overlap each other; a window may overlap bursts.</remarks>
/// <param name="RadioId">Which radio.</param>
/// <param name="Bursts">Transmissions in order of start.</param>
/// <param name="Windows">Receptions in order of start.</param>
public sealed record BurstSchedule(string RadioId, IReadOnlyList<TxBurst> Bursts, IReadOnlyList<RxWindow> Windows)
{
    /// <summary>The first tick of any burst or window; zero when there is none.</summary>
    public long FirstTick => Bursts.Select(b => b.StartTick).Concat(Windows.Select(w => w.StartTick)).DefaultIfEmpty(0).Min();

    /// <summary>One past the last tick of any burst or window; zero when there is none.</summary>
    public long EndTick => Bursts.Select(b => b.EndTick).Concat(Windows.Select(w => w.EndTick)).DefaultIfEmpty(0).Max();

    /// <summary>Checks order, overlap, counts and ranges.</summary>
    /// <exception cref="ArgumentException">Names the first burst or window that is wrong, and why.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(RadioId);
        long free = long.MinValue;
        var ids = new HashSet<int>();
        foreach (TxBurst burst in Bursts)
        {
            string name = $"Radio {RadioId}, burst {burst.BurstId}";
            Require(ids.Add(burst.BurstId), $"{name}: the identifier stands twice.");
            Require(burst.Repeats >= 1, $"{name}: {burst.Repeats} repeats; at least 1.");
            Require(burst.IntervalTicks >= 1, $"{name}: an interval of {burst.IntervalTicks} ticks; at least 1.");
            Require(burst.Amplitude is >= 0 and <= 1, $"{name}: amplitude {burst.Amplitude}; from 0 to 1 of full scale.");
            Require(burst.Layers.Count > 0, $"{name}: no layers; at least one waveform is sent.");
            Require(burst.Layers.All(l => l.Weights.Count > 0), $"{name}: no weights; one per transmit channel.");
            Require(
                burst.Layers.All(l => l.Weights.Count == burst.Layers[0].Weights.Count),
                $"{name}: layers with {string.Join(" and ", burst.Layers.Select(l => l.Weights.Count).Distinct())} weights; all have one per transmit channel.");
            Require(burst.Layers.All(l => l.Weights.All(w => w.Magnitude <= 1 + 1e-9)), $"{name}: a weight exceeds magnitude 1.");
            Require(burst.StartTick >= free, $"{name}: starts at tick {burst.StartTick}, before the previous burst ends at {free}.");
            free = burst.EndTick;
        }

        free = long.MinValue;
        ids.Clear();
        foreach (RxWindow window in Windows)
        {
            string name = $"Radio {RadioId}, window {window.WindowId}";
            Require(ids.Add(window.WindowId), $"{name}: the identifier stands twice.");
            Require(window.SampleCount >= 1, $"{name}: {window.SampleCount} samples; at least 1.");
            Require(window.StartTick >= free, $"{name}: starts at tick {window.StartTick}, before the previous window ends at {free}.");
            free = window.EndTick;
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
