using IsacTestbed.Core;
using IsacTestbed.Lab.Instruments;
using IsacTestbed.Lab.Tests.Doubles;

namespace IsacTestbed.Lab.Tests.Instruments;

public sealed class AttenuatorTests : IAsyncDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly ManualTime _time = new();
    private readonly ScriptedTransport _line;

    public AttenuatorTests() => _line = new ScriptedTransport(_time);

    public ValueTask DisposeAsync() => _line.DisposeAsync();

    [Theory]
    [InlineData(12.5, ":SETATT=12.5", "1", "12.50", 12.5, 12.5)]
    [InlineData(12.4, ":SETATT=12.5", "1", "12.5", 12.5, 12.5)]
    [InlineData(0, ":SETATT=0", "1", "0.0", 0, 0)]
    [InlineData(-3, ":SETATT=0", "1", "0.0", 0, 0)]
    [InlineData(200, ":SETATT=90", "1", "90.00", 90, 90)]
    [InlineData(85, ":SETATT=85", "2", "63.00", 63, 63)]
    public async Task Set_Confirmed_TellsRequestedClippedAndActual(double wanted, string command, string answer, string readBack, double clipped, double actual)
    {
        await using Attenuator attenuator = Open(_line.Sent($"{command}\r\n", $"{answer}\r\n").Sent(":ATT?\r\n", $"{readBack}\r\n"));
        Assert.Equal(new AttenuationSetting(wanted, clipped, actual), await attenuator.SetAsync(wanted, Never));
    }

    [Fact]
    public async Task Set_AnsweredByZero_IsRefused()
    {
        await using Attenuator attenuator = Open(_line.Sent(":SETATT=3\r\n", "0\r\n"));
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(() => attenuator.SetAsync(3, Never));
        Assert.Equal((InstrumentFault.Refused, ":SETATT=3"), (problem.Fault, problem.Command));
    }

    [Theory]
    [InlineData("3")]
    [InlineData("-99 Unrecognized Command")]
    public async Task Set_AnsweredOtherwise_IsAWrongAnswer(string answer)
    {
        await using Attenuator attenuator = Open(_line.Sent(":SETATT=3\r\n", $"{answer}\r\n"));
        Assert.Equal(InstrumentFault.WrongAnswer, (await Assert.ThrowsAsync<InstrumentException>(() => attenuator.SetAsync(3, Never))).Fault);
    }

    [Fact]
    public async Task Set_ThatReadsBackOtherwise_IsNotBelieved()
    {
        await using Attenuator attenuator = Open(_line.Sent(":SETATT=3\r\n", "1\r\n").Sent(":ATT?\r\n", "90.0\r\n"));
        Assert.Contains("reads back 90 dB", (await Assert.ThrowsAsync<InstrumentException>(() => attenuator.SetAsync(3, Never))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task Set_NotANumber_IsTheCallersMistake(double wanted)
    {
        await using Attenuator attenuator = Open(_line);
        await Assert.ThrowsAsync<ArgumentException>(() => attenuator.SetAsync(wanted, Never));
    }

    [Fact]
    public async Task State_AfterSomebodyTurnedTheKnob_IsNotTrustworthy()
    {
        await using Attenuator attenuator = Open(
            _line.Sent(":ATT?\r\n", "90\r\n").Sent(":SETATT=3\r\n", "1\r\n").Sent(":ATT?\r\n", "3\r\n").Sent(":ATT?\r\n", "3\r\n").Sent(":ATT?\r\n", "5\r\n"));
        Assert.True((await attenuator.ReadStateAsync(Never)).Trustworthy);
        await attenuator.SetAsync(3, Never);
        Assert.True((await attenuator.ReadStateAsync(Never)).Trustworthy);
        InstrumentReading turned = await attenuator.ReadStateAsync(Never);
        Assert.Equal((false, "attenuation 5 dB, but 3 dB was set"), (turned.Trustworthy, turned.Reason));
    }

    [Fact]
    public async Task Identity_IsModelSerialAndFirmware()
    {
        await using Attenuator attenuator = Open(_line.Sent(":MN?\r\n", "RUDAT-6000-90\r\n").Sent(":SN?\r\n", "123\r\n").Sent(":FIRMWARE?\r\n", "B3\r\n"));
        Assert.Equal("RUDAT-6000-90, 123, B3", await attenuator.IdentifyAsync(Never));
    }

    private Attenuator Open(ScriptedTransport line) => new("attenuator", TestProfiles.Attenuator, line, _time);
}
