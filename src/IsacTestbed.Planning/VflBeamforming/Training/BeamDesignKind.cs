namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>How a base station's network is wired to its channels and its beams.</summary>
/// <remarks>Values are part of checkpoints: never renumber or reuse one.</remarks>
public enum BeamDesignKind : byte
{
    /// <summary>Not a design.</summary>
    Unspecified = 0,

    /// <summary>The paper's: channels in, beams out, scaled to full power by (11).</summary>
    Direct = 1,

    /// <summary>
    /// Ours: the network sees only norms and overlaps of its channels and sets prices; beams follow from the prices in the form that every
    /// optimum of (10) has.
    /// </summary>
    Priced = 2,
}
