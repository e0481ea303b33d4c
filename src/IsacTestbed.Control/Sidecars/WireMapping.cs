using System.Runtime.InteropServices;
using Google.Protobuf;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Control.Sidecars;

/// <summary>Translates between the radio contract and the generated messages, on the controller's side.</summary>
/// <remarks>Enumerations carry the same numbers on both sides; a test holds them to each other.</remarks>
internal static class WireMapping
{
    // A message with this many samples takes 256 KiB.
    private const int SamplesPerMessage = (256 << 10) / IqDeinterleaver.BytesPerSample;

    /// <exception cref="RadioException">A range is missing (protocol mismatch).</exception>
    public static RadioDescription ToDescription(Wire.V1.Radio from) => new(
        from.RadioId,
        from.Driver,
        from.Serial,
        from.Hardware.ToDictionary(),
        from.TxChannels,
        from.RxChannels,
        ToRange(from.SampleRateHz),
        ToRange(from.FrequencyHz),
        ToRange(from.TxGainDb),
        ToRange(from.RxGainDb),
        from.FullScalePowerWatts,
        from.LeadTimeSeconds,
        from.MaxBlockSamples);

    /// <exception cref="RadioException">A setting is missing (protocol mismatch).</exception>
    public static RadioSettings ToSettings(Wire.V1.ConfigureRadioResponse from) =>
        new(ToTuned(from.SampleRateHz), ToTuned(from.FrequencyHz), ToTuned(from.TxGainDb), ToTuned(from.RxGainDb));

    public static SidecarRadioState ToState(Wire.V1.RadioState from) => new(
        from.RadioId,
        from.Settings is null ? null : ToSettings(from.Settings),
        from.LeaseHolder.Length == 0 ? null : from.LeaseHolder,
        TimeSpan.FromSeconds(from.LeaseRemainingSeconds));

    /// <exception cref="RadioException">The time is missing (protocol mismatch).</exception>
    public static DeviceTime ToTime(Wire.V1.DeviceTime? from) =>
        from is null ? throw Missing("time") : new DeviceTime(from.Ticks, from.RateHz);

    public static SensorReading ToSensor(Wire.V1.SensorReading from) => new(from.Name, from.Value, from.Unit);

    public static BurstReport ToReport(Wire.V1.BurstReport from) => new(from.RadioId, from.BurstId, (BurstOutcome)from.Outcome, from.Tick);

    public static Wire.V1.BurstSchedule ToWire(BurstSchedule from)
    {
        var to = new Wire.V1.BurstSchedule { RadioId = from.RadioId };
        foreach (TxBurst burst in from.Bursts)
        {
            to.Bursts.Add(new Wire.V1.TxBurst
            {
                BurstId = burst.BurstId,
                StartTick = burst.StartTick,
                Layers = { burst.Layers.Select(ToWire) },
                Repeats = burst.Repeats,
                IntervalTicks = burst.IntervalTicks,
                Amplitude = burst.Amplitude,
            });
        }

        to.Windows.AddRange(from.Windows.Select(w => new Wire.V1.RxWindow
        {
            WindowId = w.WindowId,
            StartTick = w.StartTick,
            SampleCount = w.SampleCount,
        }));
        return to;
    }

    /// <summary>Cuts a waveform into messages of at most 256 KiB of samples.</summary>
    public static IEnumerable<Wire.V1.UploadWaveformsRequest> ToMessages(string sessionId, IReadOnlyList<string> radioIds, Waveform waveform)
    {
        for (int first = 0; first < waveform.Length; first += SamplesPerMessage)
        {
            int count = Math.Min(SamplesPerMessage, waveform.Length - first);
            yield return new Wire.V1.UploadWaveformsRequest
            {
                SessionId = sessionId,
                RadioIds = { radioIds },
                WaveformId = waveform.Id,
                SampleCount = waveform.Length,
                FirstSample = first,
                Format = Wire.V1.SampleFormat.Cf32,
                Iq = UnsafeByteOperations.UnsafeWrap(Interleave(waveform, first, count)),
            };
        }
    }

    private static Wire.V1.TxLayer ToWire(TxLayer from) => new()
    {
        WaveformId = from.WaveformId,
        Weights = { from.Weights.Select(w => new Wire.V1.ComplexWeight { Real = w.Real, Imaginary = w.Imaginary }) },
    };

    private static byte[] Interleave(Waveform waveform, int first, int count)
    {
        var bytes = new byte[count * IqDeinterleaver.BytesPerSample];
        Span<float> samples = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        ReadOnlySpan<float> real = waveform.Real.Slice(first, count);
        ReadOnlySpan<float> imaginary = waveform.Imaginary.Slice(first, count);
        for (int i = 0; i < count; i++)
        {
            samples[2 * i] = real[i];
            samples[(2 * i) + 1] = imaginary[i];
        }

        return bytes;
    }

    private static SettingRange ToRange(Wire.V1.SettingRange? from) =>
        from is null ? throw Missing("range of a setting") : new SettingRange(from.Minimum, from.Maximum, from.Step);

    private static Tuned ToTuned(Wire.V1.Tuned? from) =>
        from is null ? throw Missing("setting") : new Tuned(from.Requested, from.Clipped, from.Actual);

    private static RadioException Missing(string what) =>
        new(RadioFaultCode.ProtocolMismatch, string.Empty, $"The sidecar's answer lacks a {what}: it speaks another version of the protocol.");
}
