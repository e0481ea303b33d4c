using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace IsacTestbed.Rpc;

/// <summary>Writes the status of a call behind its responses, or in a trailers-only response when there was none.</summary>
internal static class ServerStatus
{
    /// <param name="anyResponse">Whether a response was written, flushed or not.</param>
    /// <param name="failed">Null for OK.</param>
    /// <param name="trailers">The handler's own trailers; those of the failure follow them.</param>
    public static void Write(HttpContext http, bool anyResponse, RpcException? failed, RpcMetadata? trailers = null)
    {
        HttpResponse response = http.Response;
        bool trailersOnly = !anyResponse && !response.HasStarted && failed is not null;
        void Add(string name, string value)
        {
            if (trailersOnly)
            {
                response.Headers.Append(name, value);
            }
            else
            {
                response.AppendTrailer(name, value);
            }
        }

        Add(RpcHeader.Status, ((int)(failed?.StatusCode ?? RpcStatusCode.Ok)).ToString(CultureInfo.InvariantCulture));
        foreach (RpcMetadataEntry entry in trailers ?? [])
        {
            Add(entry.Key, entry.Text);
        }

        if (failed is null)
        {
            return;
        }

        Add(RpcHeader.Message, PercentEncoding.Encode(failed.Detail));
        if (!failed.StatusDetails.IsEmpty)
        {
            Add(RpcHeader.StatusDetails, Convert.ToBase64String(failed.StatusDetails.Span).TrimEnd('='));
        }

        foreach (RpcMetadataEntry entry in failed.Trailers)
        {
            Add(entry.Key, entry.Text);
        }
    }
}
