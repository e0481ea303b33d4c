using System.Runtime.InteropServices;
using IsacTestbed.Lab.Dialogues;
using IsacTestbed.Lab.Native;

namespace IsacTestbed.Lab.Lines;

/// <summary>The instrument's end of a pseudo-terminal; the other end has a path that any program opens like a serial line.</summary>
/// <remarks>
/// The far end is held open here as well, so that a program may close and open it again without this end seeing a hang-up; and it is raw
/// from the start, so that nothing is echoed before anybody has set it. Disposing hangs up: who has the path open sees the device unplugged.
/// </remarks>
public sealed class PseudoTerminal : IInstrumentTransport
{
    private const int NameLength = 128;

    private readonly TerminalPort _port;
    private readonly TerminalHandle _far;

    private PseudoTerminal(string name, TerminalHandle master, TerminalHandle far)
    {
        Name = name;
        _far = far;
        _port = new TerminalPort(name, master);
    }

    /// <summary>Path of the other end, as in /dev/pts/3.</summary>
    public string Name { get; }

    /// <summary>Makes a new pair.</summary>
    /// <exception cref="IOException">The system has no pseudo-terminals left, or /dev/pts is not mounted.</exception>
    public static unsafe PseudoTerminal Create()
    {
        const int flags = LibC.ReadWrite | LibC.NoControllingTerminal | LibC.NonBlocking | LibC.CloseOnExec;
        int descriptor = LibC.OpenPseudoTerminal(flags);
        var master = new TerminalHandle(descriptor, null);
        byte* name = stackalloc byte[NameLength];
        if (master.IsInvalid
            || LibC.GrantPseudoTerminal(descriptor) != 0
            || LibC.UnlockPseudoTerminal(descriptor) != 0
            || LibC.NameOfPseudoTerminal(descriptor, name, NameLength) != 0)
        {
            string problem = Marshal.GetLastPInvokeErrorMessage();
            master.Dispose();
            throw new IOException($"A pseudo-terminal cannot be made: {problem}; is /dev/pts mounted?");
        }

        string path = Marshal.PtrToStringUTF8((nint)name)!;
        var far = new TerminalHandle(LibC.Open(path, flags), null);
        if (far.IsInvalid || LibC.GetAttributes(far.DangerousGetHandle(), out Termios settings) != 0)
        {
            string problem = Marshal.GetLastPInvokeErrorMessage();
            far.Dispose();
            master.Dispose();
            throw new IOException($"{path}: the far end of a pseudo-terminal cannot be opened: {problem}");
        }

        settings.MakeRaw(new LineSettings(9600));
        _ = LibC.SetAttributes(far.DangerousGetHandle(), Termios.Now, settings);
        return new PseudoTerminal(path, master, far);
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _port.WriteAsync(bytes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _port.ReadAsync(buffer, cancellationToken);

    /// <summary>Hangs up.</summary>
    public ValueTask DisposeAsync()
    {
        _port.Dispose();
        _far.Dispose();
        return ValueTask.CompletedTask;
    }
}
