using IsacTestbed.Core;

namespace IsacTestbed.Lab.Profiles;

/// <summary>One instrument of a bench, as its file lists it.</summary>
/// <param name="Id">Its name on this bench.</param>
/// <param name="Profile">A shipped profile's name, or the path of a file.</param>
/// <param name="Device">A serial line, as in /dev/ttyUSB0; an address, as in tcp://192.168.48.147; or "simulated".</param>
/// <param name="AllowDangerousCommands">Whether dangerous commands are switched on for it.</param>
public sealed record InstrumentEntry(string Id, string Profile, string Device, bool AllowDangerousCommands)
{
    /// <summary>The device of an instrument that is simulated.</summary>
    public const string Simulated = "simulated";

    /// <summary>Reads the list of a bench.</summary>
    /// <param name="document">The document.</param>
    /// <exception cref="ConfigurationException">A key is missing, unknown or wrong, or two instruments share a name or a device.</exception>
    public static IReadOnlyList<InstrumentEntry> ReadList(ConfigurationObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var entries = new List<InstrumentEntry>();
        foreach (ConfigurationObject item in document.Objects("instruments"))
        {
            var entry = new InstrumentEntry(item.Text("id"), item.Text("profile"), item.Text("device"), item.FlagOr("allowDangerousCommands", false));
            item.RejectUnknownKeys();
            if (entries.Any(e => e.Id == entry.Id))
            {
                throw item.Error("id", $"found {entry.Id} twice; each instrument needs a name of its own");
            }

            if (entry.Device != Simulated && entries.Any(e => e.Device == entry.Device))
            {
                throw item.Error("device", $"found {entry.Device} twice; each instrument needs a device of its own");
            }

            entries.Add(entry);
        }

        document.RejectUnknownKeys();
        return entries;
    }
}
