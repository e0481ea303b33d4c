namespace IsacTestbed.Planning.Iscc;

/// <summary>What a <see cref="Score"/> measures; a later stage is better.</summary>
internal enum ScoreStage
{
    /// <summary>Some least upload takes longer than the latency: the sum of a high power of these times over the latencies.</summary>
    Upload,

    /// <summary>The least clocks exceed the access point's capacity: their sum.</summary>
    Clock,

    /// <summary>All constraints are met: the cost.</summary>
    Cost,
}
