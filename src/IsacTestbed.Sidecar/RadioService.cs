using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar.Leases;
using IsacTestbed.Sidecar.Mapping;
using IsacTestbed.Sidecar.Runs;
using IsacTestbed.Sidecar.Telemetry;
using IsacTestbed.Wire.V1;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using RadioFaultCode = IsacTestbed.Radio.RadioFaultCode;
using TransmitLimits = IsacTestbed.Radio.TransmitLimits;

namespace IsacTestbed.Sidecar;

/// <summary>The handlers of isac.testbed.v1.RadioService. Thread safe.</summary>
internal sealed class RadioService(LeaseTable leases, RadioSidecarOptions options, SidecarTelemetry telemetry, ILogger logger)
{
    /// <summary>Grows when something is added to the protocol.</summary>
    public const int ProtocolRevision = 2;

    /// <summary>Name of the protocol.</summary>
    public const string Protocol = "isac.testbed.v1";

    private static readonly TimeSpan HangUpTimeout = TimeSpan.FromSeconds(3);

    private static readonly string ServerVersion =
        typeof(RadioService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? string.Empty;

    /// <summary>Maps all methods.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapUnary(RadioMethods.ListRadios, ListRadiosAsync);
        endpoints.MapUnary(RadioMethods.GetHardwareInfo, GetHardwareInfoAsync);
        endpoints.MapUnary(RadioMethods.OpenSession, OpenSessionAsync);
        endpoints.MapUnary(RadioMethods.RenewLease, RenewLeaseAsync);
        endpoints.MapUnary(RadioMethods.CloseSession, CloseSessionAsync);
        endpoints.MapDuplex(RadioMethods.KeepSession, KeepSessionAsync);
        endpoints.MapUnary(RadioMethods.ConfigureRadio, ConfigureRadioAsync);
        endpoints.MapClientStreaming(RadioMethods.UploadWaveforms, UploadWaveformsAsync);
        endpoints.MapUnary(RadioMethods.ArmSchedule, ArmScheduleAsync);
        endpoints.MapServerStreaming(RadioMethods.ExecuteSchedule, ExecuteScheduleAsync);
        endpoints.MapUnary(RadioMethods.MuteRadios, MuteRadiosAsync);
        endpoints.MapUnary(RadioMethods.GetTime, GetTimeAsync);
        endpoints.MapUnary(RadioMethods.SetTime, SetTimeAsync);
        endpoints.MapUnary(RadioMethods.ReadSensors, ReadSensorsAsync);
        endpoints.MapUnary(RadioMethods.InjectFault, InjectFaultAsync);
    }

    private Task<ListRadiosResponse> ListRadiosAsync(ListRadiosRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new ListRadiosResponse
        {
            Radios = { leases.Slots.Select(s => WireMapping.ToWire(s.Radio)) },
            States = { leases.States().Select(WireMapping.ToWire) },
        });

    private Task<GetHardwareInfoResponse> GetHardwareInfoAsync(GetHardwareInfoRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new GetHardwareInfoResponse
        {
            ServerVersion = ServerVersion,
            Protocol = Protocol,
            ProtocolRevision = ProtocolRevision,
            ScenarioHash = options.ScenarioHash,
            MaxLeaseSeconds = options.MaximumLease.TotalSeconds,
            MaxMessageBytes = options.MaxMessageBytes,
            TransmitLimits = options.Limits == TransmitLimits.None ? null : WireMapping.ToWire(options.Limits),
            Radios = { leases.Slots.Select(s => WireMapping.ToWire(s.Radio)) },
        });

    private async Task<OpenSessionResponse> OpenSessionAsync(OpenSessionRequest request, CancellationToken cancellationToken)
    {
        if (!(request.LeaseSeconds > 0) || !double.IsFinite(request.LeaseSeconds))
        {
            throw new ArgumentException($"A lease of {request.LeaseSeconds} s; it must be positive and finite.");
        }

        var duration = TimeSpan.FromSeconds(Math.Min(request.LeaseSeconds, options.MaximumLease.TotalSeconds));
        Lease lease = await leases.OpenAsync(request.Holder, request.RadioIds, duration, cancellationToken).ConfigureAwait(false);
        return new OpenSessionResponse
        {
            SessionId = lease.SessionId,
            LeaseSeconds = lease.Duration.TotalSeconds,
            ExpiresInSeconds = lease.Remaining.TotalSeconds,
        };
    }

    private Task<RenewLeaseResponse> RenewLeaseAsync(RenewLeaseRequest request, CancellationToken cancellationToken)
    {
        Lease lease = leases.Require(request.SessionId);
        return leases.TryRenew(lease)
            ? Task.FromResult(new RenewLeaseResponse { ExpiresInSeconds = lease.Remaining.TotalSeconds })
            : throw LeaseTable.Lost(lease.Reason ?? "the lease ran out");
    }

    private async Task<CloseSessionResponse> CloseSessionAsync(CloseSessionRequest request, CancellationToken cancellationToken)
    {
        await leases.EndAsync(leases.Require(request.SessionId), LeaseEnd.Closed, "closed by its holder").ConfigureAwait(false);
        return new CloseSessionResponse();
    }

    private async IAsyncEnumerable<KeepSessionResponse> KeepSessionAsync(
        IAsyncEnumerable<KeepSessionRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using IAsyncEnumerator<KeepSessionRequest> beats = requests.GetAsyncEnumerator(stop.Token);
        if (!await beats.MoveNextAsync().ConfigureAwait(false))
        {
            yield break;
        }

        Lease lease = leases.Require(beats.Current.SessionId);
        Channel<KeepSessionResponse> events = lease.Listen();
        Task renewing = RenewAsync(beats, lease, events.Writer);
        try
        {
            await foreach (KeepSessionResponse message in events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return message;
            }

            // A controller that has read why the session ended hangs up; until then the connection must not go.
            await renewing.WaitAsync(HangUpTimeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            lease.Unlisten(events);
            await stop.CancelAsync().ConfigureAwait(false);
            await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RenewAsync(IAsyncEnumerator<KeepSessionRequest> beats, Lease lease, ChannelWriter<KeepSessionResponse> events)
    {
        try
        {
            do
            {
                if (beats.Current.SessionId != lease.SessionId)
                {
                    throw new ArgumentException("One call keeps one session; a message named another one.");
                }

                if (leases.TryRenew(lease))
                {
                    events.TryWrite(new KeepSessionResponse { Renewed = new LeaseRenewed { ExpiresInSeconds = lease.Remaining.TotalSeconds } });
                }
            }
            while (await beats.MoveNextAsync().ConfigureAwait(false));
            events.TryComplete();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            events.TryComplete(exception);
        }
    }

    private async Task<ConfigureRadioResponse> ConfigureRadioAsync(ConfigureRadioRequest request, CancellationToken cancellationToken)
    {
        RadioSlot slot = leases.Require(request.SessionId).Require(request.RadioId);
        return WireMapping.ToWire(await slot.ConfigureAsync(WireMapping.ToRequest(request), cancellationToken).ConfigureAwait(false));
    }

    private async Task<UploadWaveformsResponse> UploadWaveformsAsync(
        IAsyncEnumerable<UploadWaveformsRequest> requests, CancellationToken cancellationToken)
    {
        var response = new UploadWaveformsResponse();
        WaveformAssembly? assembly = null;
        RadioSlot[] slots = [];
        await foreach (UploadWaveformsRequest part in requests.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (assembly is null)
            {
                Lease lease = leases.Require(part.SessionId);
                slots = [.. part.RadioIds.Select(lease.Require)];
                assembly = new WaveformAssembly(part, options.MaxWaveformSamples);
            }
            else
            {
                assembly.Add(part);
            }

            if (assembly.IsComplete)
            {
                Core.Waveform waveform = assembly.ToWaveform();
                foreach (RadioSlot slot in slots)
                {
                    await slot.UploadAsync(waveform, cancellationToken).ConfigureAwait(false);
                }

                response.Waveforms.Add(
                    new StoredWaveform { WaveformId = waveform.Id, SampleCount = waveform.Length, RadioIds = { assembly.First.RadioIds } });
                assembly = null;
            }
        }

        // Throws, naming the waveform that was cut short.
        _ = assembly?.ToWaveform();
        return response;
    }

    private async Task<ArmScheduleResponse> ArmScheduleAsync(ArmScheduleRequest request, CancellationToken cancellationToken)
    {
        await PrepareRun(request.SessionId, request.Schedules, []).ArmOnlyAsync(cancellationToken).ConfigureAwait(false);
        return new ArmScheduleResponse();
    }

    private async IAsyncEnumerable<RunOutput> ExecuteScheduleAsync(
        ExecuteScheduleRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ScheduleRun run = PrepareRun(request.SessionId, request.Schedules, request.ArmedRadioIds);
        await foreach (RunOutput output in run.ExecuteAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return output;
        }
    }

    private ScheduleRun PrepareRun(string sessionId, IReadOnlyList<BurstSchedule> schedules, IReadOnlyList<string> armed)
    {
        Lease lease = leases.Require(sessionId);
        string[] radioIds = [.. schedules.Select(s => s.RadioId), .. armed];
        if (radioIds.Length == 0 || radioIds.Distinct().Count() != radioIds.Length)
        {
            throw new ArgumentException("A run names at least one radio, and each once.");
        }

        RadioSlot[] slots = [.. radioIds.Select(lease.Require)];
        var recorder = new RunRecorder(logger, telemetry, options.TransmitLog, options.TimeProvider);
        return new ScheduleRun(lease, slots, schedules.Select(WireMapping.ToSchedule).ToDictionary(s => s.RadioId), recorder);
    }

    private async Task<MuteRadiosResponse> MuteRadiosAsync(MuteRadiosRequest request, CancellationToken cancellationToken)
    {
        Lease lease = leases.Require(request.SessionId);
        IReadOnlyList<RadioSlot> slots = request.RadioIds.Count == 0 ? lease.Radios : [.. request.RadioIds.Select(lease.Require)];
        await Task.WhenAll(slots.Select(s => s.MuteAsync(cancellationToken))).ConfigureAwait(false);
        return new MuteRadiosResponse();
    }

    private async Task<GetTimeResponse> GetTimeAsync(GetTimeRequest request, CancellationToken cancellationToken)
    {
        IRadio radio = leases.RequireRadio(request.RadioId).Radio;
        return new GetTimeResponse { Time = WireMapping.ToWire(await radio.GetTimeAsync(cancellationToken).ConfigureAwait(false)) };
    }

    private async Task<SetTimeResponse> SetTimeAsync(SetTimeRequest request, CancellationToken cancellationToken)
    {
        RadioSlot slot = leases.Require(request.SessionId).Require(request.RadioId);
        await slot.SettleAsync(cancellationToken).ConfigureAwait(false);
        await slot.Radio.SetTimeAsync(WireMapping.ToTime(request.Time), WireMapping.ToAlignment(request.Alignment), cancellationToken).ConfigureAwait(false);
        return new SetTimeResponse();
    }

    private async Task<ReadSensorsResponse> ReadSensorsAsync(ReadSensorsRequest request, CancellationToken cancellationToken)
    {
        IRadio radio = leases.RequireRadio(request.RadioId).Radio;
        IReadOnlyList<Radio.SensorReading> sensors = await radio.ReadSensorsAsync(cancellationToken).ConfigureAwait(false);
        return new ReadSensorsResponse { Sensors = { sensors.Select(WireMapping.ToWire) } };
    }

    private async Task<InjectFaultResponse> InjectFaultAsync(InjectFaultRequest request, CancellationToken cancellationToken)
    {
        IRadio radio = leases.Require(request.SessionId).Require(request.RadioId).Radio;
        if (radio is not IFaultInjection injection)
        {
            throw new RadioException(
                RadioFaultCode.NotSupported, request.RadioId, $"faults can be injected into emulated radios only; this is a {radio.Description.Driver}.");
        }

        await injection.InjectAsync(WireMapping.ToFault(request), cancellationToken).ConfigureAwait(false);
        return new InjectFaultResponse();
    }
}
