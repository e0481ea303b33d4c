using System.Runtime.CompilerServices;

namespace IsacTestbed.Dsp.Kernels;

/// <summary>What an element-wise kernel does at some neighbouring elements.</summary>
internal interface ILaneKernel
{
    /// <summary>Works on elements <paramref name="i"/> to <paramref name="i"/> + Count - 1.</summary>
    void At<TLanes>(nint i)
        where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>Runs an element-wise kernel over all elements on the widest tier of the machine, the tail one by one.</summary>
internal static class LaneLoop
{
    public static void Run<TKernel>(TKernel kernel, nint count)
        where TKernel : struct, ILaneKernel
    {
        nint i = 0;
        if (Lanes512.IsSupported)
        {
            Run<TKernel, Lanes512>(kernel, ref i, count);
        }
        else if (Lanes256.IsSupported)
        {
            Run<TKernel, Lanes256>(kernel, ref i, count);
        }

        Run<TKernel, Lanes1>(kernel, ref i, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TKernel, TLanes>(TKernel kernel, ref nint first, nint count)
        where TKernel : struct, ILaneKernel
        where TLanes : unmanaged, ILanes<TLanes>
    {
        nint i = first;
        for (; i + TLanes.Count <= count; i += TLanes.Count)
        {
            kernel.At<TLanes>(i);
        }

        first = i;
    }
}
