namespace IsacTestbed.Learning.Kernels;

/// <summary>Pinned float scratch that starts on a cache line and grows on demand; growing loses the content.</summary>
internal sealed unsafe class AlignedBuffer
{
    private const int LineBytes = 64;
    private float[] _storage = [];
    private int _capacity;

    /// <summary>At least <paramref name="length"/> floats, starting at a multiple of 64 bytes; valid until the next call with a larger
    /// length.</summary>
    public float* Reserve(int length)
    {
        if (length > _capacity)
        {
            _storage = GC.AllocateUninitializedArray<float>(checked(length + (LineBytes / sizeof(float))), pinned: true);
            _capacity = length;
        }

        fixed (float* start = _storage)
        {
            return (float*)(((nuint)start + LineBytes - 1) & ~(nuint)(LineBytes - 1));
        }
    }
}
