using System.Runtime.CompilerServices;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Rpc;
using IsacTestbed.Wire.V1;
using RadioFaultCode = IsacTestbed.Radio.RadioFaultCode;

namespace IsacTestbed.Control.Sidecars;

/// <summary>Calls of one sidecar whose failures are the radio contract's exceptions. Thread safe.</summary>
/// <param name="channel">The connection.</param>
/// <param name="timeout">Time limit of each call but a run.</param>
/// <param name="lease">The lease that the calls are made under; null for none. A call ends with its lease, and says how that ended.</param>
internal sealed class SidecarCalls(RpcChannel channel, TimeSpan timeout, LeaseKeeper? lease = null)
{
    // Where the sidecar stops, a call and the word about the session break off at once, and are read by different threads.
    private static readonly TimeSpan EndOfSessionLag = TimeSpan.FromSeconds(3);

    /// <summary>The connection.</summary>
    public RpcChannel Channel { get; } = channel;

    /// <summary>The same calls under a lease.</summary>
    public SidecarCalls Under(LeaseKeeper keeper) => new(Channel, timeout, keeper);

    /// <summary>A call with one request and one response.</summary>
    /// <exception cref="RadioException">The call failed.</exception>
    /// <exception cref="ArgumentException">The sidecar found the request malformed.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, string radioId, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = EndingWithLease(cancellationToken);
        return await GuardAsync(
            () => Channel.CallAsync(method, request, new RpcCallOptions { Timeout = timeout }, either.Token), radioId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores waveforms in radios.</summary>
    public async Task UploadAsync(
        string sessionId, IReadOnlyList<string> radioIds, IReadOnlyList<Waveform> waveforms, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = EndingWithLease(cancellationToken);
        UploadWaveformsResponse response = await GuardAsync(
            () => Channel.ClientStreamAsync(
                RadioMethods.UploadWaveforms, MessagesAsync(sessionId, radioIds, waveforms), new RpcCallOptions { Timeout = timeout }, either.Token),
            radioIds.Count == 1 ? radioIds[0] : string.Empty,
            cancellationToken).ConfigureAwait(false);
        if (!response.Waveforms.Select(w => (w.WaveformId, w.SampleCount)).SequenceEqual(waveforms.Select(w => (w.Id, w.Length))))
        {
            throw new RadioException(
                RadioFaultCode.ProtocolMismatch, string.Empty, "The sidecar stored other waveforms than those that were sent.");
        }
    }

    /// <summary>Runs radios and yields what they capture; the caller owns the blocks.</summary>
    /// <exception cref="RadioException">A radio failed, the lease was lost, or the stream is not complete.</exception>
    public async IAsyncEnumerable<RadioOutput> ExecuteAsync(
        ExecuteScheduleRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[] radioIds = [.. request.Schedules.Select(s => s.RadioId), .. request.ArmedRadioIds];
        string subject = radioIds.Length == 1 ? radioIds[0] : string.Empty;
        var received = radioIds.ToDictionary(id => id, _ => new RunCount());
        using CancellationTokenSource either = EndingWithLease(cancellationToken);
        await using IAsyncEnumerator<RunEvent> events = Channel
            .ServerStreamAsync(RadioMethods.ExecuteSchedule, request, null, either.Token)
            .GetAsyncEnumerator(CancellationToken.None);
        while (await GuardAsync(() => events.MoveNextAsync().AsTask(), subject, cancellationToken).ConfigureAwait(false))
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

    private CancellationTokenSource EndingWithLease(CancellationToken cancellationToken) =>
        CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease?.Lost ?? CancellationToken.None);

    private async ValueTask<T> GuardAsync<T>(Func<Task<T>> call, string radioId, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw await ExplainAsync(FaultMapping.ToException(exception, radioId)).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The call was cancelled.", exception, cancellationToken);
        }
        catch (OperationCanceledException exception) when (lease?.Loss is { } loss)
        {
            throw new RadioException(loss.Code, loss.RadioId, loss.Message, exception);
        }
    }

    /// <summary>
    /// Where the session was ended, that is why, and the lease's keeper knows how it came. A run with much under way to a slow reader may break at the
    /// transport before its status comes, and a sidecar does not remember sessions that it has ended, while the word about the session has come on a
    /// stream of its own, or has been missing for longer than the lease.
    /// </summary>
    private async ValueTask<Exception> ExplainAsync(Exception failure)
    {
        if (lease is null || failure is not RadioException { Code: RadioFaultCode.Unreachable or RadioFaultCode.ProtocolMismatch or RadioFaultCode.LeaseLost })
        {
            return failure;
        }

        await Task.Delay(EndOfSessionLag, lease.Lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return lease.Loss is { } loss ? new RadioException(loss.Code, loss.RadioId, loss.Message, failure) : failure;
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
