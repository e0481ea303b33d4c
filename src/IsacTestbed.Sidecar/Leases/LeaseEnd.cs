namespace IsacTestbed.Sidecar.Leases;

/// <summary>How a lease ended.</summary>
internal enum LeaseEnd
{
    /// <summary>Its holder closed it.</summary>
    Closed,

    /// <summary>It was not renewed in time.</summary>
    Expired,

    /// <summary>The sidecar stops.</summary>
    Stopped,
}
