using IsacTestbed.Radio;
using IsacTestbed.Wire.V1;

namespace IsacTestbed.Control.Sidecars;

/// <summary>A radio behind a sidecar into which faults can be injected.</summary>
public sealed class RemoteEmulatedRadio : RemoteRadio, IFaultInjection
{
    internal RemoteEmulatedRadio(SidecarCalls calls, string sessionId, RadioDescription description)
        : base(calls, sessionId, description)
    {
    }

    /// <inheritdoc/>
    public async ValueTask InjectAsync(InjectedFault fault, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fault);
        await CallAsync(
            RadioMethods.InjectFault,
            new InjectFaultRequest
            {
                SessionId = SessionId,
                RadioId = RadioId,
                Kind = (Wire.V1.InjectedFaultKind)fault.Kind,
                Tick = fault.Tick,
                DurationTicks = fault.DurationTicks,
            },
            cancellationToken).ConfigureAwait(false);
    }
}
