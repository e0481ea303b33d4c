using System.Runtime.CompilerServices;

namespace IsacTestbed.Dsp.Kernels;

internal readonly unsafe struct MultiplyKernel(float* aRe, float* aIm, float* bRe, float* bIm, float* outRe, float* outIm) : ILaneKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TLanes>(nint i)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes ar = TLanes.Load(aRe + i), ai = TLanes.Load(aIm + i), br = TLanes.Load(bRe + i), bi = TLanes.Load(bIm + i);
        TLanes.NegateMultiplyAdd(ai, bi, ar * br).Store(outRe + i);
        TLanes.MultiplyAdd(ai, br, ar * bi).Store(outIm + i);
    }
}

internal readonly unsafe struct MultiplyConjugateKernel(float* aRe, float* aIm, float* bRe, float* bIm, float* outRe,
    float* outIm) : ILaneKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TLanes>(nint i)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes ar = TLanes.Load(aRe + i), ai = TLanes.Load(aIm + i), br = TLanes.Load(bRe + i), bi = TLanes.Load(bIm + i);
        TLanes.MultiplyAdd(ai, bi, ar * br).Store(outRe + i);
        TLanes.NegateMultiplyAdd(ar, bi, ai * br).Store(outIm + i);
    }
}

internal readonly unsafe struct ScaleKernel(float* re, float* im, float factor, float* outRe, float* outIm) : ILaneKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TLanes>(nint i)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes scale = TLanes.Broadcast(factor);
        (TLanes.Load(re + i) * scale).Store(outRe + i);
        (TLanes.Load(im + i) * scale).Store(outIm + i);
    }
}

internal readonly unsafe struct AddTurnedKernel(float* re, float* im, float factorRe, float factorIm, float* outRe,
    float* outIm) : ILaneKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TLanes>(nint i)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes xr = TLanes.Load(re + i), xi = TLanes.Load(im + i), wr = TLanes.Broadcast(factorRe), wi = TLanes.Broadcast(factorIm);
        TLanes.NegateMultiplyAdd(xi, wi, TLanes.MultiplyAdd(xr, wr, TLanes.Load(outRe + i))).Store(outRe + i);
        TLanes.MultiplyAdd(xi, wr, TLanes.MultiplyAdd(xr, wi, TLanes.Load(outIm + i))).Store(outIm + i);
    }
}

internal readonly unsafe struct PowerKernel(float* re, float* im, float* power) : ILaneKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TLanes>(nint i)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes xr = TLanes.Load(re + i), xi = TLanes.Load(im + i);
        TLanes.MultiplyAdd(xi, xi, xr * xr).Store(power + i);
    }
}
