namespace IsacTestbed.Ether;

/// <summary>The bursts on the air by node, start and identifier, and which of them can matter within a time. Immutable, so thread safe.</summary>
internal sealed class BurstTimeline
{
    private readonly BurstOnAir[] _bursts;

    // Of each burst the latest end among it and those before it of its node, which ascends where the ends themselves need not.
    private readonly long[] _latestEnds;

    /// <summary>Puts bursts in order.</summary>
    public BurstTimeline(IEnumerable<BurstOnAir> bursts)
    {
        _bursts = [.. bursts.OrderBy(b => b.Node).ThenBy(b => b.Burst.StartTick).ThenBy(b => b.Burst.BurstId)];
        _latestEnds = new long[_bursts.Length];
        for (int i = 0; i < _bursts.Length; i++)
        {
            long before = i > 0 && _bursts[i - 1].Node == _bursts[i].Node ? _latestEnds[i - 1] : long.MinValue;
            _latestEnds[i] = Math.Max(before, _bursts[i].Burst.EndTick);
        }
    }

    /// <summary>No bursts.</summary>
    public static BurstTimeline Empty { get; } = new([]);

    /// <summary>All bursts, by node, start and identifier.</summary>
    public IReadOnlyList<BurstOnAir> All => _bursts;

    /// <summary>All bursts of a node.</summary>
    public NodeBursts Of(int node)
    {
        int first = FirstWhere(0, _bursts.Length, i => _bursts[i].Node >= node);
        return new NodeBursts(this, first, FirstWhere(first, _bursts.Length, i => _bursts[i].Node > node));
    }

    private static int FirstWhere(int low, int high, Func<int, bool> holds)
    {
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (holds(middle))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>The bursts of one node, by start and identifier.</summary>
    public readonly struct NodeBursts(BurstTimeline timeline, int first, int end)
    {
        /// <summary>Whether there are none.</summary>
        public bool IsEmpty => first == end;

        /// <summary>The first start.</summary>
        public long StartTick => timeline._bursts[first].Burst.StartTick;

        /// <summary>The last end.</summary>
        public long EndTick => timeline._latestEnds[end - 1];

        /// <summary>The bursts that start before one tick, without the leading ones that have all ended by another.</summary>
        public ReadOnlySpan<BurstOnAir> Between(long endedBy, long startBefore)
        {
            BurstTimeline line = timeline;
            int from = FirstWhere(first, end, i => line._latestEnds[i] > endedBy);
            int to = FirstWhere(from, end, i => line._bursts[i].Burst.StartTick >= startBefore);
            return line._bursts.AsSpan(from..to);
        }
    }
}
