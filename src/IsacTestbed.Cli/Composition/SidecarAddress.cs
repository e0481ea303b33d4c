using System.Net;
using IsacTestbed.Core;

namespace IsacTestbed.Cli.Composition;

/// <summary>Reads host:port.</summary>
internal static class SidecarAddress
{
    /// <summary>The address of a sidecar to call.</summary>
    /// <exception cref="ConfigurationException">Not of the form host:port.</exception>
    public static Uri Parse(string text) =>
        Uri.TryCreate($"http://{text}", UriKind.Absolute, out Uri? address) && address.PathAndQuery == "/" && char.IsAsciiDigit(text[^1]) && text.LastIndexOf(':') > text.LastIndexOf(']') && address.Port > 0
            ? address
            : throw new ConfigurationException("--sidecar", string.Empty, $"found \"{text}\"; it must be host:port, as in 127.0.0.1:50051");

    /// <summary>The address on which to listen.</summary>
    /// <exception cref="ConfigurationException">Not of the form address:port.</exception>
    public static IPEndPoint ParseListen(string text) =>
        IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && text.Contains(':', StringComparison.Ordinal)
            ? endPoint
            : throw new ConfigurationException("--listen", string.Empty, $"found \"{text}\"; it must be address:port, as in 127.0.0.1:50051; port 0 takes a free one");
}
