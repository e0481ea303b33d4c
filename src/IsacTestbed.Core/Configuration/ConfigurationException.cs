namespace IsacTestbed.Core;

/// <summary>A file, key or value that a user gave is wrong; the message is one line that names it and says what would be right.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>Creates the exception for one key.</summary>
    /// <param name="source">File name, or what else the value came from.</param>
    /// <param name="key">Path of the key, as in <c>devices[2].bandwidthHz</c>; empty for the document as a whole.</param>
    /// <param name="problem">What was found and what would be right.</param>
    /// <param name="innerException">The cause, when a parser or the file system reported it.</param>
    public ConfigurationException(string source, string key, string problem, Exception? innerException = null)
        : base(key.Length == 0 ? $"{source}: {problem}" : $"{source}: {key}: {problem}", innerException)
    {
        Key = key;
    }

    /// <summary>Path of the wrong key; empty for the document as a whole.</summary>
    public string Key { get; }
}
