using IsacTestbed.Lab.Dialogues;
using IsacTestbed.Lab.Instruments;
using IsacTestbed.Lab.Tests.Doubles;

namespace IsacTestbed.Lab.Tests.Dialogues;

public sealed class InstrumentDialogueTests : IAsyncDisposable
{
    private static readonly DialogueSettings Settings = new("\r\n", "scpi >", TimeSpan.FromSeconds(1), TimeSpan.Zero);
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly ManualTime _time = new();
    private readonly ScriptedTransport _line;

    public InstrumentDialogueTests() => _line = new ScriptedTransport(_time);

    public ValueTask DisposeAsync() => _line.DisposeAsync();

    [Theory]
    [InlineData("42\r\n")]
    [InlineData("4|2|\r|\n")]
    [InlineData("\r\n\r\n42\r\n")]
    [InlineData("42\n\r")]
    [InlineData("Q?\r\n42\r\n")]
    [InlineData("scpi > Q?\r\n42\r\nscpi > ")]
    [InlineData("scpi > |scpi > Q|?\r\n4|2\r\nscpi > ")]
    public async Task Query_AnswerInPiecesWithEchoAndPrompt_IsRead(string pieces)
    {
        await using InstrumentDialogue dialogue = Open(_line.Sent("Q?\r\n", pieces.Split('|')));
        Assert.Equal(42, await AskAsync(dialogue));
    }

    [Fact]
    public async Task Query_NothingComes_SaysSoAfterTheTimeLimit()
    {
        await using InstrumentDialogue dialogue = Open(_line.Sent("Q?\r\n").Silence());
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(() => AskAsync(dialogue));
        Assert.Equal((InstrumentFault.NoAnswer, "probe", "Q?", string.Empty), (problem.Fault, problem.Instrument, problem.Command, problem.Received));
        Assert.Equal(
            "Instrument probe: Q?: no answer within 1 s (nothing came); a number was expected. Check power, cable and baud rate on script", problem.Message);
        Assert.Equal(TimeSpan.FromSeconds(1).Ticks, _time.GetTimestamp());
    }

    [Theory]
    [InlineData("4", "only \"4\" came, without an end")]
    [InlineData("Q?\r\n", "only the echo came")]
    [InlineData("Q?\r\n\u0080\u0007", "only \"\\x80\\x07\" came, without an end")]
    public async Task Query_TimeOut_TellsWhatCame(string came, string expected)
    {
        await using InstrumentDialogue dialogue = Open(_line.Sent("Q?\r\n", came).Silence());
        Assert.Contains(expected, (await Assert.ThrowsAsync<InstrumentException>(() => AskAsync(dialogue))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fourtytwo\r\n", "fourtytwo")]
    [InlineData("\u00ff\u00005\r\n", "\\xff\\x005")]
    public async Task Query_Garbage_IsAWrongAnswerAndShown(string answer, string shown)
    {
        await using InstrumentDialogue dialogue = Open(_line.Sent("Q?\r\n", answer));
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(() => AskAsync(dialogue));
        Assert.Equal((InstrumentFault.WrongAnswer, shown), (problem.Fault, problem.Received));
        Assert.Contains("a number was expected", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_NoiseWithoutEnd_IsCutAndRefused()
    {
        await using InstrumentDialogue dialogue = Open(_line.Sent("Q?\r\n", new string('x', LineSplitter.MaximumLength)));
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(() => AskAsync(dialogue));
        Assert.Equal(InstrumentFault.WrongAnswer, problem.Fault);
        Assert.InRange(problem.Message.Length, 1, 200);
    }

    [Fact]
    public async Task Query_UnpluggedInMidAnswer_SaysSoNowAndLater()
    {
        await using InstrumentDialogue dialogue = Open(_line.Sent("Q?\r\n", "4").Breaks("/dev/ttyUSB0: the device went away"));
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(() => AskAsync(dialogue));
        Assert.Equal((InstrumentFault.Unplugged, "Q?", "4"), (problem.Fault, problem.Command, problem.Received));
        Assert.Contains("/dev/ttyUSB0: the device went away", problem.Message, StringComparison.Ordinal);
        Assert.Equal(InstrumentFault.Unplugged, (await Assert.ThrowsAsync<InstrumentException>(() => AskAsync(dialogue))).Fault);
    }

    [Fact]
    public async Task Query_OtherSideCloses_IsUnplugged()
    {
        await using InstrumentDialogue dialogue = Open(_line.Sent("Q?\r\n").Closes());
        Assert.Equal(InstrumentFault.Unplugged, (await Assert.ThrowsAsync<InstrumentException>(() => AskAsync(dialogue))).Fault);
    }

    /// <summary>The answer to a question that was given up comes late: it must not pass for that to the next question.</summary>
    [Fact]
    public async Task Query_AfterATimeOut_DiscardsTheLateAnswer()
    {
        await using InstrumentDialogue dialogue = Open(_line.Sent("Q?\r\n"));
        Task<int> givenUp = AskAsync(dialogue);
        await _time.AdvanceWhenAwaitedAsync(Settings.ReplyTimeout);
        await Assert.ThrowsAsync<InstrumentException>(() => givenUp);
        _line.Comes("1\r\n").Silence().Sent("Q?\r\n", "2\r\n");
        Assert.Equal(2, await AskAsync(dialogue));
        Assert.True(_line.IsFinished);
    }

    [Fact]
    public async Task Query_Cancelled_SurfacesTheCallersToken()
    {
        await using InstrumentDialogue dialogue = Open(_line.Sent("Q?\r\n"));
        using var cancel = new CancellationTokenSource();
        Task<int> asking = AskAsync(dialogue, cancel.Token);
        await _time.UntilSomebodyWaitsAsync();
        await cancel.CancelAsync();
        OperationCanceledException problem = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(cancel.Token, problem.CancellationToken);
    }

    [Fact]
    public async Task Commands_FollowEachOther_NotBeforeTheInterval()
    {
        await using InstrumentDialogue dialogue = Open(
            _line.Sent("A\r\n").Sent("B\r\n").Sent("C\r\n"), Settings with { CommandInterval = TimeSpan.FromMilliseconds(200) });
        await dialogue.SendAsync("A", Never);
        Task second = dialogue.SendAsync("B", Never);
        await _time.UntilSomebodyWaitsAsync();
        _time.Advance(TimeSpan.FromMilliseconds(199));
        Assert.Equal(["A\r\n"], _line.SentSoFar);
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await second;

        // Time that passed anyway is not waited for again.
        _time.Advance(TimeSpan.FromMilliseconds(200));
        await dialogue.SendAsync("C", Never);
        Assert.True(_line.IsFinished);
    }

    [Fact]
    public async Task Queries_AtTheSameTime_AreAskedOneByOne()
    {
        await using InstrumentDialogue dialogue = Open(_line.Sent("Q?\r\n", "1\r\n").Sent("Q?\r\n", "2\r\n").Sent("Q?\r\n", "3\r\n"));
        int[] answers = await Task.WhenAll(AskAsync(dialogue), AskAsync(dialogue), AskAsync(dialogue));
        Assert.Equal([1, 2, 3], answers.Order());
    }

    [Fact]
    public async Task Unsolicited_Lines_AreNoAnswers()
    {
        var heard = new List<string>();
        var dialogue = new InstrumentDialogue(
            "probe", _line.Sent("Q?\r\n", "$GP", "GGA\r\n4", "2\r\n"), Settings, Guard(false), _time, line => Hear(line));
        await using (dialogue)
        {
            Assert.Equal(42, await AskAsync(dialogue));
        }

        Assert.Equal(["$GPGGA"], heard);

        bool Hear(ReceivedLine line)
        {
            bool sentence = line.Text.StartsWith('$');
            heard.AddRange(sentence ? [line.Text] : []);
            return sentence;
        }
    }

    [Fact]
    public async Task Dispose_ClosesTheTransport()
    {
        await Open(_line).DisposeAsync();
        Assert.True(_line.IsDisposed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dangerous_AsAnOrdinaryCommand_IsNeverSent(bool allowed)
    {
        await using InstrumentDialogue dialogue = Open(_line, Settings, allowed);
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(() => dialogue.SendAsync("syst:comm:ser:baud 9600", Never));
        Assert.Equal(InstrumentFault.DangerousCommand, problem.Fault);
        Assert.Contains("changes how the instrument is reached", problem.Message, StringComparison.Ordinal);
        Assert.Empty(_line.SentSoFar);
    }

    [Fact]
    public async Task Dangerous_WithoutTheSwitch_IsNotSentAndSaysWhichSwitch()
    {
        await using InstrumentDialogue dialogue = Open(_line);
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(
            () => dialogue.SendAsync(new DangerousCommand("*RST", "resets the instrument"), Never));
        Assert.Equal((InstrumentFault.DangerousCommand, "*RST"), (problem.Fault, problem.Command));
        Assert.Contains("allowDangerousCommands: true", problem.Message, StringComparison.Ordinal);
        Assert.Empty(_line.SentSoFar);
    }

    [Fact]
    public async Task Dangerous_WithTheSwitch_IsSent()
    {
        await using InstrumentDialogue dialogue = Open(_line.Sent("*RST\r\n"), Settings, allowed: true);
        await dialogue.SendAsync(new DangerousCommand("*RST", "resets the instrument"), Never);
        Assert.True(_line.IsFinished);
    }

    private static DangerousCommandGuard Guard(bool allowed) => new(DangerousCommands.Of(Lab.Profiles.InstrumentKind.Gpsdo), allowed);

    private static Task<int> AskAsync(InstrumentDialogue dialogue, CancellationToken cancellationToken = default) =>
        dialogue.QueryAsync<int>("Q?", Answers.Count, "a number", cancellationToken);

    private InstrumentDialogue Open(ScriptedTransport line, DialogueSettings? settings = null, bool allowed = false) =>
        new("probe", line, settings ?? Settings, Guard(allowed), _time);
}
