using System.Runtime.CompilerServices;
using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Radar;

internal readonly unsafe struct AddKernel(float* x, float* sum) : ILaneKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TLanes>(nint i)
        where TLanes : unmanaged, ILanes<TLanes> =>
        (TLanes.Load(sum + i) + TLanes.Load(x + i)).Store(sum + i);
}

/// <summary>Eight snapshots at once, so that the sum is loaded and stored an eighth as often; added in their order.</summary>
internal readonly unsafe struct SumKernel(float* x, nint samples, float* sum) : ILaneKernel
{
    public const int Snapshots = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TLanes>(nint i)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* at = x + i;
        TLanes total = TLanes.Load(sum + i) + TLanes.Load(at) + TLanes.Load(at + samples) + TLanes.Load(at + (2 * samples));
        total = total + TLanes.Load(at + (3 * samples)) + TLanes.Load(at + (4 * samples)) + TLanes.Load(at + (5 * samples));
        total = total + TLanes.Load(at + (6 * samples)) + TLanes.Load(at + (7 * samples));
        total.Store(sum + i);
    }
}

/// <summary>Four snapshots at once, each turned by its own phase; the same operations in the same order as one by one.</summary>
internal readonly unsafe struct SumTurnedKernel : ILaneKernel
{
    public const int Snapshots = 4;
    private readonly float* _re;
    private readonly float* _im;
    private readonly nint _samples;
    private readonly float* _sumRe;
    private readonly float* _sumIm;
    private readonly float _re0, _im0, _re1, _im1, _re2, _im2, _re3, _im3;

    public SumTurnedKernel(float* re, float* im, nint samples, ReadOnlySpan<double> phasesRadians, float* sumRe, float* sumIm)
    {
        _re = re;
        _im = im;
        _samples = samples;
        _sumRe = sumRe;
        _sumIm = sumIm;
        (_re0, _im0) = Factor(phasesRadians[0]);
        (_re1, _im1) = Factor(phasesRadians[1]);
        (_re2, _im2) = Factor(phasesRadians[2]);
        (_re3, _im3) = Factor(phasesRadians[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TLanes>(nint i)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes sumRe = TLanes.Load(_sumRe + i), sumIm = TLanes.Load(_sumIm + i);
        Add(i, _re0, _im0, ref sumRe, ref sumIm);
        Add(i + _samples, _re1, _im1, ref sumRe, ref sumIm);
        Add(i + (2 * _samples), _re2, _im2, ref sumRe, ref sumIm);
        Add(i + (3 * _samples), _re3, _im3, ref sumRe, ref sumIm);
        sumRe.Store(_sumRe + i);
        sumIm.Store(_sumIm + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add<TLanes>(nint at, float factorRe, float factorIm, ref TLanes sumRe, ref TLanes sumIm)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes xr = TLanes.Load(_re + at), xi = TLanes.Load(_im + at), wr = TLanes.Broadcast(factorRe), wi = TLanes.Broadcast(factorIm);
        sumRe = TLanes.NegateMultiplyAdd(xi, wi, TLanes.MultiplyAdd(xr, wr, sumRe));
        sumIm = TLanes.MultiplyAdd(xi, wr, TLanes.MultiplyAdd(xr, wi, sumIm));
    }

    private static (float Re, float Im) Factor(double phaseRadians)
    {
        (double sine, double cosine) = Math.SinCos(phaseRadians);
        return ((float)cosine, (float)-sine);
    }
}
