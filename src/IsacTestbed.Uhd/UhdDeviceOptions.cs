using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>How a device is opened through libuhd.</summary>
/// <param name="Arguments">
/// Device arguments that name one device: key=value pairs separated by commas, such as "type=b200,serial=30AD123" or
/// "type=x300,addr=192.168.40.2". Without a type and an address libuhd searches the network.
/// </param>
public sealed record UhdDeviceOptions(string Arguments)
{
    /// <summary>Which receive front ends are channels, such as "A:0 B:0" on each board; null leaves the device's own choice.</summary>
    public string? RxSubdevSpec { get; init; }

    /// <summary>Which transmit front ends are channels; null leaves the device's own choice.</summary>
    public string? TxSubdevSpec { get; init; }

    /// <summary>Receive channels to use, in their order in captures; null for all.</summary>
    public IReadOnlyList<int>? RxChannels { get; init; }

    /// <summary>Transmit channels to use, in the order of burst weights; null for all, empty for none.</summary>
    public IReadOnlyList<int>? TxChannels { get; init; }

    /// <summary>Rate of the master clock in hertz; null leaves the device's own choice.</summary>
    public double? MasterClockRateHz { get; init; }

    /// <summary>Layout of samples on the host.</summary>
    public SampleFormat Format { get; init; } = SampleFormat.ComplexFloat32;

    /// <summary>Layout of samples on the way to the device: sc16, sc12 or sc8.</summary>
    public string WireFormat { get; init; } = "sc16";

    /// <summary>Further stream arguments, such as "spp=1000".</summary>
    public string StreamArguments { get; init; } = string.Empty;

    /// <summary>Arguments of each tuning, such as "mode_n=integer", which keeps spurs away from the carrier.</summary>
    public string TuneArguments { get; init; } = string.Empty;

    /// <summary>How far ahead a stream over several channels starts, in seconds: all of them must know before.</summary>
    public double StartLeadSeconds { get; init; } = 0.05;

    /// <summary>
    /// How far ahead several channels are tuned at one instant, in seconds, which makes the phase between them the same after each tuning
    /// on devices that can; zero tunes them one after the other.
    /// </summary>
    public double TuneLeadSeconds { get; init; } = 0.05;

    /// <summary>How long the oscillators may take to lock after tuning.</summary>
    public TimeSpan LockTimeLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Least |I| or |Q|, relative to full scale, that is only seen when a receiver is saturated; by default the end of the 16-bit samples
    /// on the wire. A converter of fewer bits needs its own, such as 2047/2048.
    /// </summary>
    public float ClipLevel { get; init; } = 32766.5f / 32767;
}
