using System.Runtime.InteropServices;
using IsacTestbed.Lab.Lines;

namespace IsacTestbed.Lab.Native;

/// <summary>Cancellable reading and writing of an open terminal's bytes; one of each at a time. Owns the terminal.</summary>
internal sealed class TerminalPort : IDisposable
{
    private readonly string _path;
    private readonly TerminalHandle _terminal;
    private readonly TerminalReadiness _readiness;
    private bool _disposed;

    /// <summary>Takes over a terminal that does not block.</summary>
    public TerminalPort(string path, TerminalHandle terminal)
    {
        _path = path;
        _terminal = terminal;
        _readiness = new TerminalReadiness(terminal, $"terminal {path}");
    }

    /// <summary>Reads what is there, or waits for it.</summary>
    /// <exception cref="SerialLineException">The other end hung up, or the device was unplugged.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (nint count, int error) = ReadNow(buffer.Span);
            if (count > 0 || buffer.Length == 0)
            {
                return (int)count;
            }

            if (count < 0 && error == LibC.TryAgain)
            {
                await _readiness.UntilReadableAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (count == 0 || error != LibC.Interrupted)
            {
                throw SerialLineProblem.OfUsing(_path, count == 0 ? LibC.InputOutput : error);
            }
        }
    }

    /// <summary>Writes all of it.</summary>
    /// <exception cref="SerialLineException">The other end hung up, or the device was unplugged.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        while (buffer.Length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (nint count, int error) = WriteNow(buffer.Span);
            if (count >= 0)
            {
                buffer = buffer[(int)count..];
            }
            else if (error == LibC.TryAgain)
            {
                await _readiness.UntilWritableAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (error != LibC.Interrupted)
            {
                throw SerialLineProblem.OfUsing(_path, error);
            }
        }
    }

    /// <summary>Ends waits in progress and closes the terminal.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _readiness.Dispose();
            _terminal.Dispose();
        }
    }

    private unsafe (nint Count, int Error) ReadNow(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        fixed (byte* start = buffer)
        {
            nint count = LibC.Read(_terminal, start, (nuint)buffer.Length);
            return (count, Marshal.GetLastPInvokeError());
        }
    }

    private unsafe (nint Count, int Error) WriteNow(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        fixed (byte* start = buffer)
        {
            nint count = LibC.Write(_terminal, start, (nuint)buffer.Length);
            return (count, Marshal.GetLastPInvokeError());
        }
    }
}
