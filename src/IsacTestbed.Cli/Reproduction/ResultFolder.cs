using IsacTestbed.Core;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>The folder that receives a picture and its tables. It is made, and tried, before anything is computed for it.</summary>
internal sealed class ResultFolder : IDisposable
{
    private readonly string _path;
    private readonly List<string> _made;

    private ResultFolder(string path, List<string> made)
    {
        _path = path;
        _made = made;
    }

    /// <summary>Opens the folder.</summary>
    /// <param name="path">Made if it is missing; what stays empty of it goes again.</param>
    /// <exception cref="ConfigurationException">The path names no folder, or none that can be written.</exception>
    public static ResultFolder Open(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new ConfigurationException("--out", string.Empty, "found nothing; it must be the name of a folder");
        }

        return Try(path, () =>
        {
            List<string> made = [];
            for (string? folder = Path.GetFullPath(path); folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
            {
                made.Add(folder);
            }

            Directory.CreateDirectory(path);
            File.Create(Path.Combine(path, Path.GetRandomFileName()), 1, FileOptions.DeleteOnClose).Dispose();
            return new ResultFolder(path, made);
        });
    }

    /// <summary>Writes the picture and the Markdown table.</summary>
    /// <param name="result">The figure.</param>
    /// <returns>The paths.</returns>
    /// <exception cref="ConfigurationException">A file cannot be written.</exception>
    public IReadOnlyList<string> Write(FigureResult result)
    {
        string name = FormattableString.Invariant($"fig-{result.Number}");
        return [Write(name + ".svg", result.Chart.ToSvg()), Write(name + ".md", ResultDocuments.ToMarkdown(result, name + ".svg"))];
    }

    /// <summary>Refuses a name under which no file can be written, before anything is computed for it.</summary>
    /// <param name="name">The name in the folder.</param>
    /// <exception cref="ConfigurationException">The name is that of a folder.</exception>
    public void Require(string name)
    {
        string path = Path.Combine(_path, name);
        if (Directory.Exists(path))
        {
            throw new ConfigurationException("--out", string.Empty, $"found '{path}', which is a folder; it must be the name of a file");
        }
    }

    /// <summary>Writes a file, beside its final name first, so that an interruption leaves no half one.</summary>
    /// <param name="name">Its name in the folder.</param>
    /// <param name="text">What it holds.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="ConfigurationException">It cannot be written.</exception>
    public string Write(string name, string text)
    {
        string path = Path.Combine(_path, name), unfinished = path + ".new";
        return Try(path, () =>
        {
            try
            {
                File.WriteAllText(unfinished, text);
                File.Move(unfinished, path, overwrite: true);
                return path;
            }
            finally
            {
                File.Delete(unfinished);
            }
        });
    }

    /// <summary>Removes the folders that were made and into which nothing was written.</summary>
    public void Dispose()
    {
        foreach (string folder in _made.TakeWhile(f => Directory.Exists(f) && !Directory.EnumerateFileSystemEntries(f).Any()))
        {
            Directory.Delete(folder);
        }
    }

    private static T Try<T>(string path, Func<T> access)
    {
        try
        {
            return access();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException("--out", string.Empty, $"{path} cannot be written: {exception.Message}", exception);
        }
    }
}
