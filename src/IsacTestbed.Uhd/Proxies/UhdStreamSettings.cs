namespace IsacTestbed.Uhd;

/// <summary>What a stream is opened with.</summary>
/// <param name="HostFormat">Layout of a sample on the host: fc32 or sc16.</param>
/// <param name="WireFormat">Layout on the way to the device: sc16, sc12 or sc8.</param>
/// <param name="Arguments">Further arguments, such as "spp=1000".</param>
/// <param name="Channels">The channels, in the order of the buffers.</param>
internal sealed record UhdStreamSettings(string HostFormat, string WireFormat, string Arguments, IReadOnlyList<int> Channels);
