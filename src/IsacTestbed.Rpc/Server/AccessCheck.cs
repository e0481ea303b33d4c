using Microsoft.AspNetCore.Http;

namespace IsacTestbed.Rpc;

/// <summary>Stands before every endpoint, also of services that tell only of health or of names: without the token nobody learns anything.</summary>
internal sealed class AccessCheck(AccessToken token)
{
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        // More than one value is refused like a wrong one: which of them counts would be a guess.
        string? shown = http.Request.Headers[AccessToken.HeaderName] is { Count: 1 } values ? values[0] : null;
        if (token.Matches(shown))
        {
            return next(http);
        }

        if (!RpcHeader.IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        http.Response.ContentType = RpcHeader.ContentType;
        string detail = shown is null
            ? "This server asks for a token and the call shows none."
            : "The token that the call shows is not this server's.";
        ServerStatus.Write(http, anyResponse: false, new RpcException(RpcStatusCode.Unauthenticated, detail));
        return Task.CompletedTask;
    }
}
