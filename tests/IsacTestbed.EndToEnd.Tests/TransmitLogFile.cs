using System.Text.Json;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>A sidecar's transmit log, read while it grows: what really was on the air, whoever died meanwhile.</summary>
internal sealed class TransmitLogFile(string path)
{
    // Only against a hang of the programs under test.
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    public string Path => path;

    /// <summary>All complete lines so far.</summary>
    public IReadOnlyList<JsonElement> Lines()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        string text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
    }

    /// <summary>Waits for so many lines of an event.</summary>
    /// <param name="name">The event.</param>
    /// <param name="count">How many.</param>
    /// <param name="from">Lines before this one do not count.</param>
    public async Task<IReadOnlyList<JsonElement>> WaitForAsync(string name, int count, int from = 0)
    {
        using var watchdog = new CancellationTokenSource(Watchdog);
        while (true)
        {
            JsonElement[] found = [.. Lines().Skip(from).Where(l => l.GetProperty("event").GetString() == name)];
            if (found.Length >= count)
            {
                return found;
            }

            await Task.Delay(20, watchdog.Token);
        }
    }
}
