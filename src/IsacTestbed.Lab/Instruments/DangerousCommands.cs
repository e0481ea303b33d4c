using IsacTestbed.Lab.Profiles;

namespace IsacTestbed.Lab.Instruments;

/// <summary>What is dangerous for each kind of instrument.</summary>
public static class DangerousCommands
{
    private static readonly DangerousCommandRule[] Scpi =
    [
        new("*RST", "resets the instrument to its preset"),
        new("*SAV", "overwrites a stored preset"),
        new("*RCL", "replaces all settings by a stored preset"),
        new("SYSTem:PRESet", "resets the instrument to its preset"),
        new("SYSTem:COMMunicate", "changes how the instrument is reached"),
        new("MMEMory", "changes what is stored in the instrument"),
    ];

    private static readonly DangerousCommandRule[] Gpsdo =
    [
        .. Scpi,
        new("SYSTem:FACToryreset", "erases all stored settings"),
        new("SYNChronization:HOLDover:INITiate", "takes the oscillator off its reference"),
        new("SYNChronization:IMMEdiate", "makes the 1PPS output jump"),
        new("SYNChronization:SOURce:MODE", "changes the reference source"),
        new("SYNChronization:OUTput", "changes the 1PPS output"),
        new("SERVo", "writes control-loop settings to the EEPROM"),
        new("GPS", "writes receiver settings to the EEPROM"),
        new("GYRO", "writes calibration to the EEPROM"),
        new("CSAC", "writes settings of the atomic clock"),
    ];

    private static readonly DangerousCommandRule[] Attenuator =
    [
        new("STARTUPATT", "writes the start-up attenuation to the EEPROM"),
        new("LASTATT", "writes the start-up attenuation to the EEPROM"),
        new("ETHERNET", "changes how the instrument is reached"),
        new("HTTP", "changes how the instrument is reached"),
        new("TELNET", "changes how the instrument is reached"),
        new("ASSIGNADDRESSES", "changes how the instrument is reached"),
    ];

    private static readonly DangerousCommandRule[] Rotator =
    [
        new("O", "overwrites the offset calibration"),
        new("F", "overwrites the full-scale calibration"),
        new("N", "starts a timed sequence of positions"),
        new("T", "starts a timed sequence of positions"),
        new("L", "rotates without a target"),
        new("R", "rotates without a target"),
        new("U", "rotates without a target"),
        new("D", "rotates without a target"),
    ];

    private static readonly DangerousCommandRule[] Switch =
    [
        .. Scpi,
        new("CONFigure", "writes the switch unit's configuration"),
        new("ROUTe:PATH", "changes stored paths"),
        new("ROUTe:MODule", "changes the switch unit's configuration"),
    ];

    /// <summary>The rules of a kind.</summary>
    public static IReadOnlyList<DangerousCommandRule> Of(InstrumentKind kind) =>
        kind switch
        {
            InstrumentKind.Gpsdo => Gpsdo,
            InstrumentKind.Attenuator => Attenuator,
            InstrumentKind.Rotator => Rotator,
            InstrumentKind.Switch => Switch,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of instrument."),
        };
}
