namespace IsacTestbed.Core;

/// <summary>Cells whose base stations serve users and sense targets with the same beams: the family vfl-beamforming on the air, resolved.</summary>
/// <param name="Run">What all array studies share.</param>
/// <param name="Downlink">What all base stations send at once.</param>
/// <param name="Propagation">What the emulated air does to it.</param>
/// <param name="Cells">The cells, with as many antennas, users and targets each.</param>
/// <param name="VflModel">Checkpoint for method vfl; null for none.</param>
/// <param name="PerCellModel">Checkpoint for method per-cell-dl; null for none.</param>
public sealed record VflBeamformingScenario(
    ArrayRunSection Run,
    DownlinkSection Downlink,
    MultiCellPropagation Propagation,
    IReadOnlyList<CellSection> Cells,
    string? VflModel = null,
    string? PerCellModel = null)
{
    /// <summary>Reads and checks a scenario.</summary>
    /// <exception cref="ConfigurationException">A key is missing, unknown, of the wrong kind or out of range.</exception>
    public static VflBeamformingScenario Read(ConfigurationObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var scenario = new VflBeamformingScenario(
            ArrayRunSection.Read(document),
            DownlinkSection.Read(document.Object("downlink")),
            MultiCellPropagation.Read(document.Object("propagation")),
            [.. document.Objects("cells").Select(CellSection.Read)],
            document.Has("vflModel") ? document.Text("vflModel") : null,
            document.Has("perCellModel") ? document.Text("perCellModel") : null);
        document.RejectUnknownKeys();
        scenario.RequireEqualCells(document);
        return scenario;
    }

    private void RequireEqualCells(ConfigurationObject document)
    {
        if (Cells.Count == 0)
        {
            throw document.Error("cells", "the list is empty; there must be one cell at least");
        }

        IEnumerable<string> ids = Cells.SelectMany(c => c.Users.Append(c.Station).Select(s => s.Id).Concat(c.Targets.Select(t => t.Id)));
        ScenarioIds.RequireDistinct(document, "cells", ids, "station, user and target");
        CellSection first = Cells[0];
        if (Cells.FirstOrDefault(c => (c.Station.Elements, c.Users.Count, c.Targets.Count) != (first.Station.Elements, first.Users.Count, first.Targets.Count)) is { } other)
        {
            throw document.Error(
                "cells",
                $"found {other.Describe()} and {first.Describe()}; the planner takes as many antennas, users and targets in all cells");
        }

        if (first.Users.Count == 0 || first.Targets.Count == 0 || first.Targets.Count >= first.Station.Elements)
        {
            throw document.Error("cells", $"found {first.Describe()}; a cell needs a user and a target, and more antennas than targets to tell their echoes apart");
        }

        if (Cells.Any(c => c.Station.NoiseWatts != first.Station.NoiseWatts) || Cells.SelectMany(c => c.Users).Any(u => u.NoiseWatts != first.Users[0].NoiseWatts))
        {
            throw document.Error("cells", "noiseWatts must be the same for all base stations, and for all users: (6) and (8) have one noise power each");
        }
    }
}

/// <summary>What all base stations send at once, and what the plan is to weigh.</summary>
/// <param name="SamplesPerSymbol">Samples per symbol.</param>
/// <param name="Symbols">Symbols of each stream, by which everything is measured.</param>
/// <param name="PowerWatts">P_T: power limit of a base station.</param>
/// <param name="Rho">Weight of the communication rate in (10).</param>
public sealed record DownlinkSection(int SamplesPerSymbol, int Symbols, double PowerWatts, double Rho)
{
    internal static DownlinkSection Read(ConfigurationObject o)
    {
        var section = new DownlinkSection(
            o.Integer("samplesPerSymbol", 2, 64), o.Integer("symbols", 64, 1 << 20), o.PositiveNumber("powerWatts"), o.Number("rho", 0, 1));
        o.RejectUnknownKeys();
        return section;
    }
}

/// <summary>The links of a network of cells; only the emulated air knows.</summary>
/// <param name="UserGainDb">Power gain of a base station's link to a user at the reference distance, per pair of antennas, in dB.</param>
/// <param name="ReferenceMeters">The reference distance.</param>
/// <param name="UserPathLoss">Exponent of these links.</param>
/// <param name="StationLossDb">Loss of the link between two base stations beyond free space, in dB.</param>
/// <param name="RicianFactorDb">Power of a direct path over that of all scattered ones, in dB; for users and between base stations.</param>
public sealed record MultiCellPropagation(double UserGainDb, double ReferenceMeters, double UserPathLoss, double StationLossDb, double RicianFactorDb)
{
    internal static MultiCellPropagation Read(ConfigurationObject o)
    {
        var section = new MultiCellPropagation(
            o.Number("userGainDb", -300, 60),
            o.PositiveNumber("referenceMeters"),
            o.Number("userPathLoss", 0, 10),
            o.Number("stationLossDb", -60, 200),
            o.Number("ricianFactorDb", -60, 60));
        o.RejectUnknownKeys();
        return section;
    }
}

/// <summary>A cell: its base station, whom it serves and what it senses.</summary>
/// <param name="Station">The base station; its array transmits and receives.</param>
/// <param name="Users">Its users, with one antenna each.</param>
/// <param name="Targets">Its targets.</param>
public sealed record CellSection(ArraySite Station, IReadOnlyList<ArraySite> Users, IReadOnlyList<PlacedTarget> Targets)
{
    internal static CellSection Read(ConfigurationObject o)
    {
        ConfigurationObject station = o.Object("station");
        double userNoise = o.PositiveNumber("userNoiseWatts");
        var section = new CellSection(
            ArraySite.Read(station), [.. o.Objects("users").Select(u => User(u, userNoise))], [.. o.Objects("targets").Select(PlacedTarget.Read)]);
        station.RejectUnknownKeys();
        o.RejectUnknownKeys();
        return section;
    }

    internal string Describe() => $"{Station.Elements} antennas, {Users.Count} users and {Targets.Count} targets at {Station.Id}";

    private static ArraySite User(ConfigurationObject o, double noiseWatts)
    {
        double[] at = PlacedTarget.Position(o);
        var user = new ArraySite(o.Text("id"), at[0], at[1], at[2], 0, 1, noiseWatts);
        o.RejectUnknownKeys();
        return user;
    }
}

/// <summary>A point target at rest. Its base station knows the bearing, from an earlier observation; how strong its echo is must be sounded.</summary>
/// <param name="Id">Its name.</param>
/// <param name="X">Metres along x.</param>
/// <param name="Y">Metres along y.</param>
/// <param name="Z">Metres of height.</param>
/// <param name="CrossSectionSquareMeters">Radar cross-section.</param>
public sealed record PlacedTarget(string Id, double X, double Y, double Z, double CrossSectionSquareMeters)
{
    internal static PlacedTarget Read(ConfigurationObject o)
    {
        double[] at = Position(o);
        var target = new PlacedTarget(o.Text("id"), at[0], at[1], at[2], o.PositiveNumber("crossSectionSquareMeters"));
        o.RejectUnknownKeys();
        return target;
    }

    internal static double[] Position(ConfigurationObject o)
    {
        double[] position = o.Numbers("positionMeters");
        return position.Length == 3
            ? position
            : throw o.Error("positionMeters", $"found a list of {position.Length}; it must be three numbers, [x, y, z]");
    }
}
