using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Sidecar.Records;

/// <summary>A file that only grows: opened with O_APPEND, one write call per record, nothing kept back in this process.</summary>
/// <remarks>
/// What was written survives the end of this process however it comes. Several processes may share a file: the kernel sets the position at each
/// write. The framework's own FileMode.Append only seeks to the end once, which would let two writers overwrite each other. Not thread safe.
/// </remarks>
internal sealed partial class AppendOnlyFile : IDisposable
{
    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int Append = 0x400;
    private const int CloseOnExec = 0x80000;

    // Of the owner and readable by the group: it names people.
    private const int Permissions = 0b110_100_000;
    private const int Interrupted = 4;

    private readonly SafeFileHandle _file;

    /// <summary>Opens or creates the file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public AppendOnlyFile(string path)
    {
        Path = path;
        _file = Open(path, WriteOnly | Create | Append | CloseOnExec, Permissions);
        if (_file.IsInvalid)
        {
            string reason = Marshal.GetLastPInvokeErrorMessage();
            _file.Dispose();
            throw new IOException($"{path} cannot be opened for appending: {reason}.");
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Appends all bytes.</summary>
    /// <exception cref="IOException">The file system does not take them.</exception>
    public unsafe void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            nint written;
            fixed (byte* first = bytes)
            {
                written = Write(_file, first, (nuint)bytes.Length);
            }

            if (written >= 0)
            {
                bytes = bytes[(int)written..];
            }
            else if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new IOException($"{Path} cannot be written: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Write(SafeFileHandle file, byte* bytes, nuint count);
}
