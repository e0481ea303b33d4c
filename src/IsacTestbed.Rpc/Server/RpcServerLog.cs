using Microsoft.Extensions.Logging;

namespace IsacTestbed.Rpc;

/// <summary>What a server logs. Event ids are stable.</summary>
internal static partial class RpcServerLog
{
    [LoggerMessage(1, LogLevel.Error, "{Method}: the handler failed.")]
    public static partial void HandlerFailed(ILogger logger, string method, Exception failure);

    [LoggerMessage(2, LogLevel.Debug, "{Method}: ended with {Status}: {Detail}")]
    public static partial void CallFailed(ILogger logger, string method, RpcStatusCode status, string detail);

    [LoggerMessage(3, LogLevel.Debug, "{Method}: the client cancelled or the connection was lost.")]
    public static partial void CallCancelled(ILogger logger, string method);

    [LoggerMessage(4, LogLevel.Warning, "{Method}: the marshaller wrote a broken message; the stream was reset.")]
    public static partial void StreamReset(ILogger logger, string method, Exception failure);
}
