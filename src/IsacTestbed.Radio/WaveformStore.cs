using IsacTestbed.Core;

namespace IsacTestbed.Radio;

/// <summary>The waveforms that one radio has stored, and what bursts make of them. Not thread safe: guarded by its radio.</summary>
/// <param name="radio">The radio.</param>
public sealed class WaveformStore(RadioDescription radio)
{
    // What a waveform scaled to full scale in single precision may exceed it by.
    private const double PeakTolerance = 1e-4;

    private readonly Dictionary<string, Waveform> _waveforms = new(StringComparer.Ordinal);

    /// <summary>Stores a waveform under its id, replacing an older one.</summary>
    public void Store(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        _waveforms[waveform.Id] = waveform;
    }

    /// <summary>The signal of a burst, whose waveforms are all there.</summary>
    /// <exception cref="RadioException">A waveform was not uploaded.</exception>
    public BurstSignal SignalOf(TxBurst burst)
    {
        ArgumentNullException.ThrowIfNull(burst);
        var waveforms = new Waveform[burst.Layers.Count];
        for (int l = 0; l < waveforms.Length; l++)
        {
            waveforms[l] = Find(burst, burst.Layers[l]);
        }

        return new BurstSignal(burst, waveforms);
    }

    /// <summary>The signal of a burst that the radio can send: it fits the channels, the interval and the converter.</summary>
    /// <exception cref="RadioException">A waveform was not uploaded, or the number of weights is not that of the channels.</exception>
    /// <exception cref="ArgumentException">The interval is shorter than a waveform, or the sum of the layers exceeds full scale.</exception>
    public BurstSignal Require(TxBurst burst)
    {
        BurstSignal signal = SignalOf(burst);
        if (signal.ChannelCount != radio.TxChannels)
        {
            throw new RadioException(
                RadioFaultCode.NotSupported,
                radio.RadioId,
                $"burst {burst.BurstId} has {signal.ChannelCount} weights; one for each of {radio.TxChannels} transmit channels.");
        }

        string name = $"Radio {radio.RadioId}, burst {burst.BurstId}";
        if (burst.IntervalTicks < signal.Length)
        {
            throw new ArgumentException($"{name}: an interval of {burst.IntervalTicks} ticks for a waveform of {signal.Length} samples.");
        }

        for (int channel = 0; channel < signal.ChannelCount; channel++)
        {
            // The bound is attained by one layer; the sum of several is looked at only where it could be too large.
            double peak = signal.PeakBound(channel);
            peak = peak > 1 + PeakTolerance && burst.Layers.Count > 1 ? signal.LevelsOf(channel).Peak : peak;
            if (!(peak <= 1 + PeakTolerance))
            {
                throw new ArgumentException($"{name}: it peaks at {peak:G4} of the converter's full scale on channel {channel}; at most 1.");
            }
        }

        return signal;
    }

    private Waveform Find(TxBurst burst, TxLayer layer) => _waveforms.TryGetValue(layer.WaveformId, out Waveform? waveform)
        ? waveform
        : throw new RadioException(
            RadioFaultCode.UnknownWaveform, radio.RadioId, $"burst {burst.BurstId} names waveform {layer.WaveformId}, which was not uploaded.");
}
