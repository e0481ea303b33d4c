using IsacTestbed.Core;

namespace IsacTestbed.Ether;

/// <summary>A burst that a radio has armed or sent. How it ends may still change until its end.</summary>
internal sealed class BurstOnAir
{
    private long _cutTick = long.MaxValue;
    private int _outcome = (int)BurstOutcome.Transmitted;

    /// <param name="node">Index of the transmitting node.</param>
    /// <param name="burst">The burst.</param>
    /// <param name="waveform">Its waveform.</param>
    /// <param name="amplitudeRootWatts">Radiated amplitude, in square roots of watts, of a unit sample at a unit weight.</param>
    public BurstOnAir(int node, TxBurst burst, Waveform waveform, double amplitudeRootWatts)
        : this(node, burst, amplitudeRootWatts) => Waveform = waveform;

    /// <param name="node">Index of the transmitting node.</param>
    /// <param name="burst">The burst: one repetition, no shorter than a segment.</param>
    /// <param name="segment">Its samples, which may still arrive.</param>
    /// <param name="amplitudeRootWatts">Radiated amplitude, in square roots of watts, of a unit sample at a unit weight.</param>
    public BurstOnAir(int node, TxBurst burst, StreamedSegment segment, double amplitudeRootWatts)
        : this(node, burst, amplitudeRootWatts)
    {
        Segment = segment;
        IsStarted = true;
    }

    private BurstOnAir(int node, TxBurst burst, double amplitudeRootWatts)
    {
        Node = node;
        Burst = burst;
        AmplitudeRootWatts = amplitudeRootWatts;
    }

    public int Node { get; }

    public TxBurst Burst { get; }

    /// <summary>The waveform of a stored burst.</summary>
    public Waveform? Waveform { get; }

    /// <summary>The samples of a streamed burst.</summary>
    public StreamedSegment? Segment { get; }

    /// <summary>Length of the waveform, or how much of the stream has arrived.</summary>
    public int SignalLength => Segment?.Count ?? Waveform!.Length;

    public double AmplitudeRootWatts { get; }

    /// <summary>Whether the radio that armed it has started its run.</summary>
    public bool IsStarted { get; set; }

    /// <summary>From this tick on nothing is radiated.</summary>
    public long CutTick => Volatile.Read(ref _cutTick);

    public BurstOutcome Outcome => (BurstOutcome)Volatile.Read(ref _outcome);

    /// <summary>The tick at which it ends.</summary>
    public long EndTick => Math.Min(Burst.EndTick, CutTick);

    /// <summary>Cuts the burst; the earliest cut counts.</summary>
    public void Cut(long tick, BurstOutcome outcome)
    {
        if (tick < EndTick)
        {
            Volatile.Write(ref _cutTick, Math.Max(tick, Burst.StartTick));
            Volatile.Write(ref _outcome, (int)outcome);
        }
    }
}
