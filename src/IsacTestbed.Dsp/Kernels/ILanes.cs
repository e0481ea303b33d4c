namespace IsacTestbed.Dsp.Kernels;

/// <summary>Some neighbouring floats on which a kernel works at once, so that one kernel text serves every instruction tier.</summary>
/// <remarks>
/// Every operation rounds once, in every tier (the multiply-adds are fused in the scalar tier too), so element-wise kernels written over
/// lanes give the same bits whatever the machine's vector width.
/// </remarks>
internal unsafe interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Number of floats.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    static abstract TSelf Broadcast(float value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>a b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>c - a b, rounded once.</summary>
    static abstract TSelf NegateMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>Writes the transpose of 16 rows of <see cref="Count"/> floats: row p of the result holds 16 floats.</summary>
    static abstract void Transpose16(float* source, float* destination);

    void Store(float* destination);
}
