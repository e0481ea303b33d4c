using System.Numerics;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Mapping;

namespace IsacTestbed.Sidecar.Tests.Doubles;

/// <summary>Sidecars, clients and schedules that the tests share.</summary>
internal static class Bench
{
    /// <summary>Far above what a step takes; a test that reaches it hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>ExecuteSchedule with the generated parser in place of the fast one.</summary>
    public static readonly RpcMethod<Wire.V1.ExecuteScheduleRequest, Wire.V1.ExecuteScheduleResponse> ExecutePlain = new(
        RadioMethods.Service,
        "ExecuteSchedule",
        RpcMethodKind.ServerStreaming,
        ProtobufMarshaller.Of<Wire.V1.ExecuteScheduleRequest>(),
        ProtobufMarshaller.Of<Wire.V1.ExecuteScheduleResponse>());

    public static Task<RadioSidecar> StartAsync(params IRadio[] radios) => RadioSidecar.StartAsync(radios);

    public static Task<SidecarClient> ConnectAsync(RadioSidecar sidecar, string holder = "alice") =>
        SidecarClient.ConnectAsync(sidecar.Address, new SidecarClientOptions { Holder = holder });

    public static RpcChannel Open(RadioSidecar sidecar) => new(sidecar.Address);

    public static async Task<string> LeaseAsync(RpcChannel channel, double seconds, params string[] radioIds) =>
        (await channel.CallAsync(
            RadioMethods.OpenSession,
            new Wire.V1.OpenSessionRequest { Holder = "alice", LeaseSeconds = seconds, RadioIds = { radioIds } })).SessionId;

    public static BurstSchedule Receive(string radioId, int samples, long start = 0) => new(radioId, [], [new RxWindow(1, start, samples)]);

    public static TxBurst Burst(int id, long start, string waveform, int interval = 100, int repeats = 1, double amplitude = 1) =>
        new(id, start, waveform, repeats, interval, amplitude, [Complex.One]);

    public static Waveform Constant(string id, int length, float level = 1)
    {
        var real = new float[length];
        real.AsSpan().Fill(level);
        return new Waveform(id, real, new float[length]);
    }

    public static Wire.V1.FaultDetail Detail(RpcException exception) =>
        Wire.GoogleRpc.Status.Parser.ParseFrom(exception.StatusDetails.Span).Details.Single().Unpack<Wire.V1.FaultDetail>();

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <exception cref="OperationCanceledException">It has not been within <see cref="Patience"/>.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), patience.Token);
        }
    }

    public static async Task<T[]> ToArrayAsync<T>(this IAsyncEnumerable<T> source)
    {
        var all = new List<T>();
        await foreach (T item in source)
        {
            all.Add(item);
        }

        return [.. all];
    }

    /// <summary>The root of the repository, above the test's output.</summary>
    public static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IsacTestbed.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
