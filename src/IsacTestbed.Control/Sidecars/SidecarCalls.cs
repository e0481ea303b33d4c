using System.Runtime.CompilerServices;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Wire.V1;
using RadioFaultCode = IsacTestbed.Radio.RadioFaultCode;

namespace IsacTestbed.Control.Sidecars;

/// <summary>Calls of one sidecar whose failures are the radio contract's exceptions. Thread safe.</summary>
internal sealed class SidecarCalls(RpcChannel channel, TimeSpan timeout)
{
    /// <summary>The connection.</summary>
    public RpcChannel Channel { get; } = channel;

    /// <summary>A call with one request and one response.</summary>
    /// <exception cref="RadioException">The call failed.</exception>
    /// <exception cref="ArgumentException">The sidecar found the request malformed.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, string radioId, CancellationToken cancellationToken)
    {
        try
        {
            return await Channel.CallAsync(method, request, new RpcCallOptions { Timeout = timeout }, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw FaultMapping.ToException(exception, radioId);
        }
    }

    /// <summary>Stores waveforms in radios.</summary>
    public async Task UploadAsync(
        string sessionId, IReadOnlyList<string> radioIds, IReadOnlyList<Waveform> waveforms, CancellationToken cancellationToken)
    {
        try
        {
            UploadWaveformsResponse response = await Channel.ClientStreamAsync(
                RadioMethods.UploadWaveforms,
                MessagesAsync(sessionId, radioIds, waveforms),
                new RpcCallOptions { Timeout = timeout },
                cancellationToken).ConfigureAwait(false);
            if (!response.Waveforms.Select(w => (w.WaveformId, w.SampleCount)).SequenceEqual(waveforms.Select(w => (w.Id, w.Length))))
            {
                throw new RadioException(
                    RadioFaultCode.ProtocolMismatch, string.Empty, "The sidecar stored other waveforms than those that were sent.");
            }
        }
        catch (RpcException exception)
        {
            throw FaultMapping.ToException(exception, radioIds.Count == 1 ? radioIds[0] : string.Empty);
        }
    }

    /// <summary>Runs radios and yields what they capture; the caller owns the blocks.</summary>
    /// <exception cref="RadioException">A radio failed, the lease was lost, or the stream is not complete.</exception>
    public async IAsyncEnumerable<RadioOutput> ExecuteAsync(
        ExecuteScheduleRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[] radioIds = [.. request.Schedules.Select(s => s.RadioId), .. request.ArmedRadioIds];
        var received = radioIds.ToDictionary(id => id, _ => new RunCount());
        await using IAsyncEnumerator<RunEvent> events = Channel
            .ServerStreamAsync(RadioMethods.ExecuteSchedule, request, null, cancellationToken)
            .GetAsyncEnumerator(CancellationToken.None);
        while (await MoveNextAsync(events, radioIds.Length == 1 ? radioIds[0] : string.Empty).ConfigureAwait(false))
        {
            if (Take(events.Current, received) is { } output)
            {
                yield return output;
            }
        }

        if (received.FirstOrDefault(r => !r.Value.IsSummarised).Key is { } missing)
        {
            throw new RadioException(RadioFaultCode.ProtocolMismatch, missing, "the run ended without the radio's summary.");
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<RunEvent> events, string radioId)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw FaultMapping.ToException(exception, radioId);
        }
    }

    private static RadioOutput? Take(RunEvent received, Dictionary<string, RunCount> counts)
    {
        if (received.Block is { } block)
        {
            if (counts.TryGetValue(block.RadioId, out RunCount? count))
            {
                count.Chunks++;
                return block;
            }

            block.Dispose();
            throw Unexpected(block.RadioId);
        }

        ExecuteScheduleResponse message = received.Message!;
        switch (message.OutputCase)
        {
            case ExecuteScheduleResponse.OutputOneofCase.BurstReport:
                Require(counts, message.BurstReport.RadioId).Bursts++;
                return WireMapping.ToReport(message.BurstReport);
            case ExecuteScheduleResponse.OutputOneofCase.Summary:
                Require(counts, message.Summary.RadioId).Summarise(message.Summary);
                return null;
            default:
                // Something that a later revision adds.
                return null;
        }
    }

    private static RunCount Require(Dictionary<string, RunCount> counts, string radioId) =>
        counts.TryGetValue(radioId, out RunCount? count) ? count : throw Unexpected(radioId);

    private static RadioException Unexpected(string radioId) =>
        new(RadioFaultCode.ProtocolMismatch, radioId, "the sidecar sent an output of this radio, which is not part of the run.");

    private static async IAsyncEnumerable<UploadWaveformsRequest> MessagesAsync(
        string sessionId, IReadOnlyList<string> radioIds, IReadOnlyList<Waveform> waveforms)
    {
        foreach (Waveform waveform in waveforms)
        {
            foreach (UploadWaveformsRequest message in WireMapping.ToMessages(sessionId, radioIds, waveform))
            {
                yield return message;
            }
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    private sealed class RunCount
    {
        public long Chunks { get; set; }

        public long Bursts { get; set; }

        public bool IsSummarised { get; private set; }

        public void Summarise(RunSummary summary)
        {
            IsSummarised = true;
            if (summary.ChunkCount != Chunks || summary.BurstCount != Bursts)
            {
                throw new RadioException(
                    RadioFaultCode.ProtocolMismatch,
                    summary.RadioId,
                    $"{Chunks} chunks and {Bursts} reports arrived of {summary.ChunkCount} and {summary.BurstCount} that were sent.");
            }
        }
    }
}
