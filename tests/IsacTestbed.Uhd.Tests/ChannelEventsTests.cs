using IsacTestbed.Radio;

namespace IsacTestbed.Uhd.Tests;

/// <summary>Messages that come from each channel, made into one event of the burst.</summary>
public sealed class ChannelEventsTests
{
    private const double RateHz = 1e6;
    private readonly ChannelEvents _events = new(3, RateHz);

    [Fact]
    public void Ends_OfTwoBurstsInterleaved_AreTwoEvents()
    {
        // Channel 0 is a burst ahead of channel 2.
        int[] channels = [0, 1, 0, 2, 1, 2];
        bool[] news = [.. channels.Select(c => _events.IsNews(Told(TransmitEventKind.BurstEnded, 5000), c))];
        Assert.Equal([false, false, false, true, false, true], news);
    }

    [Fact]
    public void Failure_ToldByAllChannels_IsOneEvent()
    {
        Assert.True(_events.IsNews(Told(TransmitEventKind.Late, 5000), 1));
        Assert.False(_events.IsNews(Told(TransmitEventKind.Late, 5003), 0));
        Assert.False(_events.IsNews(Told(TransmitEventKind.Late, 5004), 2));
    }

    [Fact]
    public void Failure_ToldByTheSameChannelAgain_IsANewOne()
    {
        Assert.True(_events.IsNews(Told(TransmitEventKind.Late, 5000), 1));
        Assert.True(_events.IsNews(Told(TransmitEventKind.Late, 5001), 1));
    }

    [Fact]
    public void Failure_OfAnotherChannelMuchLater_IsANewOne()
    {
        Assert.True(_events.IsNews(Told(TransmitEventKind.Underflow, 5000), 0));
        Assert.True(_events.IsNews(Told(TransmitEventKind.Underflow, 5000 + (long)(0.02 * RateHz)), 1));
    }

    [Fact]
    public void Failure_OfAnotherKindOrWithoutATime_IsNeverSwallowed()
    {
        Assert.True(_events.IsNews(Told(TransmitEventKind.Underflow, 5000), 0));
        Assert.True(_events.IsNews(Told(TransmitEventKind.Late, 5000), 1));
        Assert.True(_events.IsNews(Told(TransmitEventKind.Late, null), 2));
    }

    [Fact]
    public void Reset_ForgetsBurstsThatHalfEnded()
    {
        _events.IsNews(Told(TransmitEventKind.BurstEnded, 1), 0);
        _events.Reset();
        Assert.False(_events.IsNews(Told(TransmitEventKind.BurstEnded, 2), 1));
        Assert.False(_events.IsNews(Told(TransmitEventKind.BurstEnded, 2), 2));
        Assert.True(_events.IsNews(Told(TransmitEventKind.BurstEnded, 2), 0));
    }

    private static TransmitEvent Told(TransmitEventKind kind, long? tick) => new(kind, tick);
}
