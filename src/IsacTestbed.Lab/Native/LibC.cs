using System.Runtime.InteropServices;

namespace IsacTestbed.Lab.Native;

/// <summary>The calls of Linux' C library that a serial line and a pseudo-terminal need, and their constants in the generic ABI.</summary>
/// <remarks>x86-64, arm64 and RISC-V share these values; MIPS, PowerPC, SPARC and Alpha have others and are not supported.</remarks>
internal static partial class LibC
{
    public const int ReadWrite = 0x2;
    public const int NoControllingTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoSuchDeviceOrAddress = 6;
    public const int NoEntry = 2;
    public const int TryAgain = 11;
    public const int AccessDenied = 13;
    public const int DeviceBusy = 16;
    public const int NoSuchDevice = 19;
    public const int NotADirectory = 20;
    public const int NotATerminal = 25;
    public const int BrokenPipe = 32;

    public const short PollIn = 0x1;
    public const short PollOut = 0x4;

    public const int LockExclusiveNow = 2 | 4;

    public const nuint SetExclusive = 0x540C;
    public const nuint ClearExclusive = 0x540D;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(nint descriptor);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(TerminalHandle descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(TerminalHandle descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static unsafe partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint ReadEvent(int descriptor, ulong* value, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint WriteEvent(int descriptor, ulong* value, nuint count);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(nint descriptor, int operation);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(nint descriptor, nuint request);

    [LibraryImport(Library, EntryPoint = "tcgetattr", SetLastError = true)]
    public static partial int GetAttributes(nint descriptor, out Termios attributes);

    [LibraryImport(Library, EntryPoint = "tcsetattr", SetLastError = true)]
    public static partial int SetAttributes(nint descriptor, int when, in Termios attributes);

    [LibraryImport(Library, EntryPoint = "cfsetspeed", SetLastError = true)]
    public static partial int SetSpeed(ref Termios attributes, uint speed);

    [LibraryImport(Library, EntryPoint = "tcflush", SetLastError = true)]
    public static partial int Flush(nint descriptor, int queues);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int Status(int folder, string path, int flags, uint mask, FileStatus* status);

    [LibraryImport(Library, EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int OpenPseudoTerminal(int flags);

    [LibraryImport(Library, EntryPoint = "grantpt", SetLastError = true)]
    public static partial int GrantPseudoTerminal(nint master);

    [LibraryImport(Library, EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int UnlockPseudoTerminal(nint master);

    [LibraryImport(Library, EntryPoint = "ptsname_r", SetLastError = true)]
    public static unsafe partial int NameOfPseudoTerminal(nint master, byte* name, nuint length);
}

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int Descriptor;
    public short Events;
    public short Returned;
}

/// <summary>The head of struct statx, whose layout is the same on all architectures.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    public const uint BasicMask = 0x7FF;
    public const int CurrentFolder = -100;

    [FieldOffset(24)]
    public uint GroupId;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(128)]
    public uint DeviceMajor;
}
