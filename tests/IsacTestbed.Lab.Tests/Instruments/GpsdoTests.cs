using IsacTestbed.Core;
using IsacTestbed.Lab.Instruments;
using IsacTestbed.Lab.Nmea;
using IsacTestbed.Lab.Tests.Doubles;

namespace IsacTestbed.Lab.Tests.Instruments;

public sealed class GpsdoTests : IAsyncDisposable
{
    private static readonly string Gga = $"{NmeaSentence.Format("GPGGA,120001.00,4807.0380,N,01131.0000,E,1,11,0.9,545.4,M,46.9,M,,")}\r\n";
    private static readonly string Rmc = $"{NmeaSentence.Format("GPRMC,120001.00,A,4807.0380,N,01131.0000,E,0.0,0.0,010326,,")}\r\n";
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly ManualTime _time = new();
    private readonly ScriptedTransport _line;

    public GpsdoTests() => _line = new ScriptedTransport(_time);

    public ValueTask DisposeAsync() => _line.DisposeAsync();

    [Fact]
    public async Task Status_WithSentencesBetweenTheAnswers_IsRead()
    {
        await using Gpsdo gpsdo = Open(
            _line.Sent("SYNC:LOCK?\r\n", Gga, "1\r\n")
                .Sent("SYNC:HEALTH?\r\n", "0x", "0\r\n")
                .Sent("SYNC:HOLD:DUR?\r\n", Gga, Rmc, "17,0\r\n")
                .Sent("SYNC:TINT?\r\n", "-3.20E-09\r\n")
                .Sent("GPS:SAT:VIS:COUN?\r\n", "11\r\n"));
        GpsdoStatus status = await gpsdo.ReadStatusAsync(Never);
        Assert.Equal(new GpsdoStatus(true, GpsdoHealth.Healthy, -3.2e-9, 11, false, 17), status);
        Assert.Equal(string.Empty, status.Doubt);
        Assert.True(gpsdo.ReadFix().IsValid);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 1, TimeSpan.Zero), gpsdo.ReadTime().Utc);
    }

    [Theory]
    [InlineData("0", "0x0", "0,0", "lock lost")]
    [InlineData("1", "0x0", "12,1", "in holdover for 12 s")]
    [InlineData("0", "0x14", "75,1", "in holdover for 75 s")]
    [InlineData("1", "0x8", "0,0", "health WarmUp")]
    [InlineData("1", "HEALTH STATUS: 0x204", "0,0", "health PhaseOffset, PhaseReset")]
    public async Task State_OfADoubtfulReference_IsNotTrustworthy(string locked, string health, string holdover, string reason)
    {
        await using Gpsdo gpsdo = Open(Answers(locked, health, holdover, "1e-9", "4"));
        InstrumentReading reading = await gpsdo.ReadStateAsync(Never);
        Assert.Equal(("gpsdo", false, reason), (reading.Instrument, reading.Trustworthy, reading.Reason));
        Assert.Equal(_time.GetUtcNow(), reading.TimeUtc);
        Assert.Contains(new InstrumentValue("locked", locked == "1" ? "true" : "false", string.Empty), reading.Values);
    }

    [Theory]
    [InlineData("2", "0x0", "0,0", "1e-9", "4", "SYNC:LOCK?")]
    [InlineData("1", "healthy", "0,0", "1e-9", "4", "SYNC:HEALTH?")]
    [InlineData("1", "0x", "0,0", "1e-9", "4", "SYNC:HEALTH?")]
    [InlineData("1", "0x0", "0", "1e-9", "4", "SYNC:HOLD:DUR?")]
    [InlineData("1", "0x0", "-1,0", "1e-9", "4", "SYNC:HOLD:DUR?")]
    [InlineData("1", "0x0", "0,0", "nan", "4", "SYNC:TINT?")]
    [InlineData("1", "0x0", "0,0", "1e-9", "-4", "GPS:SAT:VIS:COUN?")]
    public async Task Status_WrongAnswer_NamesTheCommand(string locked, string health, string holdover, string interval, string satellites, string command)
    {
        await using Gpsdo gpsdo = Open(Answers(locked, health, holdover, interval, satellites));
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(() => gpsdo.ReadStatusAsync(Never));
        Assert.Equal((InstrumentFault.WrongAnswer, command), (problem.Fault, problem.Command));
    }

    /// <summary>A sentence that is 2.5 s old still counts, one that is older does not; and what matters is when it came, not when it is read.</summary>
    [Fact]
    public async Task Fix_OfAnOldSentence_IsStale()
    {
        await using Gpsdo gpsdo = Open(_line.Sent("*IDN?\r\n", Gga, "LC_XO\r\n"));
        await gpsdo.IdentifyAsync(Never);
        _time.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Equal(11, gpsdo.ReadFix().SatellitesUsed);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        InstrumentException problem = Assert.Throws<InstrumentException>(gpsdo.ReadFix);
        Assert.Equal(InstrumentFault.Stale, problem.Fault);
        Assert.Contains("2.6 s old, more than 2.5 s", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fix_WithoutASentence_SaysHowToSwitchThemOn()
    {
        await using Gpsdo gpsdo = Open(_line);
        InstrumentException problem = Assert.Throws<InstrumentException>(gpsdo.ReadFix);
        Assert.Equal(InstrumentFault.Stale, problem.Fault);
        Assert.Contains("GPS:GPGGA 1", problem.Message, StringComparison.Ordinal);
        Assert.Contains("GPS:GPRMC 1", Assert.Throws<InstrumentException>(gpsdo.ReadTime).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sentences_Damaged_AreCountedAndDoNotRefreshTheFix()
    {
        string bent = Gga.Replace("4807", "4808", StringComparison.Ordinal);
        await using Gpsdo gpsdo = Open(_line.Sent("*IDN?\r\n", Gga, "A\r\n").Sent("*IDN?\r\n", bent, "08-07-31 373815 60685 -32.08\r\nB\r\n"));
        Assert.Equal("A", await gpsdo.IdentifyAsync(Never));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("B", await gpsdo.IdentifyAsync(Never));
        Assert.Equal(1, gpsdo.BadSentences);
        Assert.Equal(InstrumentFault.Stale, Assert.Throws<InstrumentException>(gpsdo.ReadFix).Fault);
    }

    [Fact]
    public void Profile_OfAnotherKind_IsRefused() =>
        Assert.Contains("Attenuator", Assert.Throws<ArgumentException>(() => new Gpsdo("x", TestProfiles.Attenuator, _line, _time)).Message, StringComparison.Ordinal);

    private ScriptedTransport Answers(string locked, string health, string holdover, string interval, string satellites) =>
        _line.Sent("SYNC:LOCK?\r\n", $"{locked}\r\n")
            .Sent("SYNC:HEALTH?\r\n", $"{health}\r\n")
            .Sent("SYNC:HOLD:DUR?\r\n", $"{holdover}\r\n")
            .Sent("SYNC:TINT?\r\n", $"{interval}\r\n")
            .Sent("GPS:SAT:VIS:COUN?\r\n", $"{satellites}\r\n");

    private Gpsdo Open(ScriptedTransport line) => new("gpsdo", TestProfiles.Gpsdo, line, _time);
}
