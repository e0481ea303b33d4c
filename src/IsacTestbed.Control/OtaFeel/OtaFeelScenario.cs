using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Control.OtaFeel;

/// <summary>A scenario of ota-feel on the air, resolved: devices with arrays that send sums to a server and listen to a target's echoes.</summary>
/// <param name="Run">What all array studies share.</param>
/// <param name="Frame">What is sent in a round.</param>
/// <param name="Server">The server.</param>
/// <param name="DeviceElements">M: elements of a device's vertical array, half a wavelength apart.</param>
/// <param name="SensingNoiseWatts">varsigma^2: noise per element of a device in the symbol bandwidth.</param>
/// <param name="Devices">Where the devices stand, at least two.</param>
/// <param name="Echo">How strong the echoes are, and where they come from.</param>
/// <param name="Training">What is trained over the sums, beside the location.</param>
public sealed record OtaFeelScenario(
    ArrayRunSection Run,
    FrameSection Frame,
    AggregationServer Server,
    int DeviceElements,
    double SensingNoiseWatts,
    IReadOnlyList<PlacedDevice> Devices,
    EchoSection Echo,
    TrainingSection Training)
{
    /// <summary>The devices as the localisation library sees them. A carrier's phase over tens of metres is of no use to anybody.</summary>
    public SensingScene Scene => new([.. Devices.Select(d => d.Place)], DeviceElements)
    {
        ReferenceGain = Math.Sqrt(Math.Sqrt(Echo.ReferenceGain)),
        PathGainExponent = Echo.PathGainExponent,
        UnknownEchoPhase = true,
    };

    /// <summary>The radios: devices transmit and receive on every element, the server receives.</summary>
    public IReadOnlyList<ArrayRadio> Radios =>
        [.. Devices.Select(d => new ArrayRadio(d.Id, DeviceElements, DeviceElements)), new ArrayRadio(Server.Id, 0, Server.Elements)];

    /// <summary>Reads and checks a scenario.</summary>
    /// <exception cref="ConfigurationException">A key is missing, unknown, of the wrong kind or out of range.</exception>
    public static OtaFeelScenario Read(ConfigurationObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var scenario = new OtaFeelScenario(
            ArrayRunSection.Read(document),
            FrameSection.Read(document.Object("frame")),
            AggregationServer.Read(document.Object("server")),
            document.Integer("deviceElements", 1, 64),
            document.PositiveNumber("sensingNoiseWatts"),
            [.. document.Objects("devices").Select(PlacedDevice.Read)],
            EchoSection.Read(document.Object("echo")),
            TrainingSection.Read(document.Object("training")));
        document.RejectUnknownKeys();
        ScenarioIds.RequireDistinct(document, "devices", scenario.Radios.Select(r => r.Id));
        int sensing = scenario.Frame.SensingBlocks * scenario.Devices.Count;
        if (scenario.Devices.Count < 2 || scenario.Frame.PulseLength < Math.Max(scenario.Devices.Count, sensing + 1))
        {
            throw document.Error(
                "frame.pulseLength",
                $"found {scenario.Frame.PulseLength} for {scenario.Devices.Count} devices and {scenario.Frame.SensingBlocks} sensing blocks; there must be two devices, and at least {Math.Max(scenario.Devices.Count, sensing + 1)} intervals for theirs");
        }

        return scenario;
    }
}

/// <summary>What is sent in a round.</summary>
/// <param name="SamplesPerSymbol">Samples per symbol interval.</param>
/// <param name="PulseLength">T: intervals of a frame.</param>
/// <param name="Frames">Frames per round, one after the other on the same plan.</param>
/// <param name="Tasks">I: sums that are computed at once, each with weights 1 / K.</param>
/// <param name="PowerWatts">P: largest power of a device.</param>
/// <param name="SensingShare">Share of the power of all devices that the sensing limit asks for.</param>
/// <param name="SensingBlocks">B: blocks of K intervals for sensing in a split frame.</param>
public sealed record FrameSection(
    int SamplesPerSymbol, int PulseLength, int Frames, int Tasks, double PowerWatts, double SensingShare, int SensingBlocks)
{
    /// <summary>Intervals of all frames of a round.</summary>
    public int Intervals => Frames * PulseLength;

    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">A key is missing, unknown or out of range.</exception>
    public static FrameSection Read(ConfigurationObject o)
    {
        ArgumentNullException.ThrowIfNull(o);
        var section = new FrameSection(
            o.Integer("samplesPerSymbol", 2, 64),
            o.Integer("pulseLength", 1, 4096),
            o.Integer("frames", 1, 4096),
            o.Integer("tasks", 1, 64),
            o.PositiveNumber("powerWatts"),
            o.Number("sensingShare", 0, 1),
            o.Integer("sensingBlocks", 1, 4096));
        o.RejectUnknownKeys();
        return section;
    }
}

/// <summary>The server.</summary>
/// <param name="Id">Its radio.</param>
/// <param name="Elements">N: elements of its array.</param>
/// <param name="NoiseWatts">sigma^2: noise per element in the symbol bandwidth, where channels have mean power one per pair of elements.</param>
/// <param name="CarrierOffsetHz">Offset of its oscillator from that of the devices, which share one.</param>
/// <param name="PhaseNoiseLinewidthHz">Linewidth of its oscillator.</param>
public sealed record AggregationServer(string Id, int Elements, double NoiseWatts, double CarrierOffsetHz, double PhaseNoiseLinewidthHz)
{
    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">A key is missing, unknown or out of range.</exception>
    public static AggregationServer Read(ConfigurationObject o)
    {
        ArgumentNullException.ThrowIfNull(o);
        var section = new AggregationServer(
            o.Text("id"),
            o.Integer("elements", 1, 256),
            o.PositiveNumber("noiseWatts"),
            o.Number("carrierOffsetHz", -1e6, 1e6),
            o.Number("phaseNoiseLinewidthHz", 0, 1e6));
        o.RejectUnknownKeys();
        return section;
    }
}

/// <summary>A device and where it stands.</summary>
/// <param name="Id">Its radio.</param>
/// <param name="Place">Where it stands, in metres from the server.</param>
public sealed record PlacedDevice(string Id, Location Place)
{
    /// <summary>Reads a device.</summary>
    /// <exception cref="ConfigurationException">A key is missing, unknown or out of range.</exception>
    public static PlacedDevice Read(ConfigurationObject o)
    {
        ArgumentNullException.ThrowIfNull(o);
        var device = new PlacedDevice(o.Text("id"), EchoSection.Place(o, "positionMeters"));
        o.RejectUnknownKeys();
        return device;
    }
}

/// <summary>The echoes, and where their target is looked for.</summary>
/// <param name="ReferenceGain">Two-way power gain at one metre.</param>
/// <param name="PathGainExponent">Exponent of the distance in the amplitude of one way: 1 for a point target in free space, 2 in (9).</param>
/// <param name="Target">Where the target is: the truth, by which estimates are judged and which no estimator sees.</param>
/// <param name="Region">Where it is looked for.</param>
public sealed record EchoSection(double ReferenceGain, double PathGainExponent, Location Target, SearchRegion Region)
{
    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">A key is missing, unknown or out of range.</exception>
    public static EchoSection Read(ConfigurationObject o)
    {
        ArgumentNullException.ThrowIfNull(o);
        Location low = Place(o, "regionLowMeters"), high = Place(o, "regionHighMeters");
        if (!(low.X < high.X && low.Y < high.Y && low.Z < high.Z))
        {
            throw o.Error("regionHighMeters", "each of its coordinates must be above that of regionLowMeters");
        }

        double[] steps = o.Numbers("regionSteps", 1, 1000);
        if (steps.Length != 3)
        {
            throw o.Error("regionSteps", $"found {steps.Length} numbers; it must be three: grid points along x, y and z");
        }

        var section = new EchoSection(
            o.PositiveNumber("referenceGain"),
            o.PositiveNumber("pathGainExponent"),
            Place(o, "targetMeters"),
            new SearchRegion(low, high, (int)steps[0], (int)steps[1], (int)steps[2]));
        o.RejectUnknownKeys();
        return section;
    }

    internal static Location Place(ConfigurationObject o, string key)
    {
        double[] values = o.Numbers(key, -1e6, 1e6);
        return values.Length == 3 ? new Location(values[0], values[1], values[2]) : throw o.Error(key, $"found {values.Length} numbers; it must be three: x, y and z");
    }
}
