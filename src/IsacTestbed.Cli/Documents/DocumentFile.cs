using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IsacTestbed.Core;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace IsacTestbed.Cli.Documents;

/// <summary>Reads configuration documents, JSON or YAML by their ending, into the one strict reader.</summary>
internal static partial class DocumentFile
{
    /// <summary>Reads a document.</summary>
    /// <exception cref="ConfigurationException">The file is missing, unreadable, or not a document.</exception>
    public static ConfigurationObject Read(string path) => ConfigurationObject.Parse(ReadJson(path), path);

    /// <summary>Reads a document as JSON text.</summary>
    /// <exception cref="ConfigurationException">The file is missing, unreadable, or not a document.</exception>
    public static string ReadJson(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException(path, string.Empty, $"the file cannot be read: {exception.Message}", exception);
        }

        return Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML" ? YamlToJson(text, path) : text;
    }

    private static string YamlToJson(string text, string path)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 1
                ? Convert(stream.Documents[0].RootNode, ImmutableStack<YamlNode>.Empty)?.ToJsonString() ?? "null"
                : throw new ConfigurationException(path, string.Empty, $"the file holds {stream.Documents.Count} YAML documents; it must hold one");
        }
        catch (YamlException exception)
        {
            throw new ConfigurationException(path, string.Empty, $"not valid YAML at line {exception.Start.Line}: {exception.Message}", exception);
        }
    }

    // The enclosing nodes tell an alias that leads back into itself, which has no end as JSON.
    private static JsonNode? Convert(YamlNode node, ImmutableStack<YamlNode> enclosing)
    {
        if (enclosing.Any(e => ReferenceEquals(e, node)))
        {
            throw new YamlException(node.Start, node.End, "an alias stands within its own anchor");
        }

        ImmutableStack<YamlNode> inner = enclosing.Push(node);
        return node switch
        {
            YamlMappingNode mapping => new JsonObject(mapping.Children.Select(c => KeyValuePair.Create(c.Key.ToString(), Convert(c.Value, inner)))),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(c => Convert(c, inner))]),
            YamlScalarNode { Style: ScalarStyle.Plain, Value: var value } => Plain(value ?? string.Empty),
            YamlScalarNode scalar => JsonValue.Create(scalar.Value),
            _ => throw new YamlException(node.Start, node.End, $"a node of type {node.NodeType} has no meaning here"),
        };
    }

    // The YAML 1.2 core schema without its infinities and NaN, which stay texts and so are refused by name.
    private static JsonValue? Plain(string value) =>
        value switch
        {
            "" or "~" or "null" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when Whole().IsMatch(value) && decimal.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal whole) =>
                JsonValue.Create(whole),
            _ when Real().IsMatch(value) && double.Parse(value, CultureInfo.InvariantCulture) is var real && double.IsFinite(real) => JsonValue.Create(real),
            _ => JsonValue.Create(value),
        };

    [GeneratedRegex(@"^[-+]?[0-9]{1,28}$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Real();
}
