namespace IsacTestbed.Planning.Iscc;

/// <summary>Where a user's combiners decide what its two beams cost each other.</summary>
internal enum CombinerChoice
{
    /// <summary>Nowhere: both channels have rank one, both have larger ranks, or frontiers were not made.</summary>
    None,

    /// <summary>At the access point.</summary>
    Uplink,

    /// <summary>At the user's echo receiver.</summary>
    Echo,
}
