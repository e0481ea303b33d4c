using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace IsacTestbed.Rpc;

/// <summary>Keys and values that travel beside a call, in order; a key may occur more than once. Not safe for concurrent writing.</summary>
/// <remarks>Values of keys that end with -bin are bytes and travel as base64; all others are printable ASCII.</remarks>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "gRPC's own word.")]
public sealed class RpcMetadata : IReadOnlyCollection<RpcMetadataEntry>
{
    internal const string BinarySuffix = "-bin";
    private readonly List<RpcMetadataEntry> _entries = [];

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <summary>Adds a text value.</summary>
    /// <param name="key">Lower case letters, digits, '_', '-' and '.'; not beginning with grpc-, not ending with -bin.</param>
    /// <param name="value">Printable ASCII.</param>
    /// <exception cref="ArgumentException">The key or the value cannot travel.</exception>
    public void Add(string key, string value)
    {
        RequireKey(key, binary: false);
        ArgumentNullException.ThrowIfNull(value);
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"The metadata value of '{key}' is not printable ASCII; use a key that ends with -bin.", nameof(value));
        }

        _entries.Add(new RpcMetadataEntry(key, value));
    }

    /// <summary>Adds a binary value, which is copied.</summary>
    /// <param name="key">As for <see cref="Add"/>, but ending with -bin.</param>
    /// <param name="value">Any bytes.</param>
    /// <exception cref="ArgumentException">The key cannot travel.</exception>
    public void AddBinary(string key, ReadOnlySpan<byte> value)
    {
        RequireKey(key, binary: true);
        _entries.Add(new RpcMetadataEntry(key, Convert.ToBase64String(value)));
    }

    /// <summary>The first text value of a key, or null when there is none.</summary>
    public string? Text(string key) => Find(key);

    /// <summary>The first binary value of a key, or null when there is none.</summary>
    /// <exception cref="FormatException">The other side sent something that is not base64.</exception>
    public byte[]? Binary(string key) => Find(key) is { } text ? Base64.Decode(text) : null;

    /// <inheritdoc/>
    public IEnumerator<RpcMetadataEntry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds what came over the wire, unchecked; the comma-separated values of a binary key become one entry each.</summary>
    internal void AddReceived(string key, string value)
    {
        if (!key.EndsWith(BinarySuffix, StringComparison.Ordinal))
        {
            _entries.Add(new RpcMetadataEntry(key, value));
            return;
        }

        foreach (Range part in value.AsSpan().Split(','))
        {
            _entries.Add(new RpcMetadataEntry(key, value[part].Trim()));
        }
    }

    private string? Find(string key)
    {
        foreach (RpcMetadataEntry entry in _entries)
        {
            if (entry.Key == key)
            {
                return entry.Text;
            }
        }

        return null;
    }

    private static void RequireKey(string key, bool binary)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        foreach (char c in key)
        {
            if (!(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.'))
            {
                throw new ArgumentException($"The metadata key '{key}' may hold only a-z, 0-9, '-', '_' and '.'.", nameof(key));
            }
        }

        if (key.StartsWith("grpc-", StringComparison.Ordinal))
        {
            throw new ArgumentException($"The metadata key '{key}' begins with grpc-, which is reserved.", nameof(key));
        }

        if (key.EndsWith(BinarySuffix, StringComparison.Ordinal) != binary)
        {
            throw new ArgumentException(
                binary ? $"The key '{key}' of a binary value must end with -bin." : $"The key '{key}' of a text value must not end with -bin.",
                nameof(key));
        }
    }
}
