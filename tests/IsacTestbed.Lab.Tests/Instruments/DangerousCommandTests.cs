using IsacTestbed.Lab.Instruments;
using IsacTestbed.Lab.Profiles;

namespace IsacTestbed.Lab.Tests.Instruments;

public sealed class DangerousCommandTests
{
    [Theory]
    [InlineData(InstrumentKind.Gpsdo, "SYST:COMM:SER:BAUD 9600")]
    [InlineData(InstrumentKind.Gpsdo, "system:communicate:serial:echo on")]
    [InlineData(InstrumentKind.Gpsdo, ":SYSTem:COMMunicate:SERial2:BAUD 9600")]
    [InlineData(InstrumentKind.Gpsdo, "SYNC:LOCK?;SYST:FACT ONCE")]
    [InlineData(InstrumentKind.Gpsdo, "SYSTEM:FACTORYRESET ONCE")]
    [InlineData(InstrumentKind.Gpsdo, "SERV:TRAC 1")]
    [InlineData(InstrumentKind.Gpsdo, "GPS:GPGGA 1")]
    [InlineData(InstrumentKind.Gpsdo, "SYNC:HOLD:INIT")]
    [InlineData(InstrumentKind.Gpsdo, "SYNC:IMME")]
    [InlineData(InstrumentKind.Gpsdo, "*RST")]
    [InlineData(InstrumentKind.Attenuator, ":STARTUPATT:VALUE:10")]
    [InlineData(InstrumentKind.Attenuator, ":STARTUPATT:INDICATOR:F")]
    [InlineData(InstrumentKind.Attenuator, ":ETHERNET:CONFIG:IP:10.0.0.1")]
    [InlineData(InstrumentKind.Rotator, "O")]
    [InlineData(InstrumentKind.Rotator, "F2")]
    [InlineData(InstrumentKind.Rotator, "r")]
    [InlineData(InstrumentKind.Switch, "*RST")]
    [InlineData(InstrumentKind.Switch, "SYST:PRES")]
    [InlineData(InstrumentKind.Switch, "MMEM:STOR:STAT 0,\"x\"")]
    [InlineData(InstrumentKind.Switch, "CONF:REL:DEL 2")]
    [InlineData(InstrumentKind.Switch, "ROUT:PATH:DEF \"x\",(@F01M01(0101))")]
    public void Rule_DangerousCommand_IsMatched(InstrumentKind kind, string command) => Assert.Contains(DangerousCommands.Of(kind), r => r.Matches(command));

    [Theory]
    [InlineData(InstrumentKind.Gpsdo, "*IDN?")]
    [InlineData(InstrumentKind.Gpsdo, "SYNC:HOLD:DUR?")]
    [InlineData(InstrumentKind.Gpsdo, "GPS:SAT:VIS:COUN?")]
    [InlineData(InstrumentKind.Gpsdo, "SYST:COMM:SER:BAUD?")]
    [InlineData(InstrumentKind.Attenuator, ":SETATT=12.5")]
    [InlineData(InstrumentKind.Attenuator, ":STARTUPATT:VALUE?")]
    [InlineData(InstrumentKind.Rotator, "M090")]
    [InlineData(InstrumentKind.Rotator, "C")]
    [InlineData(InstrumentKind.Rotator, "S")]
    [InlineData(InstrumentKind.Switch, "ROUT:CLOS (@F01M01(0101))")]
    [InlineData(InstrumentKind.Switch, "ROUT:CLOS? (@F01M01(0101))")]
    public void Rule_OrdinaryCommand_IsNotMatched(InstrumentKind kind, string command) =>
        Assert.DoesNotContain(DangerousCommands.Of(kind), r => r.Matches(command));
}
