using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Radio.Tests;

/// <summary>Which burst an event is booked on, where several are on their way.</summary>
public sealed class TransmitLedgerTests
{
    private const long Never = long.MaxValue / 4;

    // A device that takes bursts ahead of their time and refuses one says when it should have begun, a nanosecond's rounding aside.
    [Theory]
    [InlineData(3000L, 2)]
    [InlineData(2999L, 2)]
    [InlineData(3001L, 2)]
    [InlineData(1000L, 0)]

    // One that says when it noticed means the oldest that had begun by then.
    [InlineData(2500L, 0)]
    [InlineData(null, 0)]
    public void Late_OfSeveralUnderWay_IsTheOneThatIsNamed(long? tick, int expected)
    {
        TransmitLedger ledger = AllWritten();
        ledger.Book(new TransmitEvent(TransmitEventKind.Late, tick), 2500);
        Assert.Equal(
            Enumerable.Range(0, 4).Select(i => i == expected ? BurstOutcome.Late : BurstOutcome.Unspecified),
            Enumerable.Range(0, 4).Select(i => ledger.Outcome(i, 0, Never, isWaitOver: false)));
    }

    [Fact]
    public void Late_OfALaterRepetition_CutsTheBurst()
    {
        var ledger = new TransmitLedger([new TxBurst(0, 1000, "w", 5, 200, 1, [Complex.One])], acknowledges: true);
        ledger.PartStarted(0);
        ledger.PartStarted(0);
        ledger.Book(new TransmitEvent(TransmitEventKind.BurstEnded, 1100), 1100);
        ledger.Book(new TransmitEvent(TransmitEventKind.Late, 1200), 1150);
        Assert.Equal((BurstOutcome.Underflow, 1200), (ledger.Outcome(0, 0, Never, false), ledger.ReportTick(0)));
    }

    private static TransmitLedger AllWritten()
    {
        var ledger = new TransmitLedger([.. Enumerable.Range(0, 4).Select(i => new TxBurst(i, 1000 * (i + 1), "w", 1, 500, 1, [Complex.One]))], acknowledges: true);
        for (int i = 0; i < 4; i++)
        {
            ledger.PartStarted(i);
            ledger.Written(i);
        }

        return ledger;
    }
}
