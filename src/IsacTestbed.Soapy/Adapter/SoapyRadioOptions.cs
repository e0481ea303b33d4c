using IsacTestbed.Radio;

namespace IsacTestbed.Soapy;

/// <summary>Which SoapySDR device a radio is, and how its streams are opened.</summary>
/// <param name="DeviceArguments">
/// What selects the device: driver and serial, or driver=remote and the remote's address. Without a driver all modules search, some on the network.
/// </param>
public sealed record SoapyRadioOptions(IReadOnlyDictionary<string, string> DeviceArguments)
{
    /// <summary>Layout of the samples between the driver and the radio; 16-bit integers halve the traffic of most devices.</summary>
    public SampleFormat Format { get; init; } = SampleFormat.ComplexFloat32;

    /// <summary>Receive channels to use, by index; null for all.</summary>
    public IReadOnlyList<int>? RxChannels { get; init; }

    /// <summary>Transmit channels to use, by index; null for all.</summary>
    public IReadOnlyList<int>? TxChannels { get; init; }

    /// <summary>Arguments of the driver's streams, over those of the table of drivers.</summary>
    public IReadOnlyDictionary<string, string> StreamArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings to write when the device has been opened, such as a bias supply.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
