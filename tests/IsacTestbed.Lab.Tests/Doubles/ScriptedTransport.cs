using System.Text;
using IsacTestbed.Lab.Dialogues;

namespace IsacTestbed.Lab.Tests.Doubles;

/// <summary>A transport that plays a script: what must be sent, and what comes back in which pieces. It waits for no clock.</summary>
internal sealed class ScriptedTransport(ManualTime time) : IInstrumentTransport
{
    private readonly Lock _lock = new();
    private readonly List<Step> _steps = [];
    private readonly List<string> _sent = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private enum StepKind
    {
        Sent,
        Comes,
        Silence,
        Closes,
        Breaks,
    }

    public string Name => "script";

    /// <summary>Everything that was sent.</summary>
    public IReadOnlyList<string> SentSoFar
    {
        get
        {
            lock (_lock)
            {
                return [.. _sent];
            }
        }
    }

    public bool IsDisposed { get; private set; }

    /// <summary>Whether the script was played to its end.</summary>
    public bool IsFinished
    {
        get
        {
            lock (_lock)
            {
                return _steps.All(s => s.Kind == StepKind.Silence);
            }
        }
    }

    /// <summary>A command must be sent, exactly this one, and then the pieces come.</summary>
    public ScriptedTransport Sent(string command, params string[] pieces) => Add(StepKind.Sent, command).Comes(pieces);

    /// <summary>Bytes come, each piece by itself.</summary>
    public ScriptedTransport Comes(params string[] pieces)
    {
        foreach (string piece in pieces)
        {
            Add(StepKind.Comes, piece);
        }

        return this;
    }

    /// <summary>
    /// Nothing comes until whoever waits for a span has waited for it to its end. Before a command that must be sent it holds until that is
    /// sent, however often somebody waits.
    /// </summary>
    public ScriptedTransport Silence(double seconds = 1) => Add(StepKind.Silence, string.Empty, TimeSpan.FromSeconds(seconds));

    /// <summary>The other side closes.</summary>
    public ScriptedTransport Closes() => Add(StepKind.Closes, string.Empty);

    /// <summary>The way breaks.</summary>
    public ScriptedTransport Breaks(string message) => Add(StepKind.Breaks, message);

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        string text = Encoding.Latin1.GetString(bytes.Span);
        await UntilTakenAsync(cancellationToken);
        lock (_lock)
        {
            _sent.Add(text);
            _steps.RemoveRange(0, _steps.TakeWhile(s => s.Kind == StepKind.Silence).Count());
            Step? step = _steps.FirstOrDefault();
            Assert.True(step?.Kind == StepKind.Sent, $"\"{text}\" was sent where the script has {step}");
            Assert.Equal(step!.Text, text);
            _steps.RemoveAt(0);
            Changed();
        }
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            Step? step;
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
                step = _steps.FirstOrDefault();
                if (step is not null && step.Kind is not (StepKind.Sent or StepKind.Silence))
                {
                    _steps.RemoveAt(0);
                    Changed();
                }
            }

            switch (step?.Kind)
            {
                case StepKind.Comes:
                    return Encoding.Latin1.GetBytes(step.Text, buffer.Span);
                case StepKind.Silence:
                    await BeSilentAsync(step, changed, cancellationToken);
                    break;
                case StepKind.Closes:
                    return 0;
                case StepKind.Breaks:
                    throw new IOException(step.Text);
                default:
                    await changed.WaitAsync(cancellationToken);
                    break;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private ScriptedTransport Add(StepKind kind, string text, TimeSpan span = default)
    {
        lock (_lock)
        {
            _steps.Add(new Step(kind, text, span));
            Changed();
        }

        return this;
    }

    // What comes before a command in the script has come before the command is sent.
    private async Task UntilTakenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_steps.FirstOrDefault()?.Kind != StepKind.Comes)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private async Task BeSilentAsync(Step step, Task changed, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task waiting = time.UntilSomebodyWaitsAsync(step.Span, end.Token);
        await Task.WhenAny(waiting, changed);
        await end.CancelAsync();
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            // A command that was sent meanwhile has ended the silence: who waits now waits for its answer.
            if (changed.IsCompleted || !waiting.IsCompletedSuccessfully)
            {
                return;
            }

            time.AdvanceToEndOf(step.Span);
            if (_steps.FirstOrDefault() == step && _steps.Count > 1 && _steps[1].Kind != StepKind.Sent)
            {
                _steps.RemoveAt(0);
            }
        }
    }

    private void Changed()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record Step(StepKind Kind, string Text, TimeSpan Span);
}
