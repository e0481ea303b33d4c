using IsacTestbed.Lab.Instruments;
using IsacTestbed.Lab.Tests.Doubles;

namespace IsacTestbed.Lab.Tests.Instruments;

public sealed class RotatorTests : IAsyncDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly ManualTime _time = new();
    private readonly ScriptedTransport _line;

    public RotatorTests() => _line = new ScriptedTransport(_time);

    public ValueTask DisposeAsync() => _line.DisposeAsync();

    [Fact]
    public async Task TurnTo_AzimuthReachedWithinTolerance_Returns()
    {
        await using Rotator rotator = Open(
            _line.Sent("C\r", "+0000\r\n").Sent("M009\r", "\r").Sent("C\r", "+0003\r\n").Silence(0.5).Sent("C\r", "+0008\r\n"));
        Assert.Equal(8, await rotator.TurnToAsync(9.4, Never));
        Assert.True(_line.IsFinished);
    }

    /// <summary>It stands still: 90 degrees at no less than 3 degrees per second, and 5 s of slack, make 35 s; then it is stopped.</summary>
    [Fact]
    public async Task TurnTo_Jammed_StopsAfterTheTimeLimit()
    {
        _line.Sent("C\r", "+0000\r\n").Sent("M090\r");
        for (int poll = 0; poll < 71; poll++)
        {
            _line.Sent("C\r", "+0040\r\n").Silence(0.5);
        }

        await using Rotator rotator = Open(_line.Sent("C\r", "+0040\r\n").Sent("S\r"));
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(() => rotator.TurnToAsync(90, Never));
        Assert.Equal("M090", problem.Command);
        Assert.Contains("stands at 40 degrees after 35 s and was stopped", problem.Message, StringComparison.Ordinal);
        Assert.True(_line.IsFinished);
    }

    /// <summary>With and without an answer on its way: the stop waits for none, and here time stands still.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TurnTo_Cancelled_StopsTheRotator(bool answered)
    {
        await using Rotator rotator = Open(_line.Sent("C\r", "+0000\r\n").Sent("M090\r").Sent("C\r", answered ? ["+0010\r\n"] : []).Sent("S\r"));
        using var cancel = new CancellationTokenSource();
        Task turning = rotator.TurnToAsync(90, cancel.Token);
        while (_line.SentSoFar.Count < 3)
        {
            await Task.Yield();
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turning);
        Assert.Equal("S\r", _line.SentSoFar[^1]);
    }

    [Fact]
    public async Task TurnTo_UnpluggedOnTheWay_SaysSo()
    {
        await using Rotator rotator = Open(_line.Sent("C\r", "+0000\r\n").Sent("M090\r").Sent("C\r").Breaks("gone").Sent("S\r"));
        Assert.Equal(InstrumentFault.Unplugged, (await Assert.ThrowsAsync<InstrumentException>(() => rotator.TurnToAsync(90, Never))).Fault);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(361)]
    [InlineData(double.NaN)]
    public async Task TurnTo_OutOfRange_SendsNothing(double azimuth)
    {
        await using Rotator rotator = Open(_line);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => rotator.TurnToAsync(azimuth, Never));
        Assert.Empty(_line.SentSoFar);
    }

    [Theory]
    [InlineData("?>")]
    [InlineData("0090")]
    [InlineData("+9")]
    [InlineData("+0999")]
    public async Task Azimuth_WrongAnswer_IsShown(string answer)
    {
        await using Rotator rotator = Open(_line.Sent("C\r", $"{answer}\r\n"));
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(() => rotator.ReadAzimuthAsync(Never));
        Assert.Equal((InstrumentFault.WrongAnswer, answer), (problem.Fault, problem.Received));
    }

    [Fact]
    public async Task State_AfterTheWindTurnedIt_IsNotTrustworthy()
    {
        await using Rotator rotator = Open(_line.Sent("C\r", "+0000\r\n").Sent("M001\r").Sent("C\r", "+0001\r\n").Sent("C\r", "+0030\r\n"));
        await rotator.TurnToAsync(1, Never);
        Assert.Equal("azimuth 30 degrees, but it was turned to 1", (await rotator.ReadStateAsync(Never)).Reason);
    }

    private Rotator Open(ScriptedTransport line) => new("rotator", TestProfiles.Rotator, line, _time);
}
