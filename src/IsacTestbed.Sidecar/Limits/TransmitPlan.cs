namespace IsacTestbed.Sidecar.Limits;

/// <summary>What a schedule that was found within the limits will put on the air.</summary>
/// <param name="FrequencyHz">Carrier; NaN when the radio was never tuned through this sidecar.</param>
/// <param name="SampleRateHz">Sample rate; NaN as above.</param>
/// <param name="TxGainDb">Transmit gain.</param>
/// <param name="Bursts">The bursts, by their ids.</param>
internal sealed record TransmitPlan(double FrequencyHz, double SampleRateHz, double TxGainDb, IReadOnlyDictionary<int, PlannedBurst> Bursts)
{
    /// <summary>Nothing is transmitted.</summary>
    public static TransmitPlan Silent { get; } = new(double.NaN, double.NaN, 0, new Dictionary<int, PlannedBurst>());

    /// <summary>Time on the air of all bursts; NaN when the sample rate is not known.</summary>
    public double OnAirSeconds => Bursts.Values.Sum(b => b.OnAirSamples) / SampleRateHz;

    /// <summary>Largest power of a burst.</summary>
    public double MaxPowerWatts => Bursts.Values.Select(b => b.PowerWatts).DefaultIfEmpty(0).Max();
}

/// <summary>One burst of a plan.</summary>
/// <param name="PowerWatts">Mean power of the waveform on the strongest channel, at the antenna port.</param>
/// <param name="OnAirSamples">Samples of all repetitions.</param>
internal readonly record struct PlannedBurst(double PowerWatts, double OnAirSamples);
