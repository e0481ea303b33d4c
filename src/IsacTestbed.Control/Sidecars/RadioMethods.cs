using Google.Protobuf;
using IsacTestbed.Rpc;
using IsacTestbed.Wire.V1;

namespace IsacTestbed.Control.Sidecars;

/// <summary>The methods of isac.testbed.v1.RadioService.</summary>
internal static class RadioMethods
{
    /// <summary>Full name of the service.</summary>
    public const string Service = "isac.testbed.v1.RadioService";

    public static RpcMethod<ListRadiosRequest, ListRadiosResponse> ListRadios { get; } =
        Method<ListRadiosRequest, ListRadiosResponse>(nameof(ListRadios));

    public static RpcMethod<GetHardwareInfoRequest, GetHardwareInfoResponse> GetHardwareInfo { get; } =
        Method<GetHardwareInfoRequest, GetHardwareInfoResponse>(nameof(GetHardwareInfo));

    public static RpcMethod<OpenSessionRequest, OpenSessionResponse> OpenSession { get; } =
        Method<OpenSessionRequest, OpenSessionResponse>(nameof(OpenSession));

    public static RpcMethod<RenewLeaseRequest, RenewLeaseResponse> RenewLease { get; } =
        Method<RenewLeaseRequest, RenewLeaseResponse>(nameof(RenewLease));

    public static RpcMethod<CloseSessionRequest, CloseSessionResponse> CloseSession { get; } =
        Method<CloseSessionRequest, CloseSessionResponse>(nameof(CloseSession));

    public static RpcMethod<KeepSessionRequest, KeepSessionResponse> KeepSession { get; } =
        Method<KeepSessionRequest, KeepSessionResponse>(nameof(KeepSession), RpcMethodKind.Duplex);

    public static RpcMethod<ConfigureRadioRequest, ConfigureRadioResponse> ConfigureRadio { get; } =
        Method<ConfigureRadioRequest, ConfigureRadioResponse>(nameof(ConfigureRadio));

    public static RpcMethod<UploadWaveformsRequest, UploadWaveformsResponse> UploadWaveforms { get; } =
        Method<UploadWaveformsRequest, UploadWaveformsResponse>(nameof(UploadWaveforms), RpcMethodKind.ClientStreaming);

    public static RpcMethod<ArmScheduleRequest, ArmScheduleResponse> ArmSchedule { get; } =
        Method<ArmScheduleRequest, ArmScheduleResponse>(nameof(ArmSchedule));

    public static RpcMethod<ExecuteScheduleRequest, RunEvent> ExecuteSchedule { get; } =
        new(Service, nameof(ExecuteSchedule), RpcMethodKind.ServerStreaming, ProtobufMarshaller.Of<ExecuteScheduleRequest>(), RunEvent.Marshaller);

    public static RpcMethod<MuteRadiosRequest, MuteRadiosResponse> MuteRadios { get; } =
        Method<MuteRadiosRequest, MuteRadiosResponse>(nameof(MuteRadios));

    public static RpcMethod<GetTimeRequest, GetTimeResponse> GetTime { get; } = Method<GetTimeRequest, GetTimeResponse>(nameof(GetTime));

    public static RpcMethod<SetTimeRequest, SetTimeResponse> SetTime { get; } = Method<SetTimeRequest, SetTimeResponse>(nameof(SetTime));

    public static RpcMethod<ReadSensorsRequest, ReadSensorsResponse> ReadSensors { get; } =
        Method<ReadSensorsRequest, ReadSensorsResponse>(nameof(ReadSensors));

    public static RpcMethod<InjectFaultRequest, InjectFaultResponse> InjectFault { get; } =
        Method<InjectFaultRequest, InjectFaultResponse>(nameof(InjectFault));

    private static RpcMethod<TRequest, TResponse> Method<TRequest, TResponse>(string name, RpcMethodKind kind = RpcMethodKind.Unary)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        new(Service, name, kind, ProtobufMarshaller.Of<TRequest>(), ProtobufMarshaller.Of<TResponse>());
}
