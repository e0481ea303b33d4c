using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>Opens UHD devices as contract radios.</summary>
public static class UhdRadio
{
    /// <summary>Opens a device as a radio.</summary>
    /// <param name="radio">Name, power and timing of the radio.</param>
    /// <param name="device">Which device it is, and how its streams are opened.</param>
    /// <param name="timeProvider">The host's clock; null for the system's.</param>
    /// <param name="cancellationToken">Gives up; a device that opens afterwards is closed again.</param>
    /// <exception cref="RadioException">The library or the device is missing, does not answer, or cannot time its streams.</exception>
    public static Task<StreamingRadio> OpenAsync(
        StreamingRadioOptions radio, UhdDeviceOptions device, TimeProvider? timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        return StreamingRadio.OpenAsync(radio, () => UhdDevice.Open(device, timeProvider), timeProvider, cancellationToken);
    }
}
