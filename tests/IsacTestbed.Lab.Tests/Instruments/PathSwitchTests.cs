using IsacTestbed.Lab.Instruments;
using IsacTestbed.Lab.Tests.Doubles;

namespace IsacTestbed.Lab.Tests.Instruments;

public sealed class PathSwitchTests : IAsyncDisposable
{
    private static readonly RelayPosition First = new(1, 1, 1, 1);
    private static readonly RelayPosition Second = new(1, 2, 6, 2);
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly ManualTime _time = new();
    private readonly ScriptedTransport _line;

    public PathSwitchTests() => _line = new ScriptedTransport(_time);

    public ValueTask DisposeAsync() => _line.DisposeAsync();

    [Fact]
    public async Task Close_RelaysThatSwitch_IsVerified()
    {
        await using PathSwitch unit = Open(
            _line.Sent("ROUT:CLOS (@F01M01(0101),F01M02(0602))\n").Sent("ROUT:CLOS? (@F01M01(0101),F01M02(0602))\n", "1,1\n"));
        await unit.CloseAsync([First, Second], Never);
        Assert.True(_line.IsFinished);
    }

    [Fact]
    public async Task Close_RelayThatSticks_IsNamed()
    {
        await using PathSwitch unit = Open(
            _line.Sent("ROUT:CLOS (@F01M01(0101),F01M02(0602))\n").Sent("ROUT:CLOS? (@F01M01(0101),F01M02(0602))\n", "1,0\n"));
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(() => unit.CloseAsync([First, Second], Never));
        Assert.Equal(InstrumentFault.Refused, problem.Fault);
        Assert.Contains("F01M02(0602) did not switch", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,0,1")]
    [InlineData("1,2")]
    [InlineData("")]
    [InlineData("1,")]
    public async Task Query_WrongNumberOfAnswers_IsAWrongAnswer(string answer)
    {
        await using PathSwitch unit = Open(_line.Sent("ROUT:CLOS? (@F01M01(0101),F01M02(0602))\n", $"{answer}\n").Silence());
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(() => unit.AreClosedAsync([First, Second], Never));
        Assert.Equal(answer.Length == 0 ? InstrumentFault.NoAnswer : InstrumentFault.WrongAnswer, problem.Fault);
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(1, 21, 1, 1)]
    [InlineData(1, 1, -1, 1)]
    [InlineData(1, 1, 1, 0)]
    public async Task Close_NumberOutOfRange_SendsNothing(int frame, int module, int position, int relay)
    {
        await using PathSwitch unit = Open(_line);
        await Assert.ThrowsAsync<ArgumentException>(() => unit.CloseAsync([new RelayPosition(frame, module, position, relay)], Never));
        await Assert.ThrowsAsync<ArgumentException>(() => unit.CloseAsync([], Never));
        Assert.Empty(_line.SentSoFar);
    }

    [Fact]
    public async Task State_AfterARelaySwitchedAway_IsNotTrustworthy()
    {
        await using PathSwitch unit = Open(
            _line.Sent("ROUT:CLOS (@F01M01(0101))\n").Sent("ROUT:CLOS? (@F01M01(0101))\n", "1\n").Sent("ROUT:CLOS? (@F01M01(0101))\n", "0\n"));
        await unit.CloseAsync([First], Never);
        Assert.Equal("F01M01(0101) switched away", (await unit.ReadStateAsync(Never)).Reason);
    }

    private PathSwitch Open(ScriptedTransport line) => new("switch", TestProfiles.Switch, line, _time);
}
