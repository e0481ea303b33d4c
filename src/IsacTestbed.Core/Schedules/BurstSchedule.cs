using System.Numerics;

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
        var ids = new HashSet<int>();
        long free = long.MinValue;
        foreach (TxBurst burst in Bursts)
        {
            // A schedule has tens of thousands of bursts and is checked on both sides of the wire: words are made for a wrong one only.
            string? problem = !ids.Add(burst.BurstId) ? "the identifier stands twice." : ProblemOf(burst, free);
            if (problem is not null)
            {
                throw new ArgumentException($"Radio {RadioId}, burst {burst.BurstId}: {problem}");
            }

            free = burst.EndTick;
        }

        ids.Clear();
        free = long.MinValue;
        foreach (RxWindow window in Windows)
        {
            string? problem = !ids.Add(window.WindowId) ? "the identifier stands twice." : ProblemOf(window, free);
            if (problem is not null)
            {
                throw new ArgumentException($"Radio {RadioId}, window {window.WindowId}: {problem}");
            }

            free = window.EndTick;
        }
    }

    private static string? ProblemOf(TxBurst burst, long free)
    {
        if (burst.Repeats < 1)
        {
            return $"{burst.Repeats} repeats; at least 1.";
        }

        if (burst.IntervalTicks < 1)
        {
            return $"an interval of {burst.IntervalTicks} ticks; at least 1.";
        }

        if (!(burst.Amplitude is >= 0 and <= 1))
        {
            return $"amplitude {burst.Amplitude}; from 0 to 1 of full scale.";
        }

        return ProblemOf(burst.Layers)
            ?? (burst.StartTick < free ? $"starts at tick {burst.StartTick}, before the previous burst ends at {free}." : null);
    }

    private static string? ProblemOf(IReadOnlyList<TxLayer> layers)
    {
        if (layers.Count == 0)
        {
            return "no layers; at least one waveform is sent.";
        }

        int channels = layers[0].Weights.Count;
        for (int l = 0; l < layers.Count; l++)
        {
            IReadOnlyList<Complex> weights = layers[l].Weights;
            if (weights.Count == 0)
            {
                return "no weights; one per transmit channel.";
            }

            if (weights.Count != channels)
            {
                return $"layers with {channels} and {weights.Count} weights; all have one per transmit channel.";
            }

            for (int channel = 0; channel < channels; channel++)
            {
                // Written so that what is not a number is refused.
                if (!(weights[channel].Magnitude <= 1 + 1e-9))
                {
                    return "a weight exceeds magnitude 1.";
                }
            }
        }

        return null;
    }

    private static string? ProblemOf(RxWindow window, long free)
    {
        if (window.SampleCount < 1)
        {
            return $"{window.SampleCount} samples; at least 1.";
        }

        return window.StartTick < free ? $"starts at tick {window.StartTick}, before the previous window ends at {free}." : null;
    }
}
