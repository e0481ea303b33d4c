using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Sidecar.Limits;

/// <summary>Holds one radio to its limits before anything reaches its driver. Thread safe.</summary>
/// <param name="radio">The radio.</param>
/// <param name="limits">Its limits; full scale is one of every radio.</param>
/// <param name="time">The clock of the duty cycle.</param>
/// <param name="refused">Told of each refusal.</param>
internal sealed class TransmitGuard(RadioDescription radio, TransmitLimits limits, TimeProvider time, Action<TransmitLimit, string> refused)
{
    // Half a step of a 16-bit converter: what a waveform scaled to full scale in single precision may exceed it by.
    private const double FullScale = 1 + (1.0 / 65536);

    private readonly Lock _lock = new();
    private readonly WaveformStore _waveforms = new(radio);
    private readonly AirtimeLedger _airtime = new(time, limits.DutyPeriod);
    private RadioSettings? _settings;

    /// <summary>Refuses a tuning outside the limits; a radio that cannot transmit may receive anywhere.</summary>
    /// <exception cref="RadioException">A limit is exceeded.</exception>
    public void RequireTuning(RadioSettingsRequest request)
    {
        if (radio.TxChannels > 0)
        {
            RequireTuning(request.FrequencyHz, request.SampleRateHz, request.TxGainDb);
        }
    }

    /// <summary>Remembers how the radio is tuned.</summary>
    /// <exception cref="RadioException">What the radio made of the request lies outside, although the request did not.</exception>
    public void Tuned(RadioSettings settings)
    {
        lock (_lock)
        {
            _settings = settings;
        }

        if (radio.TxChannels > 0)
        {
            RequireTuning(settings.FrequencyHz.Actual, settings.SampleRateHz.Actual, settings.TxGainDb.Actual);
        }
    }

    /// <summary>Remembers a waveform that the radio has stored.</summary>
    public void Store(Waveform waveform)
    {
        lock (_lock)
        {
            _waveforms.Store(waveform);
        }
    }

    /// <summary>Checks a schedule.</summary>
    /// <returns>What it will put on the air.</returns>
    /// <exception cref="RadioException">A limit is exceeded, or a waveform is not there.</exception>
    public TransmitPlan Require(BurstSchedule schedule)
    {
        if (schedule.Bursts.Count == 0)
        {
            return TransmitPlan.Silent;
        }

        lock (_lock)
        {
            RequireAntenna();
            RequireTuned();
            double gain = Math.Pow(10, (_settings?.TxGainDb.Actual ?? 0) / 10);
            var bursts = new Dictionary<int, PlannedBurst>();
            foreach (TxBurst burst in schedule.Bursts)
            {
                bursts.Add(burst.BurstId, RequireBurst(burst, gain));
            }

            var plan = new TransmitPlan(
                _settings?.FrequencyHz.Actual ?? double.NaN, _settings?.SampleRateHz.Actual ?? double.NaN, _settings?.TxGainDb.Actual ?? 0, bursts);
            RequireDutyCycle(schedule, plan);
            return plan;
        }
    }

    /// <summary>Checks a schedule once more, as gain and duty may have changed since it was armed, and counts its time on the air.</summary>
    /// <exception cref="RadioException">A limit is exceeded.</exception>
    public TransmitPlan Begin(BurstSchedule schedule)
    {
        TransmitPlan plan = Require(schedule);
        lock (_lock)
        {
            _airtime.Begin(plan.Bursts.Count == 0 || double.IsNaN(plan.SampleRateHz) ? 0 : plan.OnAirSeconds);
        }

        return plan;
    }

    /// <summary>The transmission that was begun is over.</summary>
    public void End()
    {
        lock (_lock)
        {
            _airtime.End();
        }
    }

    private void RequireTuning(double frequencyHz, double sampleRateHz, double gainDb)
    {
        if (limits.Bands.Count > 0 && !limits.Bands.Any(b => b.Covers(frequencyHz, sampleRateHz)))
        {
            string allowed = string.Join(", ", limits.Bands.Select(b => Text($"{b.MinimumHz:G12} to {b.MaximumHz:G12} Hz")));
            throw Exceeded(
                TransmitLimit.Frequency,
                Text($"a carrier of {frequencyHz:G12} Hz with {sampleRateHz:G12} Hz of sampled band; all of it must lie within {allowed}"));
        }

        if (!(gainDb <= limits.MaxGainDb))
        {
            throw Exceeded(TransmitLimit.Gain, Text($"a transmit gain of {gainDb:G6} dB; the profile allows {limits.MaxGainDb:G6} dB"));
        }
    }

    private void RequireAntenna()
    {
        if (limits.AntennaPorts.Count == 0)
        {
            return;
        }

        string[] used = radio.Hardware.TryGetValue(TransmitLimits.AntennaKey, out string? names)
            ? names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [];
        string allowed = string.Join(", ", limits.AntennaPorts);
        if (used.Length == 0)
        {
            throw Exceeded(TransmitLimit.Antenna, $"the radio does not say through which antenna port it transmits; the profile allows {allowed}");
        }

        if (used.FirstOrDefault(u => !limits.AntennaPorts.Contains(u)) is { } port)
        {
            throw Exceeded(TransmitLimit.Antenna, $"the radio transmits through the antenna port {port}; the profile allows {allowed}");
        }
    }

    // A radio that comes from elsewhere may stand anywhere; and one whose last tuning ended outside is left there by its driver.
    private void RequireTuned()
    {
        if (_settings is { } settings)
        {
            RequireTuning(settings.FrequencyHz.Actual, settings.SampleRateHz.Actual, settings.TxGainDb.Actual);
        }
        else if (limits != TransmitLimits.None)
        {
            throw Exceeded(TransmitLimit.Tuning, "it has not been tuned since the sidecar started, so that nobody knows where it would transmit; configure it first");
        }
    }

    private PlannedBurst RequireBurst(TxBurst burst, double gain)
    {
        BurstSignal signal = _waveforms.SignalOf(burst);
        double peak = 0, power = 0;
        for (int channel = 0; channel < signal.ChannelCount; channel++)
        {
            SignalLevels levels = LevelsOf(signal, channel);
            RequireFullScale(burst, channel, levels.LargestPart);
            peak = Math.Max(peak, levels.Peak);
            power = Math.Max(power, levels.MeanPower * gain * radio.FullScalePowerWatts);
        }

        if (!(peak <= limits.MaxAmplitude))
        {
            throw Exceeded(
                TransmitLimit.Amplitude, Text($"burst {burst.BurstId} peaks at {peak:G6} of full scale; the profile allows {limits.MaxAmplitude:G6}"));
        }

        if (!(power <= limits.MaxPowerWatts))
        {
            throw Exceeded(
                TransmitLimit.Power,
                Text($"burst {burst.BurstId} would send {power:G6} W on a channel; the profile allows {limits.MaxPowerWatts:G6} W"));
        }

        return new PlannedBurst(power, (double)burst.Repeats * signal.Length);
    }

    // The levels of one layer within full scale are known from its waveform; whatever else may clip, or is a sum, is looked at sample by sample.
    private static SignalLevels LevelsOf(BurstSignal signal, int channel)
    {
        double peak = signal.PeakBound(channel);
        if (signal.Waveforms.Count > 1 || !(peak <= FullScale))
        {
            return signal.LevelsOf(channel);
        }

        double scale = signal.Burst.Amplitude * signal.Burst.Layers[0].Weights[channel].Magnitude;
        return new SignalLevels(peak, peak, scale * scale * signal.Waveforms[0].MeanPower);
    }

    private void RequireFullScale(TxBurst burst, int channel, double largestPart)
    {
        if (!(largestPart <= FullScale))
        {
            throw Exceeded(
                TransmitLimit.FullScale,
                Text($"burst {burst.BurstId} reaches {largestPart:G6} of full scale in I or Q on channel {channel} and would clip; ")
                + Text($"an amplitude of at most {burst.Amplitude / largestPart:G4}, or a smaller waveform, fits"));
        }
    }

    private void RequireDutyCycle(BurstSchedule schedule, TransmitPlan plan)
    {
        if (double.IsPositiveInfinity(limits.MaxDutyCycle))
        {
            return;
        }

        if (limits.DutyPeriod == TimeSpan.Zero)
        {
            double fraction = plan.Bursts.Values.Sum(b => b.OnAirSamples) / (schedule.EndTick - schedule.FirstTick);
            if (!(fraction <= limits.MaxDutyCycle))
            {
                throw Exceeded(TransmitLimit.DutyCycle, Text($"the schedule transmits {fraction:P2} of its time; the profile allows {limits.MaxDutyCycle:P2}"));
            }

            return;
        }

        double period = limits.DutyPeriod.TotalSeconds, past = _airtime.Seconds, wanted = plan.OnAirSeconds;
        if (!(past + wanted <= limits.MaxDutyCycle * period))
        {
            throw Exceeded(
                TransmitLimit.DutyCycle,
                Text($"the schedule transmits for {wanted:G4} s, after {past:G4} s within the last {period:G6} s; the profile allows ")
                + Text($"{limits.MaxDutyCycle:P2} of that time, {limits.MaxDutyCycle * period:G4} s: wait, or transmit less"));
        }
    }

    private RadioException Exceeded(TransmitLimit limit, string problem)
    {
        refused(limit, problem);
        return new RadioException(RadioFaultCode.LimitExceeded, radio.RadioId, $"{problem}.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
