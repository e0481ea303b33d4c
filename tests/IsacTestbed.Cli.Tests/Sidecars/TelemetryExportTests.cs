using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests.Sidecars;

public sealed class TelemetryExportTests
{
    [Fact]
    public async Task Sidecar_WithACollectorOnLoopback_SendsMetricsAndTraces()
    {
        using var scratch = new ScratchFolder();
        using HttpListener collector = Listen();
        string address = collector.Prefixes.Single();
        var received = new ConcurrentDictionary<string, string>();
        Task collecting = CollectAsync(collector, received);
        await using IsacProcess sidecar = IsacProcess.Start(
            "sidecar", "--scenario", ScratchFolder.SmallScenario, "--listen", "127.0.0.1:0", "--otlp", address);
        string line = await sidecar.WaitForAsync(l => l.Contains("http://", StringComparison.Ordinal));
        IsacResult run = await IsacProcess.RunAsync(
            "run", "--plain", "--method", "exact", "--scenario", ScratchFolder.SmallScenario, "--out", scratch["run"], "--sidecar", new Uri(line.Split(' ')[^1]).Authority);
        Assert.True(run.ExitCode == 0, run.Error);

        // The end sends what is left.
        await sidecar.SignalAsync("TERM");
        Assert.Equal(0, (await sidecar.EndAsync()).ExitCode);
        collector.Stop();
        await collecting;

        foreach (string name in (string[])["isac.transmit.bursts", "isac.transmit.time", "isac.capture.blocks", "isac.lease.events", "isac.schedule.lead", "device-1", "isac-sidecar"])
        {
            Assert.Contains(name, received["/v1/metrics"], StringComparison.Ordinal);
        }

        Assert.Contains("execute schedule", received["/v1/traces"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("collector.example:4318", "address of a collector")]
    [InlineData("http://192.0.2.1:4318", "--otlp-allow-remote")]
    [InlineData("ftp://127.0.0.1", "address of a collector")]
    public async Task Collector_ElsewhereOrNone_IsRefused(string address, string says) =>
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("sidecar", "--scenario", ScratchFolder.SmallScenario, "--listen", "127.0.0.1:0", "--otlp", address),
            ExitCodes.InvalidInput,
            "--otlp",
            says);

    private static async Task CollectAsync(HttpListener collector, ConcurrentDictionary<string, string> received)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await collector.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            // Names travel as plain text within the protobuf.
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            string text = Encoding.Latin1.GetString(body.ToArray());
            received.AddOrUpdate(context.Request.Url!.AbsolutePath, text, (_, before) => before + text);
            context.Response.Close();
        }
    }

    // It cannot choose a port itself, and one that was free a moment ago may be taken by anybody's connection.
    private static HttpListener Listen()
    {
        for (int attempt = 0; ; attempt++)
        {
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{FreePort()}/");
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                listener.Close();
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
