using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace IsacTestbed.Rpc;

/// <summary>A gRPC server on one address. It handles no signals and reads no configuration: its owner starts and stops it.</summary>
public sealed class RpcServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private bool _disposed;

    private RpcServer(WebApplication application, IPEndPoint endPoint)
    {
        _application = application;
        EndPoint = endPoint;
    }

    /// <summary>The address that the server listens on, with the port that the system gave if 0 was asked for.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The port that the server listens on.</summary>
    public int Port => EndPoint.Port;

    /// <summary>Starts a server.</summary>
    /// <param name="endPoint">Where to listen; port 0 for a free one. An address other than loopback needs a certificate.</param>
    /// <param name="map">Maps the methods, see <see cref="RpcEndpoints"/>. All others are answered with UNIMPLEMENTED.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">The address is not loopback and there is no certificate, there is a token or an authority without one, or a method is mapped to the wrong kind.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<RpcServer> StartAsync(
        IPEndPoint endPoint,
        Action<IEndpointRouteBuilder> map,
        RpcServerOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(map);
        options ??= new RpcServerOptions();
        if (options.Certificate is null && !IPAddress.IsLoopback(endPoint.Address))
        {
            throw new ArgumentException(
                $"{endPoint} is not a loopback address: serving it needs TLS, so {nameof(RpcServerOptions)}.{nameof(RpcServerOptions.Certificate)}.",
                nameof(endPoint));
        }

        if (options.Certificate is null && (options.AccessToken is not null || options.ClientAuthorities is not null))
        {
            throw new ArgumentException("A token or a client's certificate is asked for over TLS only: a server that wants one needs a certificate.", nameof(options));
        }

        WebApplication application = Build(endPoint, options);
        try
        {
            if (options.AccessToken is { } token)
            {
                application.Use(new AccessCheck(token).InvokeAsync);
            }

            map(application);
            application.MapRpcUnimplemented();
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return new RpcServer(application, new IPEndPoint(endPoint.Address, new Uri(address).Port));
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Takes no more calls, fires the tokens of those that run (they end with UNAVAILABLE), waits for their handlers at most
    /// <see cref="RpcServerOptions.ShutdownTimeout"/>, then closes the connections.
    /// </summary>
    /// <param name="cancellationToken">Closes the connections at once.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => _application.StopAsync(cancellationToken);

    /// <summary>Stops the server and frees it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private static WebApplication Build(IPEndPoint endPoint, RpcServerOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(options);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        builder.Services.Configure<SocketTransportOptions>(socket => socket.MaxWriteBufferSize = options.MaxResponseBufferBytes);
        if (options.LoggerFactory is { } loggers)
        {
            // As an instance, so that the container does not dispose it.
            builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        }

        // The generic host's own lifetime would take over Ctrl-C, which is the owner's.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, OwnedLifetime>());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, endPoint, options));

        // Behind Kestrel, which registers its own.
        builder.Services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>, TransferBlocksFactory>());
        return builder.Build();
    }

    private static void Configure(KestrelServerOptions kestrel, IPEndPoint endPoint, RpcServerOptions options)
    {
        KestrelServerLimits limits = kestrel.Limits;
        kestrel.AddServerHeader = false;

        // A stream of captures is as long as the experiment and as slow as its reader; the size limit is per message.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxResponseBufferSize = options.MaxResponseBufferBytes;
        limits.Http2.InitialStreamWindowSize = options.InitialStreamWindowSize;
        limits.Http2.InitialConnectionWindowSize = options.InitialConnectionWindowSize;
        limits.Http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;
        limits.Http2.KeepAlivePingDelay = options.KeepAlivePingDelay;
        limits.Http2.KeepAlivePingTimeout = options.KeepAlivePingTimeout;
        limits.Http2.MaxFrameSize = 1 << 20;
        kestrel.Listen(endPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (options.Certificate is { } certificate)
            {
                listen.UseHttps(Tls(certificate, options.ClientAuthorities));
            }
        });
    }

    private static HttpsConnectionAdapterOptions Tls(X509Certificate2 certificate, X509Certificate2Collection? clientAuthorities)
    {
        var tls = new HttpsConnectionAdapterOptions { ServerCertificate = certificate, SslProtocols = TlsTrust.Protocols };
        if (clientAuthorities is not null)
        {
            tls.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            tls.ClientCertificateValidation = (client, _, _) => TlsTrust.SignedClient(clientAuthorities, client);
        }

        return tls;
    }
}
