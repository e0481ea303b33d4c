namespace IsacTestbed.Core;

/// <summary>Everything an experiment needs to know, resolved: no defaults are left open. One file per experiment.</summary>
/// <param name="Name">Short name; part of the run folder's name.</param>
/// <param name="Seed">The one seed of all randomness.</param>
/// <param name="Rounds">Federated rounds (E_G of isac-fl).</param>
/// <param name="Radio">Settings common to all radios.</param>
/// <param name="Sensing">The sensing phase of each round.</param>
/// <param name="Uplink">The upload phase of each round.</param>
/// <param name="Learning">What is learned, and how.</param>
/// <param name="Server">The server radio.</param>
/// <param name="Devices">The ISAC devices, at least one, with distinct ids.</param>
public sealed record Scenario(
    string Name,
    ulong Seed,
    int Rounds,
    RadioSection Radio,
    SensingSection Sensing,
    UplinkSection Uplink,
    LearningSection Learning,
    ServerSection Server,
    IReadOnlyList<DeviceSection> Devices)
{
    /// <summary>Speed of light in vacuum.</summary>
    public const double SpeedOfLightMetersPerSecond = 299_792_458;

    /// <summary>Ticks of one dwell: the longest frame fits in it, and nothing on the air changes within it.</summary>
    public long DwellTicks => (long)Sensing.MaxSnapshots * Sensing.SnapshotSamples;

    /// <summary>The bearing script of a device's target.</summary>
    public TargetDwell TargetOf(int device) => new(Seed, device, Sensing.Beams, Sensing.SineLimit);

    /// <summary>Reads and checks a scenario.</summary>
    /// <exception cref="ConfigurationException">A key is missing, unknown, of the wrong kind or out of range.</exception>
    public static Scenario Read(ConfigurationObject document)
    {
        var scenario = new Scenario(
            ScenarioName.Read(document),
            document.UnsignedLong("seed"),
            document.Integer("rounds", 1, 100_000),
            RadioSection.Read(document.Object("radio")),
            SensingSection.Read(document.Object("sensing")),
            UplinkSection.Read(document.Object("uplink")),
            LearningSection.Read(document.Object("learning")),
            ServerSection.Read(document.Object("server")),
            [.. document.Objects("devices").Select(DeviceSection.Read)]);
        document.RejectUnknownKeys();
        ScenarioIds.RequireDistinct(document, "devices", scenario.Devices.Select(d => d.Id).Append(scenario.Server.Id));
        double cells = scenario.Devices.Max(d => d.TargetDistanceMeters) * 2 / SpeedOfLightMetersPerSecond * scenario.Radio.SampleRateHz;
        if (cells > scenario.Sensing.RangeCells - 1)
        {
            throw document.Error(
                "sensing.rangeCells",
                $"found {scenario.Sensing.RangeCells}; the farthest target lies in cell {cells:0.0}, so that at least {Math.Ceiling(cells) + 1} are needed");
        }

        if (scenario.Sensing.MaxPowerWatts > scenario.Radio.FullScalePowerWatts)
        {
            throw document.Error(
                "sensing.powerWatts",
                FormattableString.Invariant(
                    $"found a maximum of {scenario.Sensing.MaxPowerWatts}; it must be at most radio.fullScalePowerWatts, {scenario.Radio.FullScalePowerWatts}"));
        }

        return scenario;
    }
}

/// <summary>Settings common to all radios.</summary>
/// <param name="SampleRateHz">Sample rate.</param>
/// <param name="CarrierFrequencyHz">Carrier frequency.</param>
/// <param name="FullScalePowerWatts">Radiated power per channel of a full-scale signal; bounds every planned power.</param>
public sealed record RadioSection(double SampleRateHz, double CarrierFrequencyHz, double FullScalePowerWatts)
{
    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">A key is missing, unknown or out of range.</exception>
    public static RadioSection Read(ConfigurationObject o)
    {
        ArgumentNullException.ThrowIfNull(o);
        var section = new RadioSection(o.Number("sampleRateHz", 1e3, 1e10), o.PositiveNumber("carrierFrequencyHz"), o.PositiveNumber("fullScalePowerWatts"));
        o.RejectUnknownKeys();
        return section;
    }
}

/// <summary>The server radio, one receive channel.</summary>
/// <param name="Id">Radio id.</param>
public sealed record ServerSection(string Id)
{
    internal static ServerSection Read(ConfigurationObject o)
    {
        var section = new ServerSection(o.Text("id"));
        o.RejectUnknownKeys();
        return section;
    }
}

/// <summary>One ISAC device: its array, where its target and the server are, and what it may spend.</summary>
/// <param name="Id">Radio id.</param>
/// <param name="Elements">Elements of its uniform linear array, half a wavelength apart.</param>
/// <param name="TargetDistanceMeters">Range of its target (d_k).</param>
/// <param name="ServerDistanceMeters">Distance to the server (d_k,s).</param>
/// <param name="AntennaGainDbi">Antenna gain (G_k).</param>
/// <param name="SensingFadingMean">Mean of the echo's power fading, as far as the planner knows (Omega_k^s).</param>
/// <param name="UplinkFadingMean">Mean of the uplink's power fading, as far as the planner knows (Omega_k^c).</param>
/// <param name="SensingGainErrorDb">How far the true echo gain lies above what the planner believes; only the emulated air knows.</param>
/// <param name="UplinkGainErrorDb">How far the true uplink gain lies above what the planner believes; only the emulated air knows.</param>
/// <param name="EnergyBudgetJoules">Energy for the whole run (E_k).</param>
/// <param name="EnergyPerSampleJoules">Training energy per sample and round (kappa_k).</param>
/// <param name="TrainingSeconds">Time for local training in each round.</param>
public sealed record DeviceSection(
    string Id,
    int Elements,
    double TargetDistanceMeters,
    double ServerDistanceMeters,
    double AntennaGainDbi,
    double SensingFadingMean,
    double UplinkFadingMean,
    double SensingGainErrorDb,
    double UplinkGainErrorDb,
    double EnergyBudgetJoules,
    double EnergyPerSampleJoules,
    double TrainingSeconds)
{
    internal static DeviceSection Read(ConfigurationObject o)
    {
        var section = new DeviceSection(
            o.Text("id"),
            o.Integer("elements", 1, 64),
            o.PositiveNumber("targetDistanceMeters"),
            o.PositiveNumber("serverDistanceMeters"),
            o.Number("antennaGainDbi", -50, 80),
            o.PositiveNumber("sensingFadingMean"),
            o.PositiveNumber("uplinkFadingMean"),
            o.Number("sensingGainErrorDb", -60, 60),
            o.Number("uplinkGainErrorDb", -60, 60),
            o.PositiveNumber("energyBudgetJoules"),
            o.Number("energyPerSampleJoules", 0),
            o.Number("trainingSeconds", 0));
        o.RejectUnknownKeys();
        return section;
    }
}
