using IsacTestbed.Core;

namespace IsacTestbed.Ether;

/// <summary>
/// A Wiener phase that can be asked at any tick: Levy's construction of Brownian motion, halving an interval by its conditional law.
/// </summary>
/// <remarks>
/// Zero at tick zero. The path is fixed at every 1024th tick by bisection and within such a cell by increments that are bent to meet the
/// cell's end. A pure function of stream and tick, for ticks from 0 to 2^45. Thread safe.
/// </remarks>
internal sealed class PhaseNoise(CounterRandom random, CounterRandom fine, double variancePerTick)
{
    public const int CellTicks = 1024;
    private const int Levels = 35;

    /// <summary>Fills with the phase in radians at a tick and those that follow.</summary>
    public void Fill(long firstTick, Span<double> phase)
    {
        Span<double> cell = stackalloc double[CellTicks + 1];
        for (int done = 0; done < phase.Length;)
        {
            long index = (firstTick + done) / CellTicks;
            int within = (int)((firstTick + done) % CellTicks), count = Math.Min(CellTicks - within, phase.Length - done);
            FillCell(index, cell);
            cell.Slice(within, count).CopyTo(phase[done..]);
            done += count;
        }
    }

    private void FillCell(long index, Span<double> cell)
    {
        double start = AtCell(index), end = AtCell(index + 1);
        double step = Math.Sqrt(variancePerTick);
        cell[0] = 0;
        for (int k = 0; k < CellTicks; k += 2)
        {
            (double first, double second) = fine.NormalPairAt((ulong)((index * CellTicks) + k));
            cell[k + 1] = cell[k] + (step * first);
            cell[k + 2] = cell[k + 1] + (step * second);
        }

        double bend = (end - start - cell[CellTicks]) / CellTicks;
        for (int k = 0; k <= CellTicks; k++)
        {
            cell[k] += start + (bend * k);
        }
    }

    /// <summary>The phase at the start of a cell.</summary>
    private double AtCell(long index)
    {
        long left = 0, length = 1L << Levels;
        double perCell = variancePerTick * CellTicks;
        double atLeft = 0, atRight = Math.Sqrt(perCell * length) * random.NormalPairAt(0).First;
        while (index != left)
        {
            // The bisection point is the key: each belongs to one level only.
            long middle = left + (length / 2);
            double atMiddle = ((atLeft + atRight) / 2) + (Math.Sqrt(perCell * length / 4) * random.NormalPairAt((ulong)middle).First);
            (left, atLeft, atRight) = index < middle ? (left, atLeft, atMiddle) : (middle, atMiddle, atRight);
            length /= 2;
        }

        return atLeft;
    }
}
