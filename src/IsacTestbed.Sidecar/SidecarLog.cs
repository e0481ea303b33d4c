using Microsoft.Extensions.Logging;

namespace IsacTestbed.Sidecar;

/// <summary>What the sidecar logs. Event ids are never reused.</summary>
internal static partial class SidecarLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Listening on {Address} with the radios {Radios}")]
    public static partial void Listening(ILogger logger, Uri address, IReadOnlyList<string> radios);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "{Holder} leases {Radios} for {LeaseSeconds} s")]
    public static partial void SessionOpened(ILogger logger, string holder, IReadOnlyList<string> radios, double leaseSeconds);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "The session of {Holder} ended: {Reason}")]
    public static partial void SessionEnded(ILogger logger, string holder, string reason);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "Radio {RadioId} could not be muted")]
    public static partial void MuteFailed(ILogger logger, string radioId, Exception exception);

    [LoggerMessage(EventId = 5, Level = LogLevel.Error, Message = "Radio {RadioId} failed within a run")]
    public static partial void RunFailed(ILogger logger, string radioId, Exception exception);

    [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "The transmit log could not be written")]
    public static partial void TransmitLogFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 7, Level = LogLevel.Warning, Message = "Radio {RadioId}: refused by the limit {Limit}: {Problem}")]
    public static partial void Refused(ILogger logger, string radioId, string limit, string problem);
}
