using System.Runtime.InteropServices;
using IsacTestbed.Lab.Native;

namespace IsacTestbed.Lab.Lines;

/// <summary>A serial line, or a pseudo-terminal, as a stream of raw bytes. Reads and writes are cancellable; one of each at a time.</summary>
/// <remarks>
/// The line is opened without becoming the process's controlling terminal and without waiting for a carrier; it is locked against other
/// users (TIOCEXCL, and an advisory lock that holds even among privileged processes), and what stands in its queues is thrown away. Closing
/// it restores the settings that it had. A device that is unplugged ends every read and write with <see cref="SerialLineException"/>.
/// Linux only.
/// </remarks>
public sealed class SerialStream : Stream
{
    private readonly TerminalPort _port;

    private SerialStream(string path, LineSettings settings, TerminalHandle terminal)
    {
        Path = path;
        Settings = settings;
        _port = new TerminalPort(path, terminal);
    }

    /// <summary>The device.</summary>
    public string Path { get; }

    /// <summary>How it is set.</summary>
    public LineSettings Settings { get; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException("A serial line has no length.");

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException("A serial line has no position.");
        set => throw new NotSupportedException("A serial line has no position.");
    }

    /// <summary>Opens a line.</summary>
    /// <param name="path">The device, as in /dev/ttyUSB0 or, better, /dev/serial/by-id/....</param>
    /// <param name="settings">How to set it.</param>
    /// <exception cref="SerialLineException">No such device, busy, no permission, no terminal, or settings that the driver does not take.</exception>
    /// <exception cref="ArgumentException">A setting has no meaning.</exception>
    /// <exception cref="PlatformNotSupportedException">Not on Linux.</exception>
    public static SerialStream Open(string path, LineSettings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(settings);
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Serial lines are opened by termios with Linux' constants; run the instruments on a Linux host.");
        }

        int descriptor = LibC.Open(path, LibC.ReadWrite | LibC.NoControllingTerminal | LibC.NonBlocking | LibC.CloseOnExec);
        if (descriptor < 0)
        {
            throw SerialLineProblem.OfOpening(path, Marshal.GetLastPInvokeError());
        }

        TerminalHandle terminal = Own(path, descriptor);
        try
        {
            Set(path, terminal, settings);
            return new SerialStream(path, settings, terminal);
        }
        catch
        {
            terminal.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SerialLineException">The device was unplugged.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _port.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="SerialLineException">The device was unplugged.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _port.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Not supported: a read that cannot be cancelled would hang on a quiet line. Use <see cref="ReadAsync(Memory{byte}, CancellationToken)"/>.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A serial line is read asynchronously.");

    /// <summary>Not supported: use <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A serial line is written asynchronously.");

    /// <summary>Does nothing: a write has reached the driver when it returns.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A serial line cannot seek.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("A serial line has no length.");

    /// <summary>Restores the line's settings and closes it.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _port.Dispose();
        }

        base.Dispose(disposing);
    }

    // From here on the handle owns the descriptor and restores the settings.
    private static TerminalHandle Own(string path, int descriptor)
    {
        SerialLineException? problem =
            LibC.GetAttributes(descriptor, out Termios original) != 0
                ? new SerialLineException(SerialLineFault.NotATerminal, path, "not a terminal device; name a serial line, as in /dev/ttyUSB0")
            : LibC.Lock(descriptor, LibC.LockExclusiveNow) != 0 ? SerialLineProblem.Busy(path)
            : null;
        if (problem is not null)
        {
            _ = LibC.Close(descriptor);
            throw problem;
        }

        _ = LibC.Control(descriptor, LibC.SetExclusive);
        return new TerminalHandle(descriptor, original);
    }

    private static void Set(string path, TerminalHandle terminal, LineSettings settings)
    {
        nint descriptor = terminal.DangerousGetHandle();
        Termios raw = terminal.Original!.Value;
        raw.MakeRaw(settings);

        // Setting succeeds when any of the settings was taken; what was not is seen by asking.
        if (LibC.SetAttributes(descriptor, Termios.Now, raw) != 0
            || LibC.GetAttributes(descriptor, out Termios taken) != 0
            || !taken.Took(raw, framed: !SerialLineProblem.IsPseudoTerminal(path)))
        {
            throw new SerialLineException(
                SerialLineFault.UnsupportedSettings,
                path,
                $"the driver does not take {settings} with flow control {settings.FlowControl}; choose what both instrument and adapter have");
        }

        _ = LibC.Flush(descriptor, Termios.BothQueues);
    }
}
