using System.Security.Cryptography;
using System.Text;

namespace IsacTestbed.Rpc;

/// <summary>A secret that a client shows with every call and a server asks of every call. Immutable and thread safe.</summary>
/// <remarks>It travels as "authorization: Bearer", and only over TLS. Its text is never printed.</remarks>
public sealed class AccessToken
{
    /// <summary>The fewest characters of a token.</summary>
    public const int MinimumLength = 16;

    internal const string HeaderName = "authorization";
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash;

    /// <summary>A token from its text.</summary>
    /// <param name="text">At least <see cref="MinimumLength"/> printable ASCII characters without blanks.</param>
    /// <exception cref="ArgumentException">The text is too short or cannot travel. The message does not repeat it.</exception>
    public AccessToken(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length < MinimumLength || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException(
                $"A token has at least {MinimumLength} printable ASCII characters without blanks; this one has {text.Length} characters.", nameof(text));
        }

        Header = Scheme + text;
        _hash = Hash(Header);
    }

    /// <summary>The value of the header.</summary>
    internal string Header { get; }

    /// <summary>Whether a header's value shows this token.</summary>
    /// <remarks>
    /// Takes the same time wherever the two differ and however long the value is beyond what hashing it takes: hashes of one length are compared.
    /// </remarks>
    internal bool Matches(string? header) => header is not null && CryptographicOperations.FixedTimeEquals(Hash(header), _hash);

    /// <summary>Says only that it is a token.</summary>
    public override string ToString() => "(access token)";

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
