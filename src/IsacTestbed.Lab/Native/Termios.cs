using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IsacTestbed.Lab.Lines;

namespace IsacTestbed.Lab.Native;

/// <summary>struct termios of the C library (60 bytes), and what its bits mean.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Termios
{
    public const int Now = 0;
    public const int BothQueues = 2;

    private const uint DataBitsMask = 0x30;
    private const uint SevenBits = 0x20;
    private const uint EightBits = 0x30;
    private const uint TwoStopBits = 0x40;
    private const uint ReceiverOn = 0x80;
    private const uint ParityOn = 0x100;
    private const uint ParityOdd = 0x200;
    private const uint IgnoreModemLines = 0x800;
    private const uint HardwareFlowControl = 0x80000000;
    private const uint CheckParity = 0x10;
    private const uint IgnoreBreak = 0x1;
    private const uint XonOutput = 0x400;
    private const uint XonInput = 0x1000;
    private const int MinimumIndex = 6;
    private const int TimeIndex = 5;

    public uint InputFlags;
    public uint OutputFlags;
    public uint ControlFlags;
    public uint LocalFlags;
    public byte LineDiscipline;
    public ControlCharacters Characters;
    public uint InputSpeed;
    public uint OutputSpeed;

    /// <summary>Turns this into raw settings: bytes go through as they are, and nothing is echoed, edited or made a signal.</summary>
    /// <exception cref="ArgumentException">A setting has no meaning.</exception>
    public void MakeRaw(LineSettings settings)
    {
        InputFlags = IgnoreBreak;
        OutputFlags = 0;
        LocalFlags = 0;
        ControlFlags = ReceiverOn | IgnoreModemLines;
        ControlFlags |= settings.DataBits switch
        {
            7 => SevenBits,
            8 => EightBits,
            _ => throw new ArgumentException($"found {settings.DataBits} data bits; a line has 7 or 8", nameof(settings)),
        };
        ControlFlags |= settings.StopBits switch
        {
            1 => 0,
            2 => TwoStopBits,
            _ => throw new ArgumentException($"found {settings.StopBits} stop bits; a line has 1 or 2", nameof(settings)),
        };
        ControlFlags |= settings.FlowControl == FlowControl.Hardware ? HardwareFlowControl : 0;
        InputFlags |= settings.FlowControl == FlowControl.Software ? XonInput | XonOutput : 0;
        if (settings.Parity != Parity.None)
        {
            // A byte of wrong parity comes as NUL, which no instrument sends: the dialogue sees it as garbage.
            ControlFlags |= ParityOn | (settings.Parity == Parity.Odd ? ParityOdd : 0);
            InputFlags |= CheckParity;
        }

        // At least one byte: so a read of none means that the line hung up. The descriptor itself does not block.
        Characters[MinimumIndex] = 1;
        Characters[TimeIndex] = 0;
        if (LibC.SetSpeed(ref this, SpeedOf(settings.BaudRate)) != 0)
        {
            throw new ArgumentException($"found {settings.BaudRate} baud; the system takes {string.Join(", ", LineSettings.StandardBaudRates)}", nameof(settings));
        }
    }

    /// <summary>Whether a driver took the settings that were asked for.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="framed">Whether the line has frames at all; the bytes of a pseudo-terminal have neither parity nor bit counts.</param>
    public readonly bool Took(in Termios asked, bool framed)
    {
        uint frame = framed ? DataBitsMask | TwoStopBits | ParityOn | ParityOdd | HardwareFlowControl : 0;
        return ((ControlFlags ^ asked.ControlFlags) & frame) == 0 && InputSpeed == asked.InputSpeed && OutputSpeed == asked.OutputSpeed;
    }

    // The constants B110 to B921600 of the generic ABI.
    private static uint SpeedOf(int baudRate) =>
        baudRate switch
        {
            110 => 0x3,
            150 => 0x5,
            300 => 0x7,
            600 => 0x8,
            1200 => 0x9,
            2400 => 0xB,
            4800 => 0xC,
            9600 => 0xD,
            19200 => 0xE,
            38400 => 0xF,
            57600 => 0x1001,
            115200 => 0x1002,
            230400 => 0x1003,
            460800 => 0x1004,
            921600 => 0x1007,
            _ => throw new ArgumentException($"found {baudRate} baud; it must be one of {string.Join(", ", LineSettings.StandardBaudRates)}", nameof(baudRate)),
        };
}

/// <summary>The 32 control characters.</summary>
[InlineArray(32)]
internal struct ControlCharacters
{
    private byte _first;
}
