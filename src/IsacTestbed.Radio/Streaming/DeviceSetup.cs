namespace IsacTestbed.Radio;

/// <summary>Brings a streaming device into the state that a radio needs: checked, selected, tuned. On the control thread.</summary>
internal static class DeviceSetup
{
    /// <summary>Refuses a device that cannot be a radio.</summary>
    public static void Check(StreamingDeviceDescription device, StreamingRadioOptions options)
    {
        if (device.RxChannels < 1)
        {
            throw new RadioException(
                RadioFaultCode.NotSupported,
                options.RadioId,
                $"device {device.Driver} {device.Serial} has no receive channel; the radio needs one.");
        }

        if ((options.FullScalePowerWatts ?? device.FullScalePowerWatts) is not > 0)
        {
            throw new RadioException(
                RadioFaultCode.NotSupported,
                options.RadioId,
                $"device {device.Driver} {device.Serial} does not tell its full-scale power; give it in the radio's profile, "
                + "in watts at the antenna port.");
        }

        if (device.SampleRatesHz.Count == 0 || device.FrequenciesHz.Count == 0)
        {
            throw new RadioException(
                RadioFaultCode.NotSupported,
                options.RadioId,
                $"device {device.Driver} {device.Serial} names no sample rates or no frequencies.");
        }
    }

    /// <summary>Selects clock, time and antennas.</summary>
    public static void Select(IStreamingDevice device, StreamingRadioOptions options)
    {
        if (options.ClockSource is { } clock)
        {
            device.SelectClockSource(clock);
        }

        if (options.TimeSource is { } time)
        {
            device.SelectTimeSource(time);
        }

        if (options.RxAntenna is { } receive)
        {
            device.SelectAntenna(StreamDirection.Receive, receive);
        }

        if (options.TxAntenna is { } transmit && device.Description.TxChannels > 0)
        {
            device.SelectAntenna(StreamDirection.Transmit, transmit);
        }
    }

    /// <summary>From the least to the largest value of several ranges.</summary>
    public static SettingRange Envelope(IReadOnlyList<SettingRange> ranges) =>
        ranges.Count == 1 ? ranges[0] : new SettingRange(ranges.Min(r => r.Minimum), ranges.Max(r => r.Maximum));

    /// <summary>The value within the ranges that is nearest, not rounded to steps.</summary>
    public static double Nearest(double value, IReadOnlyList<SettingRange> ranges) =>
        ranges.Select(r => r.Clip(value)).MinBy(clipped => Math.Abs(clipped - value));

    /// <summary>Tunes a device: what cannot be met is clipped, and the answer says what the device really does.</summary>
    public static RadioSettings Tune(IStreamingDevice device, StreamingRadioOptions options, RadioSettingsRequest request)
    {
        StreamingDeviceDescription description = device.Description;
        double rate = Nearest(request.SampleRateHz, description.SampleRatesHz);
        double carrier = Nearest(request.FrequencyHz, description.FrequenciesHz);
        double txGain = (options.TxGains?.RangeDb ?? description.TxGainsDb).Clip(request.TxGainDb);
        double rxGain = (options.RxGains?.RangeDb ?? description.RxGainsDb).Clip(request.RxGainDb);
        bool transmits = description.TxChannels > 0;
        double actualRate = device.SetSampleRate(rate);
        double actualCarrier = device.SetFrequency(StreamDirection.Receive, carrier);
        if (transmits && device.SetFrequency(StreamDirection.Transmit, carrier) is var sent && Math.Abs(sent - actualCarrier) > 1e-6 * carrier)
        {
            throw new StreamingDeviceException(
                RadioFaultCode.NotSupported,
                $"at {carrier} Hz the device transmits on {sent} and receives on {actualCarrier} Hz; choose another carrier.");
        }

        double actualTxGain = transmits ? SetGain(device, StreamDirection.Transmit, options.TxGains, txGain) : txGain;
        return new RadioSettings(
            new Tuned(request.SampleRateHz, rate, actualRate),
            new Tuned(request.FrequencyHz, carrier, actualCarrier),
            new Tuned(request.TxGainDb, txGain, actualTxGain),
            new Tuned(request.RxGainDb, rxGain, SetGain(device, StreamDirection.Receive, options.RxGains, rxGain)));
    }

    private static double SetGain(IStreamingDevice device, StreamDirection direction, GainElements? elements, double gainDb) =>
        elements is null
            ? device.SetGain(direction, gainDb)
            : elements.Split(gainDb).Sum(part => device.SetGainElement(direction, part.Name, part.GainDb));
}
