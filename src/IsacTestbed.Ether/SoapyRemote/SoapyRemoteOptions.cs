using System.Net;

namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>How emulated radios are served to SoapySDR's remote module.</summary>
public sealed record SoapyRemoteOptions
{
    /// <summary>Where to listen; port 0 takes a free one. The protocol knows no authentication: only loopback is accepted.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 55132);

    /// <summary>Receives one line per event worth a log; called from any thread. Null for none.</summary>
    public Action<string>? Log { get; init; }
}
