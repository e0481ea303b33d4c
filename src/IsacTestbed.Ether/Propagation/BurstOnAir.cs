using IsacTestbed.Core;

namespace IsacTestbed.Ether;

/// <summary>A burst that a radio has armed or sent. How it ends may still change until its end.</summary>
internal sealed class BurstOnAir
{
    private long _cutTick = long.MaxValue;
    private int _outcome = (int)BurstOutcome.Transmitted;

    /// <param name="node">Index of the transmitting node.</param>
    /// <param name="burst">The burst.</param>
    /// <param name="layers">The signals of its layers.</param>
    /// <param name="amplitudeRootWatts">Radiated amplitude, in square roots of watts, of a unit sample at a unit weight.</param>
    public BurstOnAir(int node, TxBurst burst, LayerOnAir[] layers, double amplitudeRootWatts)
    {
        Node = node;
        Burst = burst;
        Layers = layers;
        AmplitudeRootWatts = amplitudeRootWatts;
    }

    public int Node { get; }

    public TxBurst Burst { get; }

    /// <summary>The signals of the burst's layers.</summary>
    public LayerOnAir[] Layers { get; }

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
