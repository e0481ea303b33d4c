namespace IsacTestbed.Radio;

/// <summary>A device behind a streaming driver (SoapySDR, UHD): what <see cref="StreamingRadio"/> makes a contract radio of.</summary>
/// <remarks>
/// The driver's side of the border, and as thin as the driver allows: it translates calls, codes and times, and decides nothing. All calls block;
/// <see cref="StreamingRadio"/> makes them on threads of its own, control calls one at a time and each with a time limit, while the streams are
/// read and written on other threads. Every tick is one of the sample clock at the rate in force: hardware time times sample rate, rounded to the
/// nearest tick (<see cref="StreamTime"/> does it without loss). Whatever the driver refuses is a <see cref="StreamingDeviceException"/>.
/// Disposal closes the device; the streams are disposed before.
/// </remarks>
public interface IStreamingDevice : IDisposable
{
    /// <summary>What the driver knows of the device.</summary>
    StreamingDeviceDescription Description { get; }

    /// <summary>Sets the sample rate of all channels of both directions. No stream is active.</summary>
    /// <returns>The rate that the device really runs at, which both directions share.</returns>
    double SetSampleRate(double rateHz);

    /// <summary>Tunes all channels of a direction, and returns when the oscillators have settled.</summary>
    /// <returns>The frequency that the device really runs at.</returns>
    double SetFrequency(StreamDirection direction, double frequencyHz);

    /// <summary>Sets the overall gain of all channels of a direction.</summary>
    /// <returns>The gain that the device really has.</returns>
    double SetGain(StreamDirection direction, double gainDb);

    /// <summary>Sets one gain element of all channels of a direction.</summary>
    /// <returns>The gain that the element really has.</returns>
    double SetGainElement(StreamDirection direction, string element, double gainDb);

    /// <summary>Sets the analogue filter of all channels of a direction.</summary>
    /// <returns>The bandwidth that the device really has.</returns>
    double SetBandwidth(StreamDirection direction, double bandwidthHz);

    /// <summary>Selects the antenna port of all channels of a direction.</summary>
    void SelectAntenna(StreamDirection direction, string name);

    /// <summary>Selects where the reference clock comes from, such as "internal" or "external".</summary>
    void SelectClockSource(string name);

    /// <summary>Selects where the pulse per second comes from.</summary>
    void SelectTimeSource(string name);

    /// <summary>The hardware time now, as a tick.</summary>
    long ReadTick();

    /// <summary>Sets the hardware time, and returns when it counts from there. No stream is active.</summary>
    /// <param name="tick">The new time.</param>
    /// <param name="alignment">
    /// At once, or at the next edge of the pulse per second; the latter waits for an edge first, so that the next one is a whole second away.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting for an edge.</param>
    /// <exception cref="StreamingDeviceException">No edge came.</exception>
    void SetTick(long tick, TimeAlignment alignment, CancellationToken cancellationToken);

    /// <summary>Reads all sensors, of the device and of its channels; a channel's sensor carries direction and channel in its name.</summary>
    IReadOnlyList<SensorReading> ReadSensors();

    /// <summary>Whether the reference clock (and, where it is asked for, the PPS) is locked; null when the device cannot tell.</summary>
    bool? ReadReferenceLock();

    /// <summary>Opens the receive stream over all receive channels in use, not yet active.</summary>
    IReceiveStream OpenReceiveStream();

    /// <summary>Opens the transmit stream over all transmit channels in use, not yet active.</summary>
    ITransmitStream OpenTransmitStream();
}
