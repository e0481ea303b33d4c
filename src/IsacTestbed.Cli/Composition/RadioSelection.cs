using IsacTestbed.Core;

namespace IsacTestbed.Cli.Composition;

/// <summary>One radio to open: its name in schedules, and device arguments over those of its profile.</summary>
/// <param name="RadioId">The name.</param>
/// <param name="Arguments">Device arguments.</param>
internal sealed record RadioSelection(string RadioId, IReadOnlyDictionary<string, string> Arguments)
{
    private const string Form = "it must be NAME=KEY=VALUE,KEY=VALUE..., as in device-1=serial=30AD5C4";

    /// <summary>Reads NAME=KEY=VALUE,KEY=VALUE...; the arguments may be left out.</summary>
    /// <exception cref="ConfigurationException">The text has another form.</exception>
    public static RadioSelection Parse(string option, string text)
    {
        int end = text.IndexOf('=', StringComparison.Ordinal);
        string radioId = end < 0 ? text : text[..end];
        if (string.IsNullOrWhiteSpace(radioId))
        {
            throw new ConfigurationException(option, string.Empty, $"found \"{text}\"; {Form}");
        }

        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in end < 0 ? [] : text[(end + 1)..].Split(','))
        {
            // A value may hold further equals signs; a key may not.
            int split = pair.IndexOf('=', StringComparison.Ordinal);
            if (split <= 0 || !arguments.TryAdd(pair[..split].Trim(), pair[(split + 1)..].Trim()))
            {
                throw new ConfigurationException(option, string.Empty, $"found \"{pair}\" in \"{text}\"; {Form}, each key once");
            }
        }

        return new RadioSelection(radioId, arguments);
    }
}
