using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IsacTestbed.Dsp.Kernels;

/// <summary>Eight floats in an AVX2 register.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    private readonly Vector256<float> _value = value;

    /// <summary>Whether this machine has AVX2 with fused multiply-add.</summary>
    public static bool IsSupported => Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Fma.MultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 NegateMultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(Fma.MultiplyAddNegated(a._value, b._value, c._value));

    public static void Transpose16(float* source, float* destination)
    {
        Transpose8(source, destination);
        Transpose8(source + 64, destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _value.Store(destination);

    /// <summary>8 x 8 from rows of 8 to rows 16 apart.</summary>
    private static void Transpose8(float* source, float* destination)
    {
        Vector256<float> r0 = Vector256.Load(source), r1 = Vector256.Load(source + 8), r2 = Vector256.Load(source + 16),
            r3 = Vector256.Load(source + 24);
        Vector256<float> r4 = Vector256.Load(source + 32), r5 = Vector256.Load(source + 40), r6 = Vector256.Load(source + 48),
            r7 = Vector256.Load(source + 56);
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xEE), b2 = Avx.Shuffle(a1, a3, 0x44),
            b3 = Avx.Shuffle(a1, a3, 0xEE);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xEE), b6 = Avx.Shuffle(a5, a7, 0x44),
            b7 = Avx.Shuffle(a5, a7, 0xEE);
        Avx.Permute2x128(b0, b4, 0x20).Store(destination);
        Avx.Permute2x128(b1, b5, 0x20).Store(destination + 16);
        Avx.Permute2x128(b2, b6, 0x20).Store(destination + 32);
        Avx.Permute2x128(b3, b7, 0x20).Store(destination + 48);
        Avx.Permute2x128(b0, b4, 0x31).Store(destination + 64);
        Avx.Permute2x128(b1, b5, 0x31).Store(destination + 80);
        Avx.Permute2x128(b2, b6, 0x31).Store(destination + 96);
        Avx.Permute2x128(b3, b7, 0x31).Store(destination + 112);
    }
}
