using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Cli.Composition;

/// <summary>One fault to script into an emulated radio.</summary>
/// <param name="RadioId">The radio.</param>
/// <param name="Fault">What happens to it, and when.</param>
internal sealed record FaultSelection(string RadioId, InjectedFault Fault)
{
    private static readonly Dictionary<string, InjectedFaultKind> Kinds = new(StringComparer.Ordinal)
    {
        ["overflow"] = InjectedFaultKind.Overflow,
        ["late"] = InjectedFaultKind.LateCommand,
        ["underflow"] = InjectedFaultKind.Underflow,
        ["lost-reference"] = InjectedFaultKind.LostReference,
        ["clipping"] = InjectedFaultKind.Clipping,
        ["all-zero"] = InjectedFaultKind.Stuck,
        ["dead"] = InjectedFaultKind.Dead,
    };

    /// <summary>The names of the faults.</summary>
    public static IEnumerable<string> Names => Kinds.Keys;

    /// <summary>Reads RADIO=KIND@TICK or RADIO=KIND@TICK+TICKS.</summary>
    /// <exception cref="ConfigurationException">The text has another form.</exception>
    public static FaultSelection Parse(string option, string text)
    {
        int at = text.LastIndexOf('@'), end = at < 0 ? -1 : text.LastIndexOf('=', at);
        string[] ticks = at < 0 ? [] : text[(at + 1)..].Split('+');
        if (end <= 0 || ticks.Length > 2 || !TryTicks(ticks[0], 0, out long tick) || !TryTicks(ticks.ElementAtOrDefault(1) ?? "1", 1, out long duration))
        {
            throw new ConfigurationException(
                option, string.Empty, $"found \"{text}\"; it must be RADIO=KIND@TICK or RADIO=KIND@TICK+TICKS, as in device-1=overflow@1200000+4000");
        }

        string kind = text[(end + 1)..at];
        return Kinds.TryGetValue(kind, out InjectedFaultKind known)
            ? new FaultSelection(text[..end], new InjectedFault(known, tick, duration))
            : throw new ConfigurationException(option, string.Empty, $"found \"{kind}\" in \"{text}\"; faults are {string.Join(", ", Names)}");
    }

    private static bool TryTicks(string text, long least, out long ticks) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ticks) && ticks >= least;
}
