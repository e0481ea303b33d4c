using IsacTestbed.Core;

namespace IsacTestbed.Cli.Reproduction;

/// <summary>Writes a figure's files.</summary>
internal static class ResultFiles
{
    /// <summary>Writes the picture and the Markdown table, each beside its final name first, so that an interruption leaves no half file.</summary>
    /// <param name="result">The figure.</param>
    /// <param name="folder">Created if it is missing.</param>
    /// <returns>The paths.</returns>
    /// <exception cref="ConfigurationException">The folder or a file cannot be written.</exception>
    public static IReadOnlyList<string> Write(FigureResult result, string folder)
    {
        string name = FormattableString.Invariant($"fig-{result.Number}");
        string picture = Path.Combine(folder, name + ".svg"), table = Path.Combine(folder, name + ".md");
        try
        {
            Directory.CreateDirectory(folder);
            Replace(picture, result.Chart.ToSvg());
            Replace(table, ResultDocuments.ToMarkdown(result, name + ".svg"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException("--out", string.Empty, $"{folder} cannot be written: {exception.Message}", exception);
        }

        return [picture, table];
    }

    private static void Replace(string path, string text)
    {
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
