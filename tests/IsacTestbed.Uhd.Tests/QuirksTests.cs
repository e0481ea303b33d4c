using IsacTestbed.Ether;
using IsacTestbed.Radio;
using IsacTestbed.Soapy.Tests;

namespace IsacTestbed.Uhd.Tests;

/// <summary>
/// That uhd-soapysdr behaves as the table of quirks says; a version of it that does not makes these tests fail, and the entry needless.
/// </summary>
[Collection(Alone.Name)]
public sealed class QuirksTests
{
    [UhdFact]
    public async Task EndMark_GivenToUhdSoapysdr_DropsTheBurst()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Paced);
        using var usrp = Usrp.Open(UhdChain.Options(served).Arguments);
        Assert.Equal(UhdQuirks.SoapyFrontend, usrp.SubdevName(StreamDirection.Transmit, 0));
        Assert.Equal(TransmitEventKind.BurstEnded, Outcome(usrp, UhdQuirks.Soapy));
        Assert.Equal(TransmitEventKind.None, Outcome(usrp, UhdQuirks.Soapy with { EndsAreSilent = false }));
    }

    [UhdFact]
    public async Task CommandTime_ThroughUhdSoapysdr_IsRefused()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Paced);
        using var usrp = Usrp.Open(UhdChain.Options(served).Arguments);
        StreamingDeviceException exception = Assert.Throws<StreamingDeviceException>(() =>
            usrp.SetCommandTime(usrp.TimeNow(0).Plus(0.5), Usrp.AllBoards));
        Assert.Contains("CMD", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Sends a short burst half a second ahead, and hears what becomes of it.</summary>
    private static TransmitEventKind Outcome(Usrp usrp, UhdQuirks quirks)
    {
        var settings = new UhdStreamSettings("fc32", "sc16", string.Empty, [0, 1]);
        var shape = new StreamShape(SampleFormat.ComplexFloat32, 2, ServedAir.RateHz);
        using var transmit = new UhdTransmitStream(() => usrp.OpenTransmitter(settings), shape, quirks);
        using var buffer = new StreamBuffer(shape.Format, shape.Channels, 100);
        transmit.Activate();
        UhdTime time = usrp.TimeNow(0).Plus(0.5);
        long start = StreamTime.TickFromSeconds(time.WholeSeconds, time.Fraction, ServedAir.RateHz);
        Assert.Equal(TransmitStatus.Accepted, transmit.Write(buffer, 0, 100, start, endOfBurst: true, 100_000).Status);
        TransmitEventKind kind = TransmitEventKind.None;
        while (kind == TransmitEventKind.None && usrp.TimeNow(0).Since(time) < 0.5)
        {
            kind = transmit.ReadEvent(50_000).Kind;
        }

        return kind;
    }
}
