using System.Runtime.InteropServices;

namespace IsacTestbed.Uhd.Tests;

/// <summary>What native code has allocated and not freed, over all threads.</summary>
internal static partial class NativeHeap
{
    /// <summary>Bytes in use of the C library's heap, those of large blocks too.</summary>
    public static long BytesInUse()
    {
        // What waits for its finalizer is not lost.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        MallocInfo info = ReadInfo();
        return (long)(info.InUse + info.MappedBytes);
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial MallocInfo ReadInfo();

    /// <summary>struct mallinfo2.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MallocInfo
    {
        public nuint Arena;
        public nuint FreeBlocks;
        public nuint FastBlocks;
        public nuint MappedBlocks;
        public nuint MappedBytes;
        public nuint Unused;
        public nuint FastBytes;
        public nuint InUse;
        public nuint Free;
        public nuint Releasable;
    }
}
