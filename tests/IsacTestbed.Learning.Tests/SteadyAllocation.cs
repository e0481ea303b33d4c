namespace IsacTestbed.Learning.Tests;

/// <summary>What an action allocates on the calling thread each time.</summary>
internal static class SteadyAllocation
{
    private const int Runs = 6;

    /// <summary>
    /// Bytes of the run that allocates least. What the runtime makes when a path is taken for the first time, such as waiting for a helper
    /// that so far was always first, comes once; what the action itself allocates comes every time.
    /// </summary>
    public static long Of(Action action)
    {
        long least = long.MaxValue;
        for (int run = 0; run < Runs; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
