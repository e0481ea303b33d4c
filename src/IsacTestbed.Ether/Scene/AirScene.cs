namespace IsacTestbed.Ether;

/// <summary>Everything that is on the air: nodes, links, targets and echoes. Immutable and thread safe.</summary>
public sealed record AirScene
{
    /// <summary>Speed of light, metres per second.</summary>
    public const double SpeedOfLight = 299_792_458;

    /// <summary>Seed of noise and fading.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Sample rate of all radios, hertz: a tick is one sample.</summary>
    public required double SampleRateHz { get; init; }

    /// <summary>Carrier frequency of all radios, hertz.</summary>
    public required double CarrierFrequencyHz { get; init; }

    /// <summary>The nodes.</summary>
    public required IReadOnlyList<AirNode> Nodes { get; init; }

    /// <summary>Direct links.</summary>
    public IReadOnlyList<DirectLink> Links { get; init; } = [];

    /// <summary>The targets.</summary>
    public IReadOnlyList<AirTarget> Targets { get; init; } = [];

    /// <summary>The echoes.</summary>
    public IReadOnlyList<Echo> Echoes { get; init; } = [];

    /// <summary>Checks names, ranges and references.</summary>
    /// <exception cref="ArgumentException">Says which part is wrong and what would be right.</exception>
    public void Validate()
    {
        Require(SampleRateHz >= 1000 && double.IsFinite(SampleRateHz), $"A sample rate of {SampleRateHz} Hz; at least 1000 Hz (the unit is hertz).");
        Require(CarrierFrequencyHz > 0 && double.IsFinite(CarrierFrequencyHz), $"A carrier of {CarrierFrequencyHz} Hz; positive.");
        Require(Nodes.Count > 0, "A scene has at least one node.");
        var nodes = new HashSet<string>(StringComparer.Ordinal);
        foreach (AirNode node in Nodes)
        {
            node.Validate();
            Require(nodes.Add(node.Id), $"Node {node.Id}: the name stands twice.");
        }

        for (int i = 0; i < Links.Count; i++)
        {
            ValidateLink(Links[i], $"Link {i} ({Links[i].Transmitter} to {Links[i].Receiver})", nodes);
        }

        var targets = new HashSet<string>(StringComparer.Ordinal);
        foreach (AirTarget target in Targets)
        {
            ArgumentException.ThrowIfNullOrEmpty(target.Id);
            Require(targets.Add(target.Id), $"Target {target.Id}: the name stands twice.");
            ValidateTarget(target, nodes);
        }

        for (int i = 0; i < Echoes.Count; i++)
        {
            Echo echo = Echoes[i];
            string name = $"Echo {i} ({echo.Transmitter}, {echo.Target}, {echo.Receiver})";
            Require(nodes.Contains(echo.Transmitter), $"{name}: no node {echo.Transmitter}.");
            Require(nodes.Contains(echo.Receiver), $"{name}: no node {echo.Receiver}.");
            Require(targets.Contains(echo.Target), $"{name}: no target {echo.Target}.");
            Require(echo.Fading.Kind is FadingKind.None or FadingKind.Exponential, $"{name}: an echo's fading is none or exponential.");
            Require(echo.Gain is not EchoGain.Explicit { PowerGain: < 0 or double.NaN }, $"{name}: a power gain is not negative.");
            echo.Fading.Validate(name);
        }
    }

    private void ValidateLink(DirectLink link, string name, HashSet<string> nodes)
    {
        Require(nodes.Contains(link.Transmitter), $"{name}: no node {link.Transmitter}.");
        Require(nodes.Contains(link.Receiver), $"{name}: no node {link.Receiver}.");
        Require(link.Transmitter != link.Receiver, $"{name}: a node has no link to itself; that is its leakage.");
        Require(link.DelaySamples is null or (>= 0 and < 1e9), $"{name}: a delay of {link.DelaySamples} samples; not negative.");
        link.Fading.Validate(name);
        double distance = Nodes.First(n => n.Id == link.Transmitter).Position.DistanceTo(Nodes.First(n => n.Id == link.Receiver).Position);
        double gain = link.Gain.At(distance);
        Require(gain >= 0 && double.IsFinite(gain), $"{name}: a power gain of {gain} at {distance} m; finite and not negative.");
    }

    private static void ValidateTarget(AirTarget target, HashSet<string> nodes)
    {
        string name = $"Target {target.Id}";
        switch (target)
        {
            case AirTarget.Moving moving:
                Require(moving.Position.IsFinite && moving.VelocityMetersPerSecond.IsFinite, $"{name}: position and velocity are finite.");
                Require(moving.VelocityMetersPerSecond.Length < SpeedOfLight / 1000, $"{name}: faster than c / 1000.");
                break;
            case AirTarget.Dwelling dwelling:
                Require(nodes.Contains(dwelling.Owner), $"{name}: no node {dwelling.Owner}.");
                Require(dwelling.RangeMeters > 0 && double.IsFinite(dwelling.RangeMeters), $"{name}: a range is positive.");
                Require(dwelling.DwellTicks >= 1, $"{name}: a dwell has at least one tick.");
                break;
            default:
                throw new ArgumentException($"{name}: unknown kind of target.");
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
