using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IsacTestbed.Rpc;

/// <summary>Whom either side of a TLS connection believes.</summary>
public static class TlsTrust
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    internal const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>A client that believes only servers whose certificate one of these authorities signed and bears the name that was called.</summary>
    /// <param name="authorities">A certificate that signed itself is its own; null for those that the system trusts. They stay the caller's.</param>
    /// <param name="own">The client's own certificate with its private key, for a server that asks for one; null for none. Stays the caller's.</param>
    /// <remarks>A laboratory's own authority publishes no revocations, so none are asked for.</remarks>
    public static SslClientAuthenticationOptions Only(X509Certificate2Collection? authorities, X509Certificate2? own = null) => new()
    {
        EnabledSslProtocols = Protocols,
        CertificateChainPolicy = authorities is null ? null : Policy(authorities),
        ClientCertificateContext = own is null ? null : SslStreamCertificateContext.Create(own, null, offline: true),
    };

    /// <summary>Whether one of these authorities signed a client's certificate, and for that use.</summary>
    internal static bool SignedClient(X509Certificate2Collection authorities, X509Certificate2 certificate)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(authorities) };
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return chain.Build(certificate);
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
