namespace IsacTestbed.Lab.Lines;

/// <summary>The parity bit of a serial line.</summary>
public enum Parity
{
    /// <summary>No parity bit.</summary>
    None = 0,

    /// <summary>The number of ones, with the parity bit, is even.</summary>
    Even = 1,

    /// <summary>The number of ones, with the parity bit, is odd.</summary>
    Odd = 2,
}

/// <summary>How the two ends of a serial line hold each other back.</summary>
public enum FlowControl
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>By the RTS and CTS wires.</summary>
    Hardware = 1,

    /// <summary>By the characters XON and XOFF in the data.</summary>
    Software = 2,
}

/// <summary>How a serial line is set.</summary>
/// <param name="BaudRate">Symbols per second, one of <see cref="StandardBaudRates"/>.</param>
/// <param name="DataBits">7 or 8.</param>
/// <param name="Parity">Parity bit.</param>
/// <param name="StopBits">1 or 2.</param>
/// <param name="FlowControl">Flow control.</param>
public sealed record LineSettings(int BaudRate, int DataBits = 8, Parity Parity = Parity.None, int StopBits = 1, FlowControl FlowControl = FlowControl.None)
{
    /// <summary>The rates that every Linux serial driver knows by name.</summary>
    public static IReadOnlyList<int> StandardBaudRates { get; } =
        [110, 150, 300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600];

    /// <summary>As people write it, as in "9600 8E1".</summary>
    public override string ToString() => FormattableString.Invariant($"{BaudRate} {DataBits}{Parity.ToString()[0]}{StopBits}");
}
