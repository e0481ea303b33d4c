using IsacTestbed.Core;
using IsacTestbed.Lab.Lines;

namespace IsacTestbed.Lab.Profiles;

/// <summary>Kinds of instruments.</summary>
public enum InstrumentKind
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>A GPS-disciplined oscillator: the bench's frequency and time reference.</summary>
    Gpsdo = 1,

    /// <summary>A programmable attenuator.</summary>
    Attenuator = 2,

    /// <summary>An antenna rotator.</summary>
    Rotator = 3,

    /// <summary>An RF switch.</summary>
    Switch = 4,
}

/// <summary>What ends a command.</summary>
public enum CommandEnd
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>Carriage return.</summary>
    Cr = 1,

    /// <summary>Line feed.</summary>
    Lf = 2,

    /// <summary>Carriage return and line feed.</summary>
    CrLf = 3,
}

/// <summary>A command of an instrument, and where it is documented.</summary>
/// <param name="Text">The command; <c>{value}</c> stands for its parameter.</param>
/// <param name="Source">Where that is said.</param>
public sealed record CommandText(string Text, string Source)
{
    /// <summary>The command with its parameter.</summary>
    public string With(string value) => Text.Replace("{value}", value, StringComparison.Ordinal);
}

/// <summary>How instruments of one model are reached and talked to, as a file under firmware-config/instruments says.</summary>
/// <param name="Model">Maker and model.</param>
/// <param name="Kind">Kind.</param>
/// <param name="TriedOnHardware">Whether anybody has tried this profile on the instrument itself.</param>
/// <param name="Line">Settings of the serial line; null for an instrument that has none.</param>
/// <param name="TcpPort">Port of its socket; null for an instrument that has none.</param>
/// <param name="CommandEnd">What ends a command.</param>
/// <param name="Prompt">What it writes before a command; empty when nothing.</param>
/// <param name="ReplyTimeout">How long an answer may take.</param>
/// <param name="CommandInterval">Least time between commands.</param>
/// <param name="Commands">Its commands by name.</param>
/// <param name="Limits">Numbers that this kind needs, by name.</param>
public sealed record InstrumentProfile(
    string Model,
    InstrumentKind Kind,
    bool TriedOnHardware,
    LineSettings? Line,
    int? TcpPort,
    CommandEnd CommandEnd,
    string Prompt,
    TimeSpan ReplyTimeout,
    TimeSpan CommandInterval,
    IReadOnlyDictionary<string, CommandText> Commands,
    IReadOnlyDictionary<string, double> Limits)
{
    private static readonly Dictionary<InstrumentKind, string[]> CommandsOfKind = new()
    {
        [InstrumentKind.Gpsdo] = ["identity", "lock", "health", "timeInterval", "satellitesVisible", "holdover"],
        [InstrumentKind.Attenuator] = ["model", "serial", "firmware", "setAttenuation", "attenuation"],
        [InstrumentKind.Rotator] = ["move", "azimuth", "stop"],
        [InstrumentKind.Switch] = ["identity", "close", "isClosed"],
    };

    private static readonly Dictionary<InstrumentKind, (string Name, double Minimum, double Maximum)[]> LimitsOfKind = new()
    {
        [InstrumentKind.Gpsdo] = [("staleSeconds", 1, 60)],
        [InstrumentKind.Attenuator] = [("maximumAttenuationDb", 0, 200), ("stepDb", 0.01, 10)],
        [InstrumentKind.Rotator] =
            [("minimumAzimuthDegrees", 0, 450), ("maximumAzimuthDegrees", 0, 450), ("toleranceDegrees", 0.5, 45), ("slowestDegreesPerSecond", 0.1, 30), ("pollSeconds", 0.05, 10)],
        [InstrumentKind.Switch] = [],
    };

    /// <summary>Reads a profile.</summary>
    /// <param name="document">The document.</param>
    /// <exception cref="ConfigurationException">A key is missing, unknown, or has a value that cannot be right.</exception>
    public static InstrumentProfile Read(ConfigurationObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        string model = document.Text("model");
        InstrumentKind kind = document.Choice<InstrumentKind>("kind");
        bool tried = document.FlagOr("triedOnHardware", false);
        LineSettings? line = document.Has("line") ? ReadLine(document.Object("line")) : null;
        int? port = document.Has("socket") ? ReadSocket(document.Object("socket")) : null;
        if (line is null && port is null)
        {
            throw document.Error("line", "the instrument has neither a line nor a socket; give one of them");
        }

        (CommandEnd end, string prompt, TimeSpan timeout, TimeSpan interval) = ReadDialogue(document.Object("dialogue"));
        Dictionary<string, CommandText> commands = ReadCommands(document.Object("commands"), CommandsOfKind[kind]);
        Dictionary<string, double> limits = LimitsOfKind[kind].Length == 0 ? [] : ReadLimits(document.Object("limits"), LimitsOfKind[kind]);
        document.RejectUnknownKeys();
        return new InstrumentProfile(model, kind, tried, line, port, end, prompt, timeout, interval, commands, limits);
    }

    private static LineSettings ReadLine(ConfigurationObject line)
    {
        int baudRate = line.Integer("baudRate");
        if (!LineSettings.StandardBaudRates.Contains(baudRate))
        {
            throw line.Error("baudRate", $"found {baudRate}; it must be one of {string.Join(", ", LineSettings.StandardBaudRates)}");
        }

        var settings = new LineSettings(
            baudRate,
            line.Integer("dataBits", 7, 8),
            line.Choice<Parity>("parity"),
            line.Integer("stopBits", 1, 2),
            line.Choice<FlowControl>("flowControl"));
        RequireSource(line);
        return settings;
    }

    private static int ReadSocket(ConfigurationObject socket)
    {
        int port = socket.Integer("port", 1, 65535);
        RequireSource(socket);
        return port;
    }

    private static (CommandEnd End, string Prompt, TimeSpan Timeout, TimeSpan Interval) ReadDialogue(ConfigurationObject dialogue)
    {
        var settings = (
            dialogue.Choice<CommandEnd>("commandEnd"),
            dialogue.TextOr("prompt", string.Empty),
            TimeSpan.FromSeconds(dialogue.Number("replyTimeoutSeconds", 0.01, 60)),
            TimeSpan.FromSeconds(dialogue.Number("commandIntervalSeconds", 0, 10)));
        RequireSource(dialogue);
        return settings;
    }

    private static Dictionary<string, CommandText> ReadCommands(ConfigurationObject section, string[] names)
    {
        var commands = new Dictionary<string, CommandText>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            ConfigurationObject command = section.Object(name);
            string text = command.Text("text");
            bool takesValue = name is "setAttenuation" or "move" or "close" or "isClosed";
            if (text.Contains("{value}", StringComparison.Ordinal) != takesValue)
            {
                throw command.Error("text", takesValue ? $"found \"{text}\"; {{value}} must stand for the parameter" : $"found \"{text}\"; this command has no parameter");
            }

            if (text.Any(c => c is < ' ' or > '~'))
            {
                throw command.Error("text", $"found \"{text}\"; a command is of printable ASCII characters, without its end");
            }

            commands.Add(name, new CommandText(text, command.Text("source")));
            command.RejectUnknownKeys();
        }

        section.RejectUnknownKeys();
        return commands;
    }

    private static Dictionary<string, double> ReadLimits(ConfigurationObject section, (string Name, double Minimum, double Maximum)[] names)
    {
        Dictionary<string, double> limits = names.ToDictionary(n => n.Name, n => section.Number(n.Name, n.Minimum, n.Maximum), StringComparer.Ordinal);
        if (limits.TryGetValue("minimumAzimuthDegrees", out double low) && low >= limits["maximumAzimuthDegrees"])
        {
            throw section.Error("minimumAzimuthDegrees", FormattableString.Invariant($"found {low}; it must lie below maximumAzimuthDegrees {limits["maximumAzimuthDegrees"]}"));
        }

        RequireSource(section);
        return limits;
    }

    private static void RequireSource(ConfigurationObject section)
    {
        _ = section.Text("source");
        section.RejectUnknownKeys();
    }
}
