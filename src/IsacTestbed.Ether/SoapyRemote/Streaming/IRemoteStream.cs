namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>A stream as its client sees it.</summary>
internal interface IRemoteStream : IDisposable
{
    /// <summary>Starts it.</summary>
    /// <param name="tick">When; null for at once.</param>
    /// <param name="count">Samples after which it ends; null for endless.</param>
    void Activate(long? tick, long? count);

    /// <summary>Stops it; it can be started again.</summary>
    void Deactivate();
}
