using System.Runtime.CompilerServices;
using IsacTestbed.Radio;

namespace IsacTestbed.Uhd.Tests;

/// <summary>The binding by itself: layouts, the tables of codes, and what it says when something is missing.</summary>
public sealed class BindingTests
{
    [Fact]
    public void Structs_OfTheHeaders_HaveTheirSizes()
    {
        // What sizeof says of uhd/usrp/usrp.h, uhd/types/tune_request.h, tune_result.h, ranges.h and usrp_info.h on 64-bit machines.
        Assert.Equal(40, Unsafe.SizeOf<UhdStreamArguments>());
        Assert.Equal(40, Unsafe.SizeOf<UhdStreamCommand>());
        Assert.Equal(48, Unsafe.SizeOf<UhdTuneRequest>());
        Assert.Equal(40, Unsafe.SizeOf<UhdTuneResult>());
        Assert.Equal(24, Unsafe.SizeOf<UhdRange>());
        Assert.Equal(64, Unsafe.SizeOf<UhdChannelInfo>());
    }

    [Fact]
    public unsafe void StreamCommand_Fields_LieWhereTheHeaderHasThem()
    {
        UhdStreamCommand command = default;
        byte* start = (byte*)&command;
        Assert.Equal(0, (byte*)&command.Mode - start);
        Assert.Equal(8, (byte*)&command.SampleCount - start);
        Assert.Equal(16, &command.IsImmediate - start);
        Assert.Equal(24, (byte*)&command.WholeSeconds - start);
        Assert.Equal(32, (byte*)&command.Fraction - start);
    }

    [Fact]
    public unsafe void TuneRequest_Fields_LieWhereTheHeaderHasThem()
    {
        UhdTuneRequest request = default;
        byte* start = (byte*)&request;
        Assert.Equal(8, (byte*)&request.RfPolicy - start);
        Assert.Equal(16, (byte*)&request.RfHz - start);
        Assert.Equal(24, (byte*)&request.DspPolicy - start);
        Assert.Equal(32, (byte*)&request.DspHz - start);
        Assert.Equal(40, (byte*)&request.Arguments - start);
    }

    [Theory]
    [InlineData(0x0, ReceiveStatus.Samples)]
    [InlineData(0x1, ReceiveStatus.TimedOut)]
    [InlineData(0x2, ReceiveStatus.Failed)]
    [InlineData(0x4, ReceiveStatus.Corrupt)]
    [InlineData(0x8, ReceiveStatus.Overflow)]
    [InlineData(0xC, ReceiveStatus.Corrupt)]
    [InlineData(0xF, ReceiveStatus.Corrupt)]
    [InlineData(0x7, ReceiveStatus.Failed)]
    public void ReceiveError_OfTheHeader_BecomesAStatus(int error, ReceiveStatus status) =>
        Assert.Equal(status, UhdCodes.Status((UhdReceiveError)error));

    [Theory]
    [InlineData(0x1, TransmitEventKind.BurstEnded)]
    [InlineData(0x2, TransmitEventKind.Underflow)]
    [InlineData(0x4, TransmitEventKind.Lost)]
    [InlineData(0x8, TransmitEventKind.Late)]
    [InlineData(0x10, TransmitEventKind.Underflow)]
    [InlineData(0x20, TransmitEventKind.Lost)]
    [InlineData(0x40, TransmitEventKind.None)]
    [InlineData(0x80, TransmitEventKind.Failed)]
    public void AsyncEvent_OfTheHeader_BecomesAnEvent(int code, TransmitEventKind kind) =>
        Assert.Equal(kind, UhdQuirks.Native.Event((UhdAsyncEvent)code));

    [Fact]
    public void AsyncEvent_UserPayloadOfUhdSoapysdr_SaysThatThereAreNone() =>
        Assert.Equal(TransmitEventKind.NotSupported, UhdQuirks.Soapy.Event(UhdAsyncEvent.UserPayload));

    [Theory]
    [InlineData(1, RadioFaultCode.NotFound)]
    [InlineData(11, RadioFaultCode.NotSupported)]
    [InlineData(20, RadioFaultCode.NotSupported)]
    [InlineData(21, RadioFaultCode.Dead)]
    [InlineData(30, RadioFaultCode.Dead)]
    [InlineData(43, RadioFaultCode.NotSupported)]
    [InlineData(44, RadioFaultCode.Dead)]
    [InlineData(70, RadioFaultCode.Dead)]
    public void Error_OfTheHeader_BecomesAFault(int error, RadioFaultCode fault) => Assert.Equal(fault, UhdCodes.Fault((UhdError)error));

    [Fact]
    public void Exception_OfSeveralLines_IsOne()
    {
        StreamingDeviceException exception = UhdCodes.Exception(
            UhdError.Runtime,
            "opening \"type=x300\"",
            "RuntimeError: Expected FPGA compatibility number 38,\n  but got 36:\n\nuhd_images_downloader\n");
        Assert.Equal(
            "opening \"type=x300\": libuhd says: RuntimeError: Expected FPGA compatibility number 38, but got 36: uhd_images_downloader",
            exception.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("None")]
    public void Exception_WithoutWords_HasTheCode(string text) =>
        Assert.EndsWith("error 21 (Usb)", UhdCodes.Exception(UhdError.Usb, "tuning", text).Message, StringComparison.Ordinal);

    [Fact]
    public void Library_ThatIsMissing_NamesThePackageToInstall()
    {
        string[] candidates = ["libuhd.so.99", "libnone.so.1"];
        StreamingDeviceException exception = Assert.Throws<StreamingDeviceException>(() => UhdLibrary.Require(candidates));
        Assert.Equal(RadioFaultCode.NotFound, exception.Code);
        Assert.Contains("libuhd.so.99, libnone.so.1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("libuhd4.3.0", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData("SoapyRF", 2, 1)]
    [InlineData("FE-RX1", 2, 2)]
    public void Quirks_ByFrontend_SayWhoAcknowledges(string frontend, int channels, int messages)
    {
        var events = new ChannelEvents(UhdQuirks.Of(frontend).AcknowledgesEachChannel ? channels : 1, 1e6);
        var ended = new TransmitEvent(TransmitEventKind.BurstEnded, 1000);
        for (int c = 0; c < messages - 1; c++)
        {
            Assert.False(events.IsNews(ended, c));
        }

        Assert.True(events.IsNews(ended, messages - 1));
    }

    [Fact]
    public void Ranges_OfTwoDirections_AreSharedInRisingOrder()
    {
        IReadOnlyList<SettingRange> shared = UhdSurvey.Shared(
            [new SettingRange(5e6, 5e6), new SettingRange(1e6, 1e6), new SettingRange(10e6, 60e6, 1)],
            [new SettingRange(1e6, 1e6), new SettingRange(5e6, 5e6), new SettingRange(40e6, 80e6, 1)]);
        Assert.Equal([new SettingRange(1e6, 1e6), new SettingRange(5e6, 5e6), new SettingRange(40e6, 60e6)], shared);
        Assert.Equal([new SettingRange(0, 9, 0.5)], UhdSurvey.Shared([new SettingRange(0, 9, 0.5)], [new SettingRange(0, 9, 0.5)]));
    }

    [Theory]
    [InlineData(0.25, 12, 0.5)]
    [InlineData(0.75, 13, 0.0)]
    [InlineData(-0.5, 11, 0.75)]
    public void Time_WithSecondsMore_KeepsItsFractionBelowOne(double seconds, long whole, double fraction) =>
        Assert.Equal(new UhdTime(whole, fraction), new UhdTime(12, 0.25).Plus(seconds));
}
