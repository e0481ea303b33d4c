using IsacTestbed.Radio;

namespace IsacTestbed.Uhd.Tests;

/// <summary>Ends of bursts on a device that must not be given an end mark.</summary>
public sealed class SilentEndsTests
{
    private readonly SilentEnds _ends = new();

    [Fact]
    public void Underflow_WhereTheBurstEnds_IsItsEnd()
    {
        _ends.Took(1000, 300, isEnd: false);
        _ends.Took(null, 200, isEnd: true);
        Assert.Equal(new TransmitEvent(TransmitEventKind.BurstEnded, 1500), _ends.Read(Underflow(1500)));
    }

    [Fact]
    public void Underflow_WithinTheBurst_IsOne()
    {
        _ends.Took(1000, 300, isEnd: false);
        _ends.Took(null, 200, isEnd: true);
        Assert.Equal(Underflow(1300), _ends.Read(Underflow(1300)));
        Assert.Equal(TransmitEventKind.BurstEnded, _ends.Read(Underflow(1500)).Kind);
    }

    [Fact]
    public void Underflow_OfABurstLeftOpen_IsOne()
    {
        _ends.Took(1000, 300, isEnd: false);
        Assert.Equal(Underflow(1300), _ends.Read(Underflow(1300)));
    }

    [Fact]
    public void Underflow_BehindBurstsThatWereClosedByTheNext_IsMatchedWithItsOwn()
    {
        _ends.Took(1000, 300, isEnd: true);
        _ends.Took(2000, 300, isEnd: true);
        Assert.Equal(TransmitEventKind.BurstEnded, _ends.Read(Underflow(2300)).Kind);
        Assert.Equal(TransmitEventKind.Late, _ends.Read(new TransmitEvent(TransmitEventKind.Late, 1300)).Kind);
    }

    [Fact]
    public void Underflow_WithoutATimeOrAfterAReset_IsOne()
    {
        _ends.Took(1000, 300, isEnd: true);
        Assert.Equal(TransmitEventKind.Underflow, _ends.Read(new TransmitEvent(TransmitEventKind.Underflow, null)).Kind);
        _ends.Reset();
        Assert.Equal(TransmitEventKind.Underflow, _ends.Read(Underflow(1300)).Kind);
    }

    private static TransmitEvent Underflow(long tick) => new(TransmitEventKind.Underflow, tick);
}
