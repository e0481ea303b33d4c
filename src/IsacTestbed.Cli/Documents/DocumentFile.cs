using IsacTestbed.Core;
using YamlDotNet.Core;

namespace IsacTestbed.Cli.Documents;

/// <summary>Reads configuration documents, JSON or YAML by their ending, into the one strict reader.</summary>
internal static class DocumentFile
{
    /// <summary>Reads a document.</summary>
    /// <exception cref="ConfigurationException">The file is missing, unreadable, or not a document.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ConfigurationObject Read(string path, CancellationToken cancellationToken = default) =>
        ConfigurationObject.Parse(ReadJson(path, cancellationToken), path);

    /// <summary>Reads a document as JSON text.</summary>
    /// <exception cref="ConfigurationException">The file is missing, unreadable, or not a document.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static string ReadJson(string path, CancellationToken cancellationToken = default)
    {
        if (Directory.Exists(path))
        {
            throw new ConfigurationException(path, string.Empty, "this is a folder; name a JSON or YAML file");
        }

        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException(path, string.Empty, $"the file cannot be read: {exception.Message}", exception);
        }

        return Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML" ? FromYaml(text, path, cancellationToken) : text;
    }

    private static string FromYaml(string text, string path, CancellationToken cancellationToken)
    {
        try
        {
            string json = YamlToJson.Convert(text, out int documents, cancellationToken);
            return documents == 1
                ? json
                : throw new ConfigurationException(path, string.Empty, $"the file holds {documents} YAML documents; it must hold one");
        }
        catch (YamlException exception)
        {
            throw new ConfigurationException(path, string.Empty, $"not valid YAML at line {exception.Start.Line}: {exception.Message}", exception);
        }
    }
}
