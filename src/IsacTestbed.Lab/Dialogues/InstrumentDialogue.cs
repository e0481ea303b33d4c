using System.Globalization;
using System.Text;
using System.Threading.Channels;
using IsacTestbed.Lab.Instruments;

namespace IsacTestbed.Lab.Dialogues;

/// <summary>
/// Commands and answers with one instrument, one at a time and in order, over a transport that it owns. All that comes is read at once and
/// stamped with its time of arrival: what an instrument says of its own accord is told from answers, and never grows old in a queue.
/// </summary>
internal sealed class InstrumentDialogue : IAsyncDisposable
{
    private const int LinesHeld = 64;
    private const int ReceiveBytes = 1024;
    private const int ShownLength = 80;

    private readonly string _instrument;
    private readonly IInstrumentTransport _transport;
    private readonly DialogueSettings _settings;
    private readonly DangerousCommandGuard _guard;
    private readonly TimeProvider _time;
    private readonly Func<ReceivedLine, bool> _unsolicited;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<ReceivedLine> _answers =
        Channel.CreateBounded<ReceivedLine>(new BoundedChannelOptions(LinesHeld) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly Task _receiving;
    private volatile string _partial = string.Empty;
    private long _lastCommand;
    private bool _anyCommand;
    private bool _answerOwed;

    /// <summary>Begins to listen.</summary>
    /// <param name="instrument">Name of the instrument.</param>
    /// <param name="transport">The way to it; owned.</param>
    /// <param name="settings">How to talk.</param>
    /// <param name="guard">Keeps dangerous commands back.</param>
    /// <param name="time">Time.</param>
    /// <param name="unsolicited">Takes a line that is no answer, and says whether it was one; called as lines come.</param>
    public InstrumentDialogue(
        string instrument,
        IInstrumentTransport transport,
        DialogueSettings settings,
        DangerousCommandGuard guard,
        TimeProvider time,
        Func<ReceivedLine, bool>? unsolicited = null)
    {
        (_instrument, _transport, _settings, _guard, _time) = (instrument, transport, settings, guard, time);
        _unsolicited = unsolicited ?? (_ => false);
        _receiving = ReceiveAsync();
    }

    /// <summary>Sends a command that is answered.</summary>
    /// <param name="command">The command, without its end.</param>
    /// <param name="parse">Reads the answer.</param>
    /// <param name="expected">What an answer looks like, for the message when it does not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InstrumentException">No answer, a wrong one, or the instrument went away.</exception>
    public async Task<T> QueryAsync<T>(string command, AnswerParser<T> parse, string expected, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _guard.Check(_instrument, command);
            await UntilAllowedAsync(cancellationToken).ConfigureAwait(false);
            await DiscardLateAnswersAsync(cancellationToken).ConfigureAwait(false);
            _answerOwed = true;
            await TransmitAsync(command, cancellationToken).ConfigureAwait(false);
            string answer = await AnswerAsync(command, expected, cancellationToken).ConfigureAwait(false);
            _answerOwed = !parse(answer, out T value);
            return !_answerOwed
                ? value
                : throw new InstrumentException(
                    InstrumentFault.WrongAnswer, _instrument, command, Show(answer), $"answered \"{Show(answer)}\"; {expected} was expected");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends a command that is not answered, at once even where an answer is still owed: a stop must not wait for one.</summary>
    /// <exception cref="InstrumentException">The instrument went away, or the command is dangerous.</exception>
    public async Task SendAsync(string command, CancellationToken cancellationToken)
    {
        _guard.Check(_instrument, command);
        await SendInTurnAsync(command, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a dangerous command, if dangerous commands are switched on for this instrument.</summary>
    /// <exception cref="InstrumentException">They are not.</exception>
    public async Task SendAsync(DangerousCommand command, CancellationToken cancellationToken)
    {
        _guard.Require(_instrument, command);
        await SendInTurnAsync(command.Text, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops listening and closes the transport.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        await _transport.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
        _turn.Dispose();
    }

    /// <summary>Text of an instrument as it can be shown: control and other characters escaped, cut where it is long.</summary>
    internal static string Show(string text)
    {
        var shown = new StringBuilder();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, ShownLength)))
        {
            shown.Append(c is >= ' ' and <= '~' ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"));
        }

        return text.Length <= ShownLength ? shown.ToString() : shown.Append("...").ToString();
    }

    private async Task SendInTurnAsync(string command, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await UntilAllowedAsync(cancellationToken).ConfigureAwait(false);
            await TransmitAsync(command, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task UntilAllowedAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = _anyCommand ? _settings.CommandInterval - _time.GetElapsedTime(_lastCommand) : TimeSpan.Zero;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TransmitAsync(string command, CancellationToken cancellationToken)
    {
        (_anyCommand, _lastCommand) = (true, _time.GetTimestamp());
        try
        {
            await _transport.SendAsync(Encoding.ASCII.GetBytes(command + _settings.Terminator), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw WentAway(command, exception);
        }
    }

    // The answer to a command that was given up may still be on its way: it must not pass for that to the next one.
    private async Task DiscardLateAnswersAsync(CancellationToken cancellationToken)
    {
        while (_answers.Reader.TryRead(out _))
        {
        }

        try
        {
            while (_answerOwed)
            {
                using var quiet = new CancellationTokenSource(_settings.ReplyTimeout, _time);
                _answerOwed = await NextLineAsync(quiet, cancellationToken).ConfigureAwait(false) is not null;
            }
        }
        catch (ChannelClosedException exception)
        {
            throw WentAway(string.Empty, exception.InnerException ?? exception);
        }
    }

    // The time limit is that of the whole answer: what comes without being one does not prolong it.
    private async Task<string> AnswerAsync(string command, string expected, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_settings.ReplyTimeout, _time);
        bool echoed = false;
        while (true)
        {
            ReceivedLine? line;
            try
            {
                line = await NextLineAsync(timeout, cancellationToken).ConfigureAwait(false);
            }
            catch (ChannelClosedException exception)
            {
                throw WentAway(command, exception.InnerException ?? exception);
            }

            if (line is null)
            {
                throw NoAnswer(command, expected, echoed);
            }

            string text = WithoutPrompt(line.Value.Text);
            if (text.Length == 0 || (!echoed && text == command))
            {
                echoed |= text.Length > 0;
                continue;
            }

            return text;
        }
    }

    private string WithoutPrompt(string text)
    {
        string prompt = _settings.Prompt;
        text = text.Trim();
        while (prompt.Length > 0 && text.StartsWith(prompt, StringComparison.OrdinalIgnoreCase))
        {
            text = text[prompt.Length..].Trim();
        }

        return text;
    }

    // Null when nothing came in time.
    private async Task<ReceivedLine?> NextLineAsync(CancellationTokenSource timeout, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await _answers.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return _answers.Reader.TryRead(out ReceivedLine line) ? line : null;
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[ReceiveBytes];
        var lines = new LineSplitter();
        try
        {
            while (true)
            {
                int count = await _transport.ReceiveAsync(buffer, _stop.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    throw new IOException($"{_transport.Name}: the other side closed");
                }

                long now = _time.GetTimestamp();
                lines.Add(buffer.AsSpan(0, count), text => Take(new ReceivedLine(text, now)));
                _partial = lines.Partial;
            }
        }
        catch (OperationCanceledException)
        {
            _answers.Writer.TryComplete();
        }
        catch (Exception exception)
        {
            // Every command, that in progress and later ones, reports it.
            _answers.Writer.TryComplete(exception);
        }
    }

    private void Take(ReceivedLine line)
    {
        if (!_unsolicited(line with { Text = WithoutPrompt(line.Text) }))
        {
            _answers.Writer.TryWrite(line);
        }
    }

    private InstrumentException NoAnswer(string command, string expected, bool echoed)
    {
        string partial = Show(_partial);
        string came = partial.Length > 0 ? $"only \"{partial}\" came, without an end" : echoed ? "only the echo came" : "nothing came";
        return new InstrumentException(
            InstrumentFault.NoAnswer,
            _instrument,
            command,
            partial,
            FormattableString.Invariant(
                $"no answer within {_settings.ReplyTimeout.TotalSeconds:0.###} s ({came}); {expected} was expected. Check power, cable and baud rate on {_transport.Name}"));
    }

    private InstrumentException WentAway(string command, Exception cause) =>
        new(InstrumentFault.Unplugged, _instrument, command, Show(_partial), $"the way to it broke ({cause.Message})", cause);
}
