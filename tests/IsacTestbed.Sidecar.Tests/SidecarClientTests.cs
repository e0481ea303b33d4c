using System.Net;
using System.Net.Sockets;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Tests.Doubles;

namespace IsacTestbed.Sidecar.Tests;

public sealed class SidecarClientTests
{
    [Fact]
    public async Task Connect_NobodyListens_IsUnreachableInOneLine()
    {
        // A port that was free a moment ago, and that nobody else is given while it is in use here but not listened on.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}");

        RadioException failure = await Assert.ThrowsAsync<RadioException>(() => SidecarClient.ConnectAsync(address));

        Assert.Equal(RadioFaultCode.Unreachable, failure.Code);
        Assert.Contains(address.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task Connect_AnotherService_IsAProtocolMismatchInOneLine()
    {
        await using RpcServer server = await RpcServer.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), _ => { });
        RadioException failure = await Assert.ThrowsAsync<RadioException>(
            () => SidecarClient.ConnectAsync(new Uri($"http://127.0.0.1:{server.Port}")));

        Assert.Equal(RadioFaultCode.ProtocolMismatch, failure.Code);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task Connect_AnotherVersion_IsAProtocolMismatchThatNamesBoth()
    {
        await using RpcServer server = await RpcServer.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0),
            endpoints => endpoints.MapUnary(
                RadioMethods.GetHardwareInfo,
                (_, _) => Task.FromResult(new Wire.V1.GetHardwareInfoResponse { Protocol = "isac.testbed.v2", ProtocolRevision = 9 })));

        RadioException failure = await Assert.ThrowsAsync<RadioException>(
            () => SidecarClient.ConnectAsync(new Uri($"http://127.0.0.1:{server.Port}")));

        Assert.Equal(RadioFaultCode.ProtocolMismatch, failure.Code);
        Assert.Contains("isac.testbed.v2", failure.Message, StringComparison.Ordinal);
        Assert.Contains("isac.testbed.v1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_OfASidecar_DescribesItsRadios()
    {
        var radio = new ScriptedRadio("a", channels: 3);
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync(
            [radio], new RadioSidecarOptions { ScenarioHash = "5eed", MaximumLease = TimeSpan.FromSeconds(20) });
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);

        Assert.Equal(("5eed", TimeSpan.FromSeconds(20)), (client.Info.ScenarioHash, client.Info.MaximumLease));
        RadioDescription described = client.Info.Radios.Single();
        Assert.Equal(radio.Description with { Hardware = described.Hardware }, described);
        Assert.Equal(radio.Description.Hardware, described.Hardware);
    }

    [Fact]
    public async Task RemoteRadio_ConfigureTimeAndSensors_AnswerWhatTheRadioAnswers()
    {
        var radio = new ScriptedRadio("a");
        await using RadioSidecar sidecar = await Bench.StartAsync(radio);
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        RemoteRadio remote = session.Radio("a");
        var request = new RadioSettingsRequest(245.76e6, 2.4500004e9, 12.3, 99);

        Assert.Equal(
            await radio.ConfigureAsync(request, CancellationToken.None), await remote.ConfigureAsync(request, CancellationToken.None));
        Assert.Equal(new DeviceTime(12345678901, 245.76e6), await remote.GetTimeAsync(CancellationToken.None));
        Assert.Equal(await radio.ReadSensorsAsync(CancellationToken.None), await remote.ReadSensorsAsync(CancellationToken.None));
        Assert.False(remote is IFaultInjection);
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await remote.ConfigureAsync(request with { SampleRateHz = 0 }, CancellationToken.None));
    }

    [Fact]
    public async Task Upload_WaveformOfManyMessages_ArrivesSampleForSample()
    {
        const int Length = 100_003;
        float[] real = new float[Length], imaginary = new float[Length];
        for (int i = 0; i < Length; i++)
        {
            (real[i], imaginary[i]) = (i, -i / 2f);
        }

        var radio = new ScriptedRadio("a");
        await using RadioSidecar sidecar = await Bench.StartAsync(radio);
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();

        await session.Radio("a").UploadWaveformAsync(new Waveform("long", real, imaginary), CancellationToken.None);

        Assert.Equal("long", radio.Uploaded!.Id);
        Assert.True(real.AsSpan().SequenceEqual(radio.Uploaded.Real));
        Assert.True(imaginary.AsSpan().SequenceEqual(radio.Uploaded.Imaginary));
    }

    [Fact]
    public async Task SidecarStops_WhileAReaderIsFarBehind_TheReaderIsToldWhy()
    {
        // 400 MB wait for a reader that has taken one block: the run's status cannot come through behind them before the server closes.
        var radio = new ScriptedRadio("a", blockSamples: 1 << 16);
        RadioSidecar sidecar = await Bench.StartAsync(radio);
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        await using IAsyncEnumerator<RadioOutput> run =
            session.ExecuteAsync([Bench.Receive("a", 50_000_000)], CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await run.MoveNextAsync());
        (run.Current as CaptureBlock)?.Dispose();

        await sidecar.DisposeAsync();

        RadioException told = await Assert.ThrowsAsync<RadioException>(async () =>
        {
            while (await run.MoveNextAsync())
            {
                (run.Current as CaptureBlock)?.Dispose();
            }
        });
        Assert.Equal(RadioFaultCode.LeaseLost, told.Code);
        Assert.Contains("the sidecar stops", told.Message, StringComparison.Ordinal);
        Assert.True(radio.Muted.Task.IsCompleted);
    }

    [Fact]
    public async Task Call_AlreadyCancelled_ThrowsWithTheCallersToken()
    {
        await using RadioSidecar sidecar = await Bench.StartAsync(new ScriptedRadio("a"));
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await session.Radio("a").GetTimeAsync(cancelled.Token));

        Assert.Equal(cancelled.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task Start_NotLoopback_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => RadioSidecar.StartAsync(
            [new ScriptedRadio("a")], new RadioSidecarOptions { EndPoint = new IPEndPoint(IPAddress.Any, 0) }));
}
