using IsacTestbed.Lab.Lines;
using IsacTestbed.Lab.Profiles;

namespace IsacTestbed.Lab.Tests.Doubles;

/// <summary>Profiles with the commands of the shipped ones, and time limits that suit a test.</summary>
internal static class TestProfiles
{
    public static readonly InstrumentProfile Gpsdo = Create(
        InstrumentKind.Gpsdo,
        CommandEnd.CrLf,
        new()
        {
            ["identity"] = "*IDN?",
            ["lock"] = "SYNC:LOCK?",
            ["health"] = "SYNC:HEALTH?",
            ["timeInterval"] = "SYNC:TINT?",
            ["satellitesVisible"] = "GPS:SAT:VIS:COUN?",
            ["holdover"] = "SYNC:HOLD:DUR?",
        },
        new() { ["staleSeconds"] = 2.5 }) with
    {
        Prompt = "scpi >",
    };

    public static readonly InstrumentProfile Attenuator = Create(
        InstrumentKind.Attenuator,
        CommandEnd.CrLf,
        new()
        {
            ["model"] = ":MN?",
            ["serial"] = ":SN?",
            ["firmware"] = ":FIRMWARE?",
            ["setAttenuation"] = ":SETATT={value}",
            ["attenuation"] = ":ATT?",
        },
        new() { ["maximumAttenuationDb"] = 90, ["stepDb"] = 0.25 });

    public static readonly InstrumentProfile Rotator = Create(
        InstrumentKind.Rotator,
        CommandEnd.Cr,
        new() { ["move"] = "M{value}", ["azimuth"] = "C", ["stop"] = "S" },
        new()
        {
            ["minimumAzimuthDegrees"] = 0,
            ["maximumAzimuthDegrees"] = 360,
            ["toleranceDegrees"] = 2,
            ["slowestDegreesPerSecond"] = 3,
            ["pollSeconds"] = 0.5,
        });

    public static readonly InstrumentProfile Switch = Create(
        InstrumentKind.Switch,
        CommandEnd.Lf,
        new() { ["identity"] = "*IDN?", ["close"] = "ROUT:CLOS {value}", ["isClosed"] = "ROUT:CLOS? {value}" },
        []);

    private static InstrumentProfile Create(InstrumentKind kind, CommandEnd end, Dictionary<string, string> commands, Dictionary<string, double> limits) =>
        new(
            $"test {kind}",
            kind,
            false,
            new LineSettings(115200),
            5025,
            end,
            string.Empty,
            TimeSpan.FromSeconds(1),
            TimeSpan.Zero,
            commands.ToDictionary(c => c.Key, c => new CommandText(c.Value, "test")),
            limits);
}
