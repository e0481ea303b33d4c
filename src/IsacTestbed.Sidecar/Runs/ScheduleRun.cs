using System.Runtime.CompilerServices;
using System.Threading.Channels;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar.Captures;
using IsacTestbed.Sidecar.Leases;
using IsacTestbed.Sidecar.Mapping;
using IsacTestbed.Wire.V1;
using RadioFaultCode = IsacTestbed.Radio.RadioFaultCode;

namespace IsacTestbed.Sidecar.Runs;

/// <summary>One execution of an experiment's schedules: arms all radios, then runs them together and merges what they yield.</summary>
/// <remarks>
/// Nothing is dropped here: a controller that does not read fills the bounded channel, the pumps wait, and each radio either slows its
/// virtual clock or loses samples, which it flags itself. One radio's fault does not end the others. However the run ends other than
/// well, all its radios are muted.
/// </remarks>
internal sealed class ScheduleRun(Lease lease, IReadOnlyList<RadioSlot> slots, IReadOnlyDictionary<string, Core.BurstSchedule> schedules, RunRecorder recorder)
{
    // With at most 256 KiB each: what a slow controller ties up here.
    private const int ChannelCapacity = 8;

    // The fields beside the samples add some tens of bytes.
    private const int MaximumSampleBytes = 256 << 10;

    private readonly Channel<RunOutput> _outputs = Channel.CreateBounded<RunOutput>(
        new BoundedChannelOptions(ChannelCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Runs; the caller disposes each output.</summary>
    /// <exception cref="RadioException">A radio cannot be armed, or one of them failed, or the lease was lost.</exception>
    public async IAsyncEnumerable<RunOutput> ExecuteAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Revoked);
        using System.Diagnostics.Activity? activity = recorder.StartActivity(lease.Holder, slots);
        await ClaimAndArmAsync(begin: true, cancellationToken, stop.Token).ConfigureAwait(false);
        Task<Exception?[]> run = SuperviseAsync(stop.Token);
        try
        {
            while (await WaitAsync(cancellationToken, stop.Token).ConfigureAwait(false))
            {
                while (_outputs.Reader.TryRead(out RunOutput? output))
                {
                    yield return output;
                }
            }

            Exception?[] failures = await run.ConfigureAwait(false);
            ThrowIfStopped(cancellationToken);
            if (failures.FirstOrDefault(f => f is not null) is { } failure)
            {
                throw failure;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);

            // A driver that hangs keeps its radio busy, not this call.
            await Task.WhenAny(run, Task.Delay(slots.Max(s => s.MuteTimeout), CancellationToken.None)).ConfigureAwait(false);
            while (_outputs.Reader.TryRead(out RunOutput? output))
            {
                output.Drop();
            }
        }
    }

    /// <summary>Arms all radios, or none, and leaves them to a later run.</summary>
    /// <exception cref="RadioException">A radio cannot be armed, or it is running, or the lease was lost.</exception>
    public async Task ArmOnlyAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Revoked);
        await ClaimAndArmAsync(begin: false, cancellationToken, stop.Token).ConfigureAwait(false);
        foreach (RadioSlot slot in slots)
        {
            slot.EndRun(armed: true);
        }
    }

    /// <summary>Claims and arms all radios, or none.</summary>
    /// <param name="begin">Whether what is armed is about to go on the air, which is checked once more and recorded first.</param>
    private async ValueTask ClaimAndArmAsync(bool begin, CancellationToken cancellationToken, CancellationToken stop)
    {
        var claimed = new List<RadioSlot>();
        bool armed = false;
        try
        {
            foreach (RadioSlot slot in slots)
            {
                await slot.BeginRunAsync(stop).ConfigureAwait(false);
                claimed.Add(slot);
            }

            foreach (RadioSlot slot in slots)
            {
                if (schedules.TryGetValue(slot.RadioId, out Core.BurstSchedule? schedule))
                {
                    await slot.ArmAsync(schedule, stop).ConfigureAwait(false);
                    await recorder.ArmedAsync(slot, schedule, stop).ConfigureAwait(false);
                }
            }

            foreach (RadioSlot slot in begin ? slots : [])
            {
                recorder.Begin(lease.Holder, slot.Radio.Description, slot.BeginTransmission());
            }

            armed = true;
        }
        catch (OperationCanceledException)
        {
            ThrowIfStopped(cancellationToken);
            throw;
        }
        finally
        {
            if (!armed)
            {
                // Only if all were claimed can any have been armed here; a radio that somebody else's run holds is left alone.
                if (claimed.Count == slots.Count)
                {
                    await MuteAsync(claimed).ConfigureAwait(false);
                }

                recorder.EndAll("nothing was sent: another radio of the run could not begin");

                // What an earlier call armed is dropped with the rest when the radios were muted, and untouched when they were not.
                claimed.ForEach(s => s.EndRun(armed: claimed.Count < slots.Count));
            }
        }
    }

    /// <summary>
    /// Runs the radios to their end. It does not depend on who reads the outputs: a controller that hangs in the middle of a message
    /// cannot keep a radio whose lease is over.
    /// </summary>
    private async Task<Exception?[]> SuperviseAsync(CancellationToken stop)
    {
        Task<Exception?[]> pumps = Task.WhenAll(slots.Select(s => Task.Run(() => PumpAsync(s, stop), CancellationToken.None)));
        await ((Task)pumps).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stop.IsCancellationRequested)
        {
            // Without waiting for the pumps: a driver may be stuck within its run, and the air must be silent all the same.
            await MuteAsync(slots).ConfigureAwait(false);
        }

        Exception?[] failures = await pumps.ConfigureAwait(false);
        if (!stop.IsCancellationRequested)
        {
            await MuteAsync([.. slots.Where((_, i) => failures[i] is not null)]).ConfigureAwait(false);
        }

        for (int i = 0; i < slots.Count; i++)
        {
            recorder.End(slots[i].RadioId, Describe(failures[i]));
            slots[i].EndRun(armed: false);
        }

        _outputs.Writer.TryComplete();
        return failures;
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken, CancellationToken stop)
    {
        try
        {
            return await _outputs.Reader.WaitToReadAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ThrowIfStopped(cancellationToken);
            throw;
        }
    }

    private void ThrowIfStopped(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (lease.Revoked.IsCancellationRequested)
        {
            throw LeaseTable.Lost(lease.Reason!);
        }
    }

    // Never throws: a failure is the task's result, and stands in the radio's summary.
    private async Task<Exception?> PumpAsync(RadioSlot slot, CancellationToken stop)
    {
        var tally = new RunTally(slot.RadioId);
        Exception? failure = null;
        try
        {
            await foreach (RadioOutput output in slot.Radio.RunAsync(stop).ConfigureAwait(false))
            {
                await SendAsync(output, tally, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException exception) when (stop.IsCancellationRequested)
        {
            return exception;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            recorder.Failed(slot.RadioId, exception);
            failure = exception as RadioException
                ?? new RadioException(RadioFaultCode.Dead, slot.RadioId, $"its driver failed: {exception.Message}", exception);
        }

        return await SummariseAsync(tally, failure, stop).ConfigureAwait(false);
    }

    private async ValueTask SendAsync(RadioOutput output, RunTally tally, CancellationToken stop)
    {
        if (output is Core.BurstReport report)
        {
            tally.Add(report);
            recorder.Add(report);
            await WriteAsync(tally.RadioId, new RunOutput(new ExecuteScheduleResponse { BurstReport = WireMapping.ToWire(report) }), stop)
                .ConfigureAwait(false);
            return;
        }

        var block = (CaptureBlock)output;
        bool sent = false;
        try
        {
            foreach (CaptureSlice slice in CaptureSlice.Cut(block, MaximumSampleBytes))
            {
                tally.Add(slice);
                recorder.Add(tally.RadioId, slice);
                await WriteAsync(tally.RadioId, new RunOutput(slice), stop).ConfigureAwait(false);
                sent = true;
            }
        }
        finally
        {
            // Once a slice is out, its reader may be at the arrays; then the last slice returns them, or the collector.
            if (!sent)
            {
                block.Dispose();
            }
        }
    }

    private ValueTask WriteAsync(string radioId, RunOutput output, CancellationToken stop) =>
        _outputs.Writer.TryWrite(output) ? ValueTask.CompletedTask : WaitAndWriteAsync(radioId, output, stop);

    // The controller reads more slowly than the radio produces.
    private async ValueTask WaitAndWriteAsync(string radioId, RunOutput output, CancellationToken stop)
    {
        long since = recorder.Now;
        try
        {
            await _outputs.Writer.WriteAsync(output, stop).ConfigureAwait(false);
        }
        finally
        {
            recorder.Waited(radioId, since);
        }
    }

    private string? Describe(Exception? failure) => failure switch
    {
        null => null,
        OperationCanceledException => lease.Reason ?? "the controller cancelled the run or its connection was lost",
        _ => failure.Message,
    };

    private async Task<Exception?> SummariseAsync(RunTally tally, Exception? failure, CancellationToken stop)
    {
        FaultDetail? detail = failure is null ? null : FaultMapping.ToDetail(failure);
        if (detail is not null)
        {
            lease.Tell(new KeepSessionResponse { Fault = detail });
        }

        try
        {
            await _outputs.Writer.WriteAsync(new RunOutput(tally.End(detail)), stop).ConfigureAwait(false);
            return failure;
        }
        catch (OperationCanceledException exception)
        {
            return failure ?? exception;
        }
    }

    private async Task MuteAsync(IReadOnlyList<RadioSlot> muted)
    {
        Exception?[] failures = await Task.WhenAll(muted.Select(s => s.MuteAsync())).ConfigureAwait(false);
        for (int i = 0; i < failures.Length; i++)
        {
            if (failures[i] is { } failure)
            {
                recorder.MuteFailed(muted[i].RadioId, failure);
            }
        }
    }
}
