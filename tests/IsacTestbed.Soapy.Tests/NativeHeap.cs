using System.Runtime.InteropServices;

namespace IsacTestbed.Soapy.Tests;

/// <summary>What the process holds from the C library's allocator, which the managed heap does not use.</summary>
internal static partial class NativeHeap
{
    /// <summary>Bytes in blocks that were allocated and not freed, over all arenas.</summary>
    public static long BytesInUse
    {
        get
        {
            AllocatorState state = ReadState();
            return (long)(state.UsedBytes + state.MappedBytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial AllocatorState ReadState();

    /// <summary>struct mallinfo2 of glibc 2.33 and later.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct AllocatorState
    {
        private readonly nuint _arena;
        private readonly nuint _freeChunks;
        private readonly nuint _fastChunks;
        private readonly nuint _mappedRegions;
        private readonly nuint _mappedBytes;
        private readonly nuint _unused;
        private readonly nuint _fastBytes;
        private readonly nuint _usedBytes;
        private readonly nuint _freeBytes;
        private readonly nuint _releasableBytes;

        public nuint UsedBytes => _usedBytes;

        public nuint MappedBytes => _mappedBytes;
    }
}
