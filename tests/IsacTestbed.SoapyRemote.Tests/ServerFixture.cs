using System.Collections.Concurrent;
using System.Net;
using IsacTestbed.Ether;
using IsacTestbed.Ether.SoapyRemote;

namespace IsacTestbed.SoapyRemote.Tests;

/// <summary>A server of the test scene in this process.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    public ServerFixture(AirClockMode mode = AirClockMode.Virtual, AirScene? scene = null)
    {
        Air = new EmulatedAir(scene ?? Scenes.Link, mode);
        Server = SoapyRemoteServer.Start(Air, new SoapyRemoteOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), Log = Log.Enqueue });
    }

    public EmulatedAir Air { get; }

    public SoapyRemoteServer Server { get; }

    public ConcurrentQueue<string> Log { get; } = new();

    public RawClient Connect() => new(Server.EndPoint);

    /// <summary>Waits until something holds; fails after ten seconds.</summary>
    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        for (int i = 0; i < 1000; i++)
        {
            if (holds())
            {
                return;
            }

            await Task.Delay(10);
        }

        Assert.Fail($"{what} did not come to hold within 10 s");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Air.DisposeAsync();
    }
}
