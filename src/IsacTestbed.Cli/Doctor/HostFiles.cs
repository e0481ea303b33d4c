namespace IsacTestbed.Cli.Doctor;

/// <summary>The files in which a Linux host tells about itself.</summary>
/// <param name="root">Where its root folder is: "/", or that of a made-up host.</param>
internal sealed class HostFiles(string root)
{
    /// <summary>Text of a file without white space around it; null when it is missing or cannot be read.</summary>
    /// <param name="path">Full path on the host.</param>
    public string? Read(string path)
    {
        try
        {
            return File.ReadAllText(Locate(path)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Full paths of what is in a folder, in order; empty when it is missing.</summary>
    public IReadOnlyList<string> List(string folder) =>
        Directory.Exists(Locate(folder))
            ? [.. Directory.EnumerateFileSystemEntries(Locate(folder)).Select(e => $"{folder}/{Path.GetFileName(e)}").Order(StringComparer.Ordinal)]
            : [];

    private string Locate(string path) => Path.Join(root, path);
}
