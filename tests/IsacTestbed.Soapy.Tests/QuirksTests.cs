using IsacTestbed.Radio;

namespace IsacTestbed.Soapy.Tests;

/// <summary>What each driver's codes are taken for: one test per row of the table, and the reading that all share.</summary>
public sealed class QuirksTests
{
    private const double RateHz = 30.72e6;

    [Theory]
    [InlineData(SoapyStreamCode.Timeout, ReceiveStatus.TimedOut)]
    [InlineData(SoapyStreamCode.Overflow, ReceiveStatus.Overflow)]
    [InlineData(SoapyStreamCode.TimeError, ReceiveStatus.Overflow)]
    [InlineData(SoapyStreamCode.Corruption, ReceiveStatus.Corrupt)]
    [InlineData(SoapyStreamCode.StreamError, ReceiveStatus.Failed)]
    [InlineData(SoapyStreamCode.NotSupported, ReceiveStatus.Failed)]
    public void AnyDriver_ReceiveCode_IsReadCautiously(SoapyStreamCode code, ReceiveStatus status) =>
        Assert.Equal(ReceiveResult.Nothing(status), SoapyQuirks.Of("never heard of").Receive(Result(code), RateHz));

    [Theory]
    [InlineData(SoapyStreamCode.Timeout, TransmitEventKind.None)]
    [InlineData(SoapyStreamCode.None, TransmitEventKind.None)]
    [InlineData(SoapyStreamCode.Underflow, TransmitEventKind.Underflow)]
    [InlineData(SoapyStreamCode.TimeError, TransmitEventKind.Late)]
    [InlineData(SoapyStreamCode.Corruption, TransmitEventKind.Lost)]
    [InlineData(SoapyStreamCode.Overflow, TransmitEventKind.Lost)]
    [InlineData(SoapyStreamCode.NotSupported, TransmitEventKind.NotSupported)]
    [InlineData(SoapyStreamCode.StreamError, TransmitEventKind.Failed)]
    public void AnyDriver_TransmitStatus_IsReadCautiously(SoapyStreamCode code, TransmitEventKind kind) =>
        Assert.Equal(new TransmitEvent(kind, null), SoapyQuirks.Of("never heard of").Event(Result(code), RateHz));

    [Theory]
    [InlineData(SoapyStreamCode.None, TransmitStatus.Accepted, 5)]
    [InlineData(SoapyStreamCode.Timeout, TransmitStatus.TimedOut, 0)]
    [InlineData(SoapyStreamCode.TimeError, TransmitStatus.Late, 0)]
    [InlineData(SoapyStreamCode.Underflow, TransmitStatus.Underflow, 0)]
    [InlineData(SoapyStreamCode.StreamError, TransmitStatus.Failed, 0)]
    public void AnyDriver_Write_IsRead(SoapyStreamCode code, TransmitStatus status, int count) => Assert.Equal(
        new TransmitResult(status, count), SoapyQuirks.Transmit(new SoapyStreamResult(code, code == 0 ? 5 : 0, SoapyStreamFlags.None, 0)));

    [Fact]
    public void AnyDriver_Stamp_IsRoundedToTheNearestTick()
    {
        // At 30.72 MS/s a tick lasts 32.55 ns: nanosecond stamps are never exact.
        long tick = 52_224_000_000_000_123;
        long nanoseconds = StreamTime.NanosecondsFromTick(tick, RateHz);
        var stamped = new SoapyStreamResult(SoapyStreamCode.None, 100, SoapyStreamFlags.HasTime, nanoseconds);
        Assert.Equal(new ReceiveResult(ReceiveStatus.Samples, 100, tick), SoapyQuirks.Of("x").Receive(stamped, RateHz));
        ReceiveResult unstamped = SoapyQuirks.Of("x").Receive(stamped with { Flags = SoapyStreamFlags.None }, RateHz);
        Assert.Null(unstamped.FirstTick);
    }

    [Theory]
    [InlineData("b200")]
    [InlineData("x300")]
    [InlineData("n3xx")]
    [InlineData("e3xx")]
    [InlineData("x4xx")]
    [InlineData("usrp2")]
    public void Usrp_BehindSoapyUhd_GoesOnBehindALateCommandAndAcknowledgesPerChannel(string driver)
    {
        SoapyQuirks quirks = SoapyQuirks.Of(driver);
        Assert.Equal(ReceiveStatus.Corrupt, quirks.Receive(Result(SoapyStreamCode.StreamError), RateHz).Status);
        Assert.True(quirks.AcknowledgesBursts);
        Assert.Equal(32768, quirks.IntegerFullScale);
        Assert.Equal(TransmitEventKind.BurstEnded, quirks.Event(Acknowledgement(0b01), RateHz).Kind);
        Assert.Equal(TransmitEventKind.None, quirks.Event(Acknowledgement(0b10), RateHz).Kind);
    }

    [Theory]
    [InlineData("FT601")]
    [InlineData("FX3")]
    [InlineData("lime")]
    public void Lime_Samples_HaveTwelveBitsAndNoAcknowledgement(string driver)
    {
        SoapyQuirks quirks = SoapyQuirks.Of(driver);
        Assert.Equal(2048, quirks.IntegerFullScale);
        Assert.False(quirks.AcknowledgesBursts);
        Assert.Equal(ReceiveStatus.Overflow, quirks.Receive(Result(SoapyStreamCode.TimeError), RateHz).Status);
        Assert.Equal(TransmitEventKind.None, quirks.Event(Acknowledgement(0b01), RateHz).Kind);
        Assert.Equal(ReceiveStatus.Failed, quirks.Receive(Result(SoapyStreamCode.StreamError), RateHz).Status);
    }

    [Fact]
    public void Emulation_InLockStep_KeepsItsWindowSmallerThanTheTransmittersLead()
    {
        SoapyQuirks quirks = SoapyQuirks.Of("isac");
        Assert.True(quirks.AcknowledgesBursts);
        StreamingDeviceDescription device = Device(StreamClock.LockStep, 1_000_000);
        Dictionary<string, string> arguments = quirks.StreamArguments(device, StreamDirection.Receive, SampleFormat.ComplexInt16);

        // A quarter of the window is rendered ahead: of 2 channels of 4 bytes that is a sixteenth of a million samples.
        Assert.Equal("2000000", arguments["remote:window"]);
        Assert.Equal("tcp", arguments["remote:prot"]);
        Assert.DoesNotContain("remote:window", quirks.StreamArguments(device, StreamDirection.Transmit, SampleFormat.ComplexInt16));
        Assert.DoesNotContain(
            "remote:window", quirks.StreamArguments(Device(StreamClock.RealTime, 0), StreamDirection.Receive, SampleFormat.ComplexInt16));
        Assert.Empty(SoapyQuirks.Of("b200").StreamArguments(device, StreamDirection.Receive, SampleFormat.ComplexInt16));
    }

    private static SoapyStreamResult Result(SoapyStreamCode code) => new(code, 0, SoapyStreamFlags.None, 0);

    private static SoapyStreamResult Acknowledgement(ulong channels) => new(SoapyStreamCode.None, 0, SoapyStreamFlags.EndBurst, 0, channels);

    private static StreamingDeviceDescription Device(StreamClock clock, long buffered) => new(
        "isac", "1", new Dictionary<string, string>(), 2, 2, [], [], default, default, [], [], clock, buffered, true);
}
