using IsacTestbed.Cli.Screens;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Experiments;

namespace IsacTestbed.Cli.Tests;

public sealed class PlainLogTests
{
    [Theory]
    [InlineData(4, 0, "exact: 4 rounds")]
    [InlineData(1, 0, "exact: 1 round")]
    [InlineData(4, 3, "exact: going on with round 4 of 4")]
    [InlineData(4, 4, "exact: all 4 rounds are done")]
    [InlineData(1, 1, "exact: its one round is done")]
    public void MethodStarted_NewResumedOrFinished_SaysWhatIsLeft(int rounds, int next, string expected)
    {
        using var text = new StringWriter();
        foreach (Action<string, int, int> started in (Action<string, int, int>[])[((IRunObserver)new PlainLog(text)).MethodStarted, ((IArrayRunObserver)new ArrayPlainLog(text)).MethodStarted])
        {
            text.GetStringBuilder().Clear();
            started("exact", rounds, next);
            Assert.Equal(expected, text.ToString().TrimEnd());
        }
    }
}
