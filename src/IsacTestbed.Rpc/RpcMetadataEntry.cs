namespace IsacTestbed.Rpc;

/// <summary>One key and value that travels beside a call.</summary>
/// <param name="Key">In lower case; a binary entry's key ends with -bin.</param>
/// <param name="Text">The value of a text entry; of a binary entry its base64.</param>
public readonly record struct RpcMetadataEntry(string Key, string Text)
{
    /// <summary>Whether the value is binary, which the key says.</summary>
    public bool IsBinary => Key.EndsWith(RpcMetadata.BinarySuffix, StringComparison.Ordinal);
}
