using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IsacTestbed.Dsp.Kernels;

/// <summary>Memory that an object owns for its lifetime, pinned and begun on a cache line.</summary>
internal static unsafe class PinnedScratch
{
    private const int LineFloats = 16;

    /// <summary>Room for so many floats from <see cref="Address"/> on.</summary>
    public static float[] Allocate(int length) => GC.AllocateArray<float>(checked(length + LineFloats), pinned: true);

    public static float[] Copy(ReadOnlySpan<float> values)
    {
        float[] memory = Allocate(values.Length);
        values.CopyTo(new Span<float>(Address(memory), values.Length));
        return memory;
    }

    /// <summary>The first float on a cache line. Valid while the array is referenced.</summary>
    public static float* Address(float[] pinned)
    {
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        return (float*)((address + 63) & ~63);
    }

    /// <summary>A length rounded up to whole cache lines.</summary>
    public static int Padded(int length) => checked(length + LineFloats - 1) & ~(LineFloats - 1);
}
