namespace IsacTestbed.Ether;

/// <summary>A node on the air: a position, an antenna array and one radio. Immutable and thread safe.</summary>
/// <remarks>Transmit channel c and receive channel c share element c of the array; the counts may differ.</remarks>
public sealed record AirNode
{
    /// <summary>Name of the node and of its radio, unique in the scene.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands, metres.</summary>
    public required Position Position { get; init; }

    /// <summary>Its antennas; one half-wavelength-spaced element by default.</summary>
    public UniformLinearArray Array { get; init; } = new(1);

    /// <summary>Number of transmit channels; null means one per element.</summary>
    public int? TxChannels { get; init; }

    /// <summary>Number of receive channels; null means one per element.</summary>
    public int? RxChannels { get; init; }

    /// <summary>Power that one transmit channel radiates for |x| = 1 at 0 dB transmit gain, watts.</summary>
    public double FullScalePowerWatts { get; init; } = 1;

    /// <summary>Thermal noise power per receive channel within the full sample rate, watts: the variance of a complex sample.</summary>
    public double NoisePowerWatts { get; init; }

    /// <summary>Departures from an ideal receiver.</summary>
    public ReceiverImpairments Impairments { get; init; } = ReceiverImpairments.None;

    /// <summary>Leakage of the transmitter into the own receiver.</summary>
    public SelfLeakage Leakage { get; init; }

    /// <summary>Frequency error of the free-running clock while the reference is lost, parts per million.</summary>
    public double FreeRunningDriftPpm { get; init; } = 0.5;

    internal int TxCount => TxChannels ?? Array.Elements;

    internal int RxCount => RxChannels ?? Array.Elements;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Id);
        string name = $"Node {Id}";
        Require(Position.IsFinite, $"{name}: a position is finite.");
        Require(Array.Elements is >= 1 and <= 1024, $"{name}: {Array.Elements} elements; from 1 to 1024.");
        Require(Array.SpacingWavelengths >= 0 && double.IsFinite(Array.SpacingWavelengths), $"{name}: a spacing is not negative.");
        Require(double.IsFinite(Array.BroadsideAzimuthRadians), $"{name}: a broadside azimuth is finite.");
        Require(TxCount >= 0 && TxCount <= Array.Elements, $"{name}: {TxCount} transmit channels; from 0 to {Array.Elements} elements.");
        Require(RxCount >= 0 && RxCount <= Array.Elements, $"{name}: {RxCount} receive channels; from 0 to {Array.Elements} elements.");
        Require(TxCount + RxCount > 0, $"{name}: a radio has at least one channel.");
        Require(FullScalePowerWatts > 0 && double.IsFinite(FullScalePowerWatts), $"{name}: the full-scale power is positive.");
        Require(NoisePowerWatts >= 0 && double.IsFinite(NoisePowerWatts), $"{name}: a noise power is not negative.");
        Require(Leakage.PowerGain >= 0 && double.IsFinite(Leakage.PowerGain), $"{name}: a leakage gain is not negative.");
        Require(Leakage.DelaySamples >= 0 && double.IsFinite(Leakage.DelaySamples), $"{name}: a leakage delay is not negative.");
        Require(Math.Abs(FreeRunningDriftPpm) <= 1000, $"{name}: a drift of {FreeRunningDriftPpm} ppm; at most 1000.");
        Impairments.Validate(name);
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
