using System.Security.Cryptography.X509Certificates;
using IsacTestbed.Rpc;

namespace IsacTestbed.Cli.Composition;

/// <summary>Who may call a sidecar.</summary>
/// <param name="Certificate">What it serves.</param>
/// <param name="Token">What every call must show.</param>
/// <param name="ClientAuthorities">Authorities of the clients' certificates; null when none is asked for.</param>
internal sealed record SidecarSecurity(X509Certificate2 Certificate, AccessToken Token, X509Certificate2Collection? ClientAuthorities);
