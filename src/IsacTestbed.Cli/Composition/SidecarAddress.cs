using System.Net;
using IsacTestbed.Core;

namespace IsacTestbed.Cli.Composition;

/// <summary>Reads host:port.</summary>
internal static class SidecarAddress
{
    /// <summary>The address of a sidecar to call.</summary>
    /// <param name="text">host:port.</param>
    /// <param name="secure">Whether to call it over TLS.</param>
    /// <exception cref="ConfigurationException">Not of the form host:port.</exception>
    public static Uri Parse(string text, bool secure) =>
        Uri.TryCreate($"{(secure ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}://{text}", UriKind.Absolute, out Uri? address)
            && address.PathAndQuery == "/" && char.IsAsciiDigit(text[^1]) && text.LastIndexOf(':') > text.LastIndexOf(']') && address.Port > 0
            ? address
            : throw new ConfigurationException("--sidecar", string.Empty, $"found \"{text}\"; it must be host:port, as in 127.0.0.1:50051");

    /// <summary>Whether an address is this machine's own.</summary>
    public static bool IsLoopback(Uri address) =>
        IPAddress.TryParse(address.DnsSafeHost, out IPAddress? ip) ? IPAddress.IsLoopback(ip) : address.Host == "localhost";

    /// <summary>The address on which to listen.</summary>
    /// <exception cref="ConfigurationException">Not of the form address:port.</exception>
    public static IPEndPoint ParseListen(string text) =>
        IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && text.Contains(':', StringComparison.Ordinal)
            ? endPoint
            : throw new ConfigurationException("--listen", string.Empty, $"found \"{text}\"; it must be address:port, as in 127.0.0.1:50051; port 0 takes a free one");
}
