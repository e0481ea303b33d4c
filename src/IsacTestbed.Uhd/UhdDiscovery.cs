namespace IsacTestbed.Uhd;

/// <summary>What this host's libuhd is, and which devices it sees.</summary>
public static class UhdDiscovery
{
    /// <summary>Version of the library, such as "4.3.0.0-release".</summary>
    /// <exception cref="IsacTestbed.Radio.StreamingDeviceException">
    /// The library is not installed; the message names the package.
    /// </exception>
    public static string LibraryVersion => Usrp.LibraryVersion;

    /// <summary>Lists devices. Without a type and an address in the arguments libuhd searches the network by broadcast.</summary>
    /// <param name="arguments">Device arguments, such as "type=b200"; empty for all.</param>
    /// <returns>The arguments of each device found: key=value pairs, separated by commas.</returns>
    /// <exception cref="IsacTestbed.Radio.StreamingDeviceException">The library is not installed, or the search failed.</exception>
    public static IReadOnlyList<string> Find(string arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return Usrp.Find(arguments);
    }
}
