using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Tests.Doubles;
using IsacTestbed.Wire.V1;

namespace IsacTestbed.Sidecar.Tests;

/// <summary>Every mistake of a controller is answered with a status that fits and a message that names it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The runner disposes through IAsyncLifetime.")]
public sealed class MalformedRequestTests : IAsyncLifetime
{
    private readonly ScriptedRadio _radio = new("a");
    private RadioSidecar _sidecar = null!;
    private RpcChannel _channel = null!;
    private string _session = null!;

    public static TheoryData<string, double, string[], RpcStatusCode, string> Sessions => new()
    {
        { string.Empty, 1, ["a"], RpcStatusCode.InvalidArgument, "holder" },
        { "bob", 0, ["b"], RpcStatusCode.InvalidArgument, "positive" },
        { "bob", double.NaN, ["b"], RpcStatusCode.InvalidArgument, "positive" },
        { "bob", double.PositiveInfinity, ["b"], RpcStatusCode.InvalidArgument, "finite" },
        { "bob", 1, [], RpcStatusCode.InvalidArgument, "at least one" },
        { "bob", 1, ["b", "b"], RpcStatusCode.InvalidArgument, "each once" },
        { "bob", 1, ["nobody"], RpcStatusCode.NotFound, "nobody" },
        { "bob", 1, ["a"], RpcStatusCode.Aborted, "alice" },
    };

    public static TheoryData<string, RpcStatusCode, string> Schedules => new()
    {
        { "none", RpcStatusCode.InvalidArgument, "at least one radio" },
        { "twice", RpcStatusCode.InvalidArgument, "each once" },
        { "foreign", RpcStatusCode.NotFound, "not part of this session" },
        { "repeats", RpcStatusCode.InvalidArgument, "repeats" },
        { "weight", RpcStatusCode.InvalidArgument, "weight" },
        { "amplitude", RpcStatusCode.InvalidArgument, "amplitude" },
        { "overlap", RpcStatusCode.InvalidArgument, "before the previous window ends" },
        { "empty window", RpcStatusCode.InvalidArgument, "samples" },
        { "too late", RpcStatusCode.OutOfRange, "tick 0" },
    };

    public static TheoryData<string, string> Uploads => new()
    {
        { "no name", "name" },
        { "no samples", "from 1 to" },
        { "too long", "from 1 to" },
        { "format", "CF32" },
        { "odd bytes", "whole samples" },
        { "gap", "was due" },
        { "cut short", "ended at" },
        { "no radio", "names no radio" },
        { "not finite", "not finite" },
        { "mixed", "another one" },
    };

    public async Task InitializeAsync()
    {
        _sidecar = await RadioSidecar.StartAsync(
            [_radio, new ScriptedRadio("b")], new RadioSidecarOptions { MaxWaveformSamples = 1000, MaxMessageBytes = 1 << 20 });
        _channel = Bench.Open(_sidecar);
        _session = await Bench.LeaseAsync(_channel, 60, "a");
    }

    public async Task DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _sidecar.DisposeAsync();
        await _radio.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Sessions))]
    public async Task OpenSession_Wrong_IsRefused(string holder, double seconds, string[] radios, RpcStatusCode code, string says) =>
        await RefusedAsync(code, says, () => _channel.CallAsync(
            RadioMethods.OpenSession, new OpenSessionRequest { Holder = holder, LeaseSeconds = seconds, RadioIds = { radios } }));

    [Theory]
    [MemberData(nameof(Schedules))]
    public async Task ExecuteSchedule_Wrong_IsRefusedAndNothingRuns(string mistake, RpcStatusCode code, string says)
    {
        await RefusedAsync(code, says, () => _channel.ServerStreamAsync(Bench.ExecutePlain, Schedule(mistake)).ToArrayAsync());
        Assert.False(_radio.Running.Task.IsCompleted);
    }

    [Theory]
    [MemberData(nameof(Uploads))]
    public async Task UploadWaveforms_Wrong_IsRefusedAndNothingIsStored(string mistake, string says)
    {
        await RefusedAsync(RpcStatusCode.InvalidArgument, says, () => _channel.ClientStreamAsync(RadioMethods.UploadWaveforms, Upload(mistake)));
        Assert.Null(_radio.Uploaded);
    }

    [Fact]
    public async Task UnknownSession_EveryCallThatNeedsOne_IsAborted()
    {
        const string Says = "not known";
        const RpcStatusCode Code = RpcStatusCode.Aborted;
        await RefusedAsync(Code, Says, () => _channel.CallAsync(RadioMethods.RenewLease, new RenewLeaseRequest { SessionId = "x" }));
        await RefusedAsync(Code, Says, () => _channel.CallAsync(RadioMethods.CloseSession, new CloseSessionRequest()));
        await RefusedAsync(Code, Says, () => _channel.CallAsync(RadioMethods.ConfigureRadio, new ConfigureRadioRequest { RadioId = "a" }));
        await RefusedAsync(Code, Says, () => _channel.CallAsync(RadioMethods.ArmSchedule, new ArmScheduleRequest()));
        await RefusedAsync(Code, Says, () => _channel.CallAsync(RadioMethods.MuteRadios, new MuteRadiosRequest()));
        await RefusedAsync(Code, Says, () => _channel.CallAsync(RadioMethods.SetTime, new SetTimeRequest { RadioId = "a" }));
        await RefusedAsync(Code, Says, () => _channel.CallAsync(RadioMethods.InjectFault, new InjectFaultRequest { RadioId = "a" }));
        await RefusedAsync(Code, Says, () => _channel.ServerStreamAsync(Bench.ExecutePlain, new ExecuteScheduleRequest()).ToArrayAsync());
        await RefusedAsync(Code, Says, () => _channel.ClientStreamAsync(RadioMethods.UploadWaveforms, Stream(new UploadWaveformsRequest())));
        await RefusedAsync(Code, Says, () => _channel.DuplexAsync(RadioMethods.KeepSession, Stream(new KeepSessionRequest())).ToArrayAsync());
    }

    [Fact]
    public async Task SingleCalls_Wrong_AreRefused()
    {
        await RefusedAsync(RpcStatusCode.NotFound, "it has a, b", () => _channel.CallAsync(RadioMethods.GetTime, new GetTimeRequest { RadioId = "c" }));
        await RefusedAsync(RpcStatusCode.NotFound, "c", () => _channel.CallAsync(RadioMethods.ReadSensors, new ReadSensorsRequest { RadioId = "c" }));
        await RefusedAsync(RpcStatusCode.NotFound, "session", () => _channel.CallAsync(
            RadioMethods.ConfigureRadio, new ConfigureRadioRequest { SessionId = _session, RadioId = "b" }));
        await RefusedAsync(RpcStatusCode.InvalidArgument, "negative", () => _channel.CallAsync(
            RadioMethods.ConfigureRadio, new ConfigureRadioRequest { SessionId = _session, RadioId = "a", SampleRateHz = -1 }));
        await RefusedAsync(RpcStatusCode.InvalidArgument, "time is missing", () => _channel.CallAsync(
            RadioMethods.SetTime, new SetTimeRequest { SessionId = _session, RadioId = "a", Alignment = TimeAlignment.Now }));
        await RefusedAsync(RpcStatusCode.InvalidArgument, "alignment", () => _channel.CallAsync(
            RadioMethods.SetTime, new SetTimeRequest { SessionId = _session, RadioId = "a", Time = new DeviceTime { RateHz = 1 } }));
        await RefusedAsync(RpcStatusCode.FailedPrecondition, "emulated", () => _channel.CallAsync(
            RadioMethods.InjectFault, new InjectFaultRequest { SessionId = _session, RadioId = "a", Kind = InjectedFaultKind.Dead }));
        await RefusedAsync(RpcStatusCode.InvalidArgument, "one session", () => _channel.DuplexAsync(
            RadioMethods.KeepSession,
            Stream(new KeepSessionRequest { SessionId = _session }, new KeepSessionRequest { SessionId = "other" })).ToArrayAsync());
    }

    [Fact]
    public async Task Message_AboveTheLimit_IsResourceExhausted()
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => _channel.CallAsync(
            RadioMethods.ReadSensors, new ReadSensorsRequest { RadioId = new string('r', (1 << 20) + 1) }));
        Assert.Equal(RpcStatusCode.ResourceExhausted, refused.StatusCode);
    }

    [Fact]
    public async Task Message_NotProtobuf_IsInvalidArgument()
    {
        var raw = new RpcMarshaller<byte[]>(
            b => b.Length, (b, writer) => System.Buffers.BuffersExtensions.Write(writer, b), bytes => System.Buffers.BuffersExtensions.ToArray(bytes));
        var method = new RpcMethod<byte[], byte[]>(RadioMethods.Service, "GetTime", RpcMethodKind.Unary, raw, raw);

        await RefusedAsync(RpcStatusCode.InvalidArgument, "GetTimeRequest", () => _channel.CallAsync(method, [0x0A, 0xFF]));
    }

    private static UploadWaveformsRequest Part(string session, string id, int total, int first, int count, float value = 1)
    {
        var bytes = new byte[8 * count];
        for (int i = 0; i < count; i++)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(8 * i), value);
        }

        return new UploadWaveformsRequest
        {
            SessionId = session,
            RadioIds = { "a" },
            WaveformId = id,
            SampleCount = total,
            FirstSample = first,
            Format = SampleFormat.Cf32,
            Iq = ByteString.CopyFrom(bytes),
        };
    }

    private static async IAsyncEnumerable<T> Stream<T>(params T[] messages)
    {
        foreach (T message in messages)
        {
            await Task.Yield();
            yield return message;
        }
    }

    private static async Task RefusedAsync(RpcStatusCode code, string says, Func<Task> call)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(code, refused.StatusCode);
        Assert.Contains(says, refused.Detail, StringComparison.Ordinal);
        Assert.NotEmpty(Bench.Detail(refused).Message);
    }

    private IAsyncEnumerable<UploadWaveformsRequest> Upload(string mistake)
    {
        UploadWaveformsRequest part = Part(_session, "w", 10, 0, 10, mistake == "not finite" ? float.NaN : 1);
        switch (mistake)
        {
            case "no name":
                part.WaveformId = string.Empty;
                break;
            case "no samples":
                part.SampleCount = 0;
                break;
            case "too long":
                part.SampleCount = 1001;
                break;
            case "format":
                part.Format = SampleFormat.Unspecified;
                break;
            case "odd bytes":
                part.Iq = ByteString.CopyFrom(new byte[79]);
                break;
            case "gap":
                part.FirstSample = 1;
                break;
            case "cut short":
                part.SampleCount = 11;
                break;
            case "no radio":
                part.RadioIds.Clear();
                break;
            case "mixed":
                part.SampleCount = 20;
                return Stream(part, Part(_session, "v", 20, 10, 10));
            default:
                break;
        }

        return Stream(part);
    }

    private ExecuteScheduleRequest Schedule(string mistake)
    {
        var schedule = new BurstSchedule { RadioId = mistake == "foreign" ? "b" : "a" };
        var burst = new TxBurst
        {
            Layers = { new TxLayer { WaveformId = "w", Weights = { new ComplexWeight { Real = 1 } } } },
            Repeats = 1,
            IntervalTicks = 10,
            Amplitude = 1,
        };
        switch (mistake)
        {
            case "repeats":
                burst.Repeats = 0;
                schedule.Bursts.Add(burst);
                break;
            case "weight":
                burst.Layers[0].Weights[0].Imaginary = 1;
                schedule.Bursts.Add(burst);
                break;
            case "amplitude":
                burst.Amplitude = double.NaN;
                schedule.Bursts.Add(burst);
                break;
            case "overlap":
                schedule.Windows.Add(new RxWindow { WindowId = 1, SampleCount = 10 });
                schedule.Windows.Add(new RxWindow { WindowId = 2, SampleCount = 10, StartTick = 9 });
                break;
            case "empty window":
                schedule.Windows.Add(new RxWindow { WindowId = 1 });
                break;
            case "too late":
                schedule.Windows.Add(new RxWindow { WindowId = 1, SampleCount = 1, StartTick = -1 });
                break;
            default:
                break;
        }

        var request = new ExecuteScheduleRequest { SessionId = _session };
        if (mistake != "none")
        {
            request.Schedules.Add(schedule);
        }

        if (mistake == "twice")
        {
            request.ArmedRadioIds.Add("a");
        }

        return request;
    }
}
