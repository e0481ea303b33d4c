using System.Globalization;
using System.Text.RegularExpressions;

namespace IsacTestbed.Lab.Simulation;

/// <summary>A simulated switch unit: a register per relay, all of which exist and stand at 0 when it is switched on.</summary>
public sealed partial class SimulatedPathSwitch : ISimulatedInstrument
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _positions = [];

    /// <summary>A relay that does not switch, as in F01M01 relay 02; null when all do.</summary>
    public (string Module, int Relay)? StuckRelay { get; set; }

    /// <summary>How often it was reset to its preset: by dangerous commands only.</summary>
    public int Resets { get; private set; }

    /// <inheritdoc/>
    public string Execute(string command)
    {
        string text = command.Trim().ToUpperInvariant();
        lock (_lock)
        {
            if (text == "*IDN?")
            {
                return "Rohde&Schwarz,OSP220,simulated,2.30\n";
            }

            if (text == "*RST")
            {
                _positions.Clear();
                Resets++;
                return string.Empty;
            }

            if (text.StartsWith("ROUT:CLOS? ", StringComparison.Ordinal))
            {
                return $"{string.Join(',', Relays(text).Select(r => _positions.GetValueOrDefault(r.Key) == r.Position ? 1 : 0))}\n";
            }

            if (text.StartsWith("ROUT:CLOS ", StringComparison.Ordinal))
            {
                foreach ((string key, int position) in Relays(text).Where(r => r.Key != StuckKey))
                {
                    _positions[key] = position;
                }
            }

            return string.Empty;
        }
    }

    /// <inheritdoc/>
    public string Announce() => string.Empty;

    private string? StuckKey => StuckRelay is { } stuck ? $"{stuck.Module}:{stuck.Relay:00}" : null;

    // (@F01M01(0101,0002),F01M02(0602)): per entry the position, in one to three digits, then the relay in two.
    private static IEnumerable<(string Key, int Position)> Relays(string text) =>
        Modules().Matches(text).SelectMany(
            module => module.Groups[2].Value.Split(',').Select(
                entry => ($"{module.Groups[1].Value}:{entry[^2..]}", int.Parse(entry[..^2], CultureInfo.InvariantCulture))));

    [GeneratedRegex(@"(F\d{2}M\d{2})\(([\d,]+)\)")]
    private static partial Regex Modules();
}
