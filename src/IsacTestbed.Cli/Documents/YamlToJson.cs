using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace IsacTestbed.Cli.Documents;

/// <summary>Writes the one document of a YAML file as JSON.</summary>
/// <remarks>
/// From event to event, without a tree and without recursion, so that neither depth nor size of a document is a danger. An alias is a copy
/// of what its anchor has become. Aliases of aliases multiply: a few lines can stand for more than any memory holds, so what they bring in is
/// counted and limited. A document without aliases has no limit.
/// </remarks>
internal sealed partial class YamlToJson : IDisposable
{
    /// <summary>Most keys, values, lists and objects that the aliases of a document may bring in.</summary>
    public const int MostCopies = 1_000_000;

    // As deep as the reader of JSON goes.
    private const int MostLevels = 64;

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _writer;
    private readonly Dictionary<AnchorName, Anchored> _anchors = [];
    private readonly Stack<Level> _levels = new();
    private int _nodes;
    private long _copies;
    private int _documents;

    private YamlToJson()
    {
        // The writer would only repeat what the events guarantee.
        _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Converts a file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="documents">How many documents the text holds; the result is of use only if it is one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="YamlException">Not YAML, or not of the part that can be JSON; its start tells the line.</exception>
    public static string Convert(string text, out int documents, CancellationToken cancellationToken)
    {
        using var conversion = new YamlToJson();
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            conversion.Take(parser.Current!);
        }

        documents = conversion._documents;
        conversion._writer.Flush();
        return Encoding.UTF8.GetString(conversion._buffer.WrittenSpan);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private long Position => _writer.BytesCommitted + _writer.BytesPending;

    private void Take(ParsingEvent current)
    {
        if (current is DocumentStart)
        {
            _documents++;
        }

        // A second document is counted, and otherwise nothing to us.
        if (_documents != 1)
        {
            return;
        }

        switch (current)
        {
            case Scalar scalar when ExpectsKey:
                BeginKey(scalar, scalar.Value);
                if (!scalar.Anchor.IsEmpty)
                {
                    _anchors[scalar.Anchor] = new Anchored(0, 0, 1, scalar.Value);
                }

                break;

            case AnchorAlias alias when ExpectsKey:
                BeginKey(alias, Find(alias).Text ?? throw NoKey(alias));
                break;

            case Scalar scalar:
                long start = Position;
                _nodes++;
                WriteScalar(scalar);
                EndValue(scalar.Anchor, start, 1, scalar.Value);
                break;

            case AnchorAlias alias:
                Copy(alias);
                break;

            case MappingStart mapping:
                Open(mapping, new Level(mapping.Anchor, Position, _nodes, new HashSet<string>(StringComparer.Ordinal)));
                _writer.WriteStartObject();
                break;

            case SequenceStart sequence:
                Open(sequence, new Level(sequence.Anchor, Position, _nodes, null));
                _writer.WriteStartArray();
                break;

            case MappingEnd:
                _writer.WriteEndObject();
                Close();
                break;

            case SequenceEnd:
                _writer.WriteEndArray();
                Close();
                break;
        }
    }

    private bool ExpectsKey => _levels.TryPeek(out Level? level) && level is { Keys: not null, AfterKey: false };

    private void BeginKey(ParsingEvent node, string key)
    {
        Level level = _levels.Peek();
        if (!level.Keys!.Add(key))
        {
            throw new YamlException(node.Start, node.End, $"Duplicate key {key}");
        }

        _nodes++;
        level.AfterKey = true;
        _writer.WritePropertyName(key);
    }

    private void Open(NodeEvent node, Level level)
    {
        if (ExpectsKey)
        {
            throw NoKey(node);
        }

        if (_levels.Count == MostLevels)
        {
            throw new YamlException(node.Start, node.End, $"lists and objects are nested more than {MostLevels} levels deep");
        }

        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor] = Anchored.Unfinished;
        }

        _nodes++;
        _levels.Push(level);
    }

    private void Close()
    {
        Level closed = _levels.Pop();
        EndValue(closed.Anchor, closed.Start, _nodes - closed.NodesBefore, null);
    }

    private void EndValue(AnchorName anchor, long start, int nodes, string? text)
    {
        if (_levels.TryPeek(out Level? level))
        {
            level.AfterKey = false;
        }

        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = new Anchored(start, Position - start, nodes, text);
        }
    }

    private void Copy(AnchorAlias alias)
    {
        Anchored source = Find(alias);
        _nodes += source.Nodes;
        _copies += source.Nodes;
        if (_copies > MostCopies)
        {
            throw new YamlException(
                alias.Start,
                alias.End,
                FormattableString.Invariant($"up to the alias *{alias.Value}, aliases bring in {_copies} values; {MostCopies} are the most a document may have; write them out"));
        }

        // What stands before a value in a list, the comma, was written with it.
        _writer.Flush();
        ReadOnlySpan<byte> value = _buffer.WrittenSpan.Slice((int)source.Start, (int)source.Length);
        _writer.WriteRawValue(value[0] == ',' ? value[1..] : value, skipInputValidation: true);
        EndValue(AnchorName.Empty, 0, 0, null);
    }

    private Anchored Find(AnchorAlias alias) =>
        !_anchors.TryGetValue(alias.Value, out Anchored source)
            ? throw new YamlException(alias.Start, alias.End, $"the alias *{alias.Value} has no anchor before it")
            : source == Anchored.Unfinished
                ? throw new YamlException(alias.Start, alias.End, "an alias stands within its own anchor")
                : source;

    private static YamlException NoKey(ParsingEvent node) => new(node.Start, node.End, "a list or an object stands where a key must be");

    private void WriteScalar(Scalar scalar)
    {
        if (scalar.Style == ScalarStyle.Plain)
        {
            WritePlain(scalar.Value);
        }
        else
        {
            _writer.WriteStringValue(scalar.Value);
        }
    }

    // The YAML 1.2 core schema without its infinities and NaN, which stay texts and so are refused by name.
    private void WritePlain(string value)
    {
        if (value is "" or "~" or "null")
        {
            _writer.WriteNullValue();
        }
        else if (value is "true" or "false")
        {
            _writer.WriteBooleanValue(value == "true");
        }
        else if (Whole().IsMatch(value) && decimal.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal whole))
        {
            _writer.WriteNumberValue(whole);
        }
        else if (Real().IsMatch(value) && double.Parse(value, CultureInfo.InvariantCulture) is var real && double.IsFinite(real))
        {
            _writer.WriteNumberValue(real);
        }
        else
        {
            _writer.WriteStringValue(value);
        }
    }

    [GeneratedRegex(@"^[-+]?[0-9]{1,28}$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Real();

    /// <summary>A list or an object that is open; an object has keys.</summary>
    private sealed class Level(AnchorName anchor, long start, int nodesBefore, HashSet<string>? keys)
    {
        public AnchorName Anchor => anchor;

        public long Start => start;

        public int NodesBefore => nodesBefore;

        public HashSet<string>? Keys => keys;

        public bool AfterKey { get; set; }
    }

    /// <summary>Where in the output the value of an anchor stands, how many nodes it is, and its text if it is a scalar.</summary>
    private readonly record struct Anchored(long Start, long Length, int Nodes, string? Text)
    {
        public static Anchored Unfinished => new(-1, 0, 0, null);
    }
}
