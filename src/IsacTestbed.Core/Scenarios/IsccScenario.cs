namespace IsacTestbed.Core;

/// <summary>Users that sense a target and offload tasks to an access point at once: the family iscc on the air, resolved.</summary>
/// <param name="Run">What all array studies share.</param>
/// <param name="Offload">How bits become packets.</param>
/// <param name="Limits">The limits of the problem (P1).</param>
/// <param name="AccessPoint">The access point.</param>
/// <param name="Target">The common target.</param>
/// <param name="Users">The users, at least one, with arrays of one size and distinct ids.</param>
public sealed record IsccScenario(
    ArrayRunSection Run,
    OffloadSection Offload,
    IsccLimits Limits,
    ArraySite AccessPoint,
    TargetSection Target,
    IReadOnlyList<IsccUserSection> Users)
{
    /// <summary>Bandwidth B that all users share: the symbol rate.</summary>
    public double BandwidthHz => Run.Radio.SampleRateHz / Offload.SamplesPerSymbol;

    /// <summary>Reads and checks a scenario.</summary>
    /// <exception cref="ConfigurationException">A key is missing, unknown, of the wrong kind or out of range.</exception>
    public static IsccScenario Read(ConfigurationObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        ConfigurationObject accessPoint = document.Object("accessPoint");
        var scenario = new IsccScenario(
            ArrayRunSection.Read(document),
            OffloadSection.Read(document.Object("offload")),
            IsccLimits.Read(document.Object("limits")),
            ArraySite.Read(accessPoint),
            TargetSection.Read(document.Object("target")),
            [.. document.Objects("users").Select(IsccUserSection.Read)]);
        accessPoint.RejectUnknownKeys();
        document.RejectUnknownKeys();
        ScenarioIds.RequireDistinct(document, "users", scenario.Users.Select(u => u.Site.Id).Append(scenario.AccessPoint.Id));
        int elements = scenario.Users[0].Site.Elements;
        if (scenario.Users.FirstOrDefault(u => u.Site.Elements != elements) is { } other)
        {
            throw document.Error(
                "users",
                $"found {other.Site.Elements} elements of {other.Site.Id} and {elements} of {scenario.Users[0].Site.Id}; the planner takes arrays of one size");
        }

        double noise = scenario.Users[0].Site.NoiseWatts;
        return scenario.Users.All(u => u.Site.NoiseWatts == noise)
            ? scenario
            : throw document.Error("users", "noiseWatts must be the same for all users: (8) has one noise power for them");
    }
}

/// <summary>How offloaded bits become packets.</summary>
/// <param name="SamplesPerSymbol">Samples per symbol, 2 or 4; the bandwidth is the sample rate over this.</param>
/// <param name="SlotSamples">Samples of a packet slot; each packet carries as many bytes as its modulation lets it.</param>
/// <param name="SensingSlots">Slots in which users sense when nobody offloads.</param>
/// <param name="MeasuredSlots">Slots at most in which SINRs are measured.</param>
/// <param name="PacketErrorRate">Packet error rate at which a modulation and code count as carried by an SINR.</param>
/// <param name="LinkMarginDb">What the predicted SINR must have beyond that.</param>
/// <param name="Attempts">Times that a packet is sent at most.</param>
/// <param name="RateShare">Share of Shannon's rate (9) that the planner counts on: 1 as printed, less for the gap of a real modem.</param>
public sealed record OffloadSection(
    int SamplesPerSymbol,
    int SlotSamples,
    int SensingSlots,
    int MeasuredSlots,
    double PacketErrorRate,
    double LinkMarginDb,
    int Attempts,
    double RateShare)
{
    internal static OffloadSection Read(ConfigurationObject o)
    {
        int rate = o.Integer("samplesPerSymbol", 2, 4);
        if (rate == 3)
        {
            throw o.Error("samplesPerSymbol", "found 3; the modem takes 2 or 4");
        }

        var section = new OffloadSection(
            rate,
            o.Integer("slotSamples", 1024, 1 << 20),
            o.Integer("sensingSlots", 1, 1000),
            o.Integer("measuredSlots", 1, 1000),
            o.Number("packetErrorRate", 0, 0.5, exclusiveMinimum: true),
            o.Number("linkMarginDb", 0, 30),
            o.Integer("attempts", 1, 100),
            o.Number("rateShare", 0, 1, exclusiveMinimum: true));
        o.RejectUnknownKeys();
        return section;
    }
}

/// <summary>The limits of the problem (P1) of iscc.</summary>
/// <param name="MaxPowerWatts">Power budget of a user, P_max.</param>
/// <param name="SensingSinrThresholdDb">Least sensing SINR.</param>
/// <param name="ApCyclesPerSecond">Processor of the access point, C_ap.</param>
/// <param name="RicianFactorDb">Power of the users' direct path over that of all scattered ones; only the emulated air knows.</param>
public sealed record IsccLimits(double MaxPowerWatts, double SensingSinrThresholdDb, double ApCyclesPerSecond, double RicianFactorDb)
{
    internal static IsccLimits Read(ConfigurationObject o)
    {
        var section = new IsccLimits(
            o.PositiveNumber("maxPowerWatts"),
            o.Number("sensingSinrThresholdDb", -60, 60),
            o.PositiveNumber("apCyclesPerSecond"),
            o.Number("ricianFactorDb", -60, 60));
        o.RejectUnknownKeys();
        return section;
    }
}

/// <summary>A point target at rest; only the emulated air knows where it is.</summary>
/// <param name="X">Metres along x.</param>
/// <param name="Y">Metres along y.</param>
/// <param name="Z">Metres of height.</param>
/// <param name="CrossSectionSquareMeters">Radar cross-section.</param>
public sealed record TargetSection(double X, double Y, double Z, double CrossSectionSquareMeters)
{
    internal static TargetSection Read(ConfigurationObject o)
    {
        double[] position = o.Numbers("positionMeters");
        if (position.Length != 3)
        {
            throw o.Error("positionMeters", $"found a list of {position.Length}; it must be three numbers, [x, y, z]");
        }

        var section = new TargetSection(position[0], position[1], position[2], o.PositiveNumber("crossSectionSquareMeters"));
        o.RejectUnknownKeys();
        return section;
    }
}

/// <summary>One user: its array, its task and its processor.</summary>
/// <param name="Site">Where it stands.</param>
/// <param name="TaskBits">Bits to process, Q_k.</param>
/// <param name="LatencySeconds">Within this time, tau_k^th.</param>
/// <param name="CyclesPerBit">Processor cycles per bit.</param>
/// <param name="CyclesPerSecond">The user's processor, C_k^u.</param>
/// <param name="Capacitance">Effective capacitance of the user's processor.</param>
/// <param name="ApCapacitance">Effective capacitance of the access point's processor.</param>
/// <param name="EnergyCostRatio">Weight of energy at the access point, beta_k.</param>
public sealed record IsccUserSection(
    ArraySite Site,
    double TaskBits,
    double LatencySeconds,
    double CyclesPerBit,
    double CyclesPerSecond,
    double Capacitance,
    double ApCapacitance,
    double EnergyCostRatio)
{
    internal static IsccUserSection Read(ConfigurationObject o)
    {
        var section = new IsccUserSection(
            ArraySite.Read(o),
            o.PositiveNumber("taskBits"),
            o.PositiveNumber("latencySeconds"),
            o.PositiveNumber("cyclesPerBit"),
            o.PositiveNumber("cyclesPerSecond"),
            o.PositiveNumber("capacitance"),
            o.PositiveNumber("apCapacitance"),
            o.PositiveNumber("energyCostRatio"));
        o.RejectUnknownKeys();
        return section;
    }
}
