using IsacTestbed.Core;
using IsacTestbed.Dsp.Detection;

namespace IsacTestbed.Dsp.Tests.Detection;

public class CfarTests
{
    [Theory]
    [InlineData(0, 2, 0, 8, 1e-2)]
    [InlineData(0, 1, 0, 12, 1e-3)]
    [InlineData(1, 1, 2, 2, 1e-2)]
    [InlineData(1, 2, 3, 4, 1e-3)]
    public void CellAveraging_ExponentialNoise_FalseAlarmsAtTheSetRate(int guardRows, int guardColumns, int rows, int columns, double rate)
    {
        CellAveragingCfar cfar = new(new CfarWindow(guardRows, guardColumns, rows, columns), rate);
        const int Rows = 250, Columns = 800;
        float[] power = Exponential(Rows * Columns, 60);
        bool[] detections = new bool[power.Length];
        int alarms = cfar.Detect(power, Columns, new double[CellAveragingCfar.ScratchLength(Rows, Columns)], detections);
        Assert.Equal(detections.Count(d => d), alarms);
        AssertRate(alarms, power.Length, rate);
        // The cut windows of the edge keep the rate too.
        int edgeAlarms = Enumerable.Range(0, 2 * Rows).Count(edge => detections[(edge / 2 * Columns) + (edge % 2 * (Columns - 1))]);
        AssertRate(edgeAlarms, 2 * Rows, rate);
    }

    [Theory]
    [InlineData(0, 2, 0, 8, 1e-2, 0.75)]
    [InlineData(1, 1, 2, 2, 1e-2, 0.5)]
    [InlineData(0, 1, 0, 12, 1e-3, 0.75)]
    public void OrderedStatistic_ExponentialNoise_FalseAlarmsAtTheSetRate(
        int guardRows, int guardColumns, int rows, int columns, double rate, double rank)
    {
        OrderedStatisticCfar cfar = new(new CfarWindow(guardRows, guardColumns, rows, columns), rate, rank);
        float[] power = Exponential(200_000, 61);
        int alarms = cfar.Detect(power, 800, new float[cfar.ScratchLength], new bool[power.Length]);
        AssertRate(alarms, power.Length, rate);
    }

    [Fact]
    public void Factors_KnownCases_AgreeWithTheFormulas()
    {
        // N = 1: Pfa = 1 / (1 + alpha).
        Assert.Equal(999, CellAveragingCfar.Factor(1, 1e-3), 1e-8);
        Assert.Equal(999, OrderedStatisticCfar.Factor(1, 1, 1e-3), 1e-6);
        // The smallest of N is exponential of mean 1/N: Pfa = N / (N + alpha).
        Assert.Equal(5 * 99, OrderedStatisticCfar.Factor(5, 1, 1e-2), 1e-6);
        // Many cells know the noise: Pfa = exp(-alpha).
        Assert.Equal(-Math.Log(1e-4), CellAveragingCfar.Factor(10_000_000, 1e-4), 1e-4);
    }

    [Fact]
    public void OrderedStatistic_SecondTargetAmongTrainingCells_IsNotBlindedWhereCellAveragingIs()
    {
        float[] power = [.. Enumerable.Repeat(1f, 64)];
        power[30] = 60;
        power[35] = 600;
        CfarWindow window = CfarWindow.Along(1, 8);
        bool[] averaged = new bool[64], ordered = new bool[64];
        new CellAveragingCfar(window, 1e-4).Detect(power, 64, new double[CellAveragingCfar.ScratchLength(1, 64)], averaged);
        OrderedStatisticCfar cfar = new(window, 1e-4);
        cfar.Detect(power, 64, new float[cfar.ScratchLength], ordered);
        Assert.False(averaged[30]);
        Assert.True(ordered[30]);
        Assert.True(ordered[35]);
    }

    [Fact]
    public void Construction_BadInput_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new CellAveragingCfar(new CfarWindow(1, 1, 0, 0), 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CellAveragingCfar(CfarWindow.Along(1, 4), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OrderedStatisticCfar(CfarWindow.Along(1, 4), 0.1, 1.5));
        Assert.Throws<ArgumentException>(() => new CellAveragingCfar(CfarWindow.Along(1, 4), 0.1).Detect(new float[10], 3, new double[99],
            new bool[10]));
    }

    private static float[] Exponential(int count, uint entity)
    {
        CounterRandom random = new(5, RandomPurpose.Test, entity);
        return [.. Enumerable.Range(0, count).Select(i => (float)(7 * random.ExponentialAt((ulong)i)))];
    }

    /// <summary>Within five binomial standard deviations; neighbouring tests share training cells, which adds to the variance, hence twice
    /// it.</summary>
    private static void AssertRate(int alarms, int cells, double rate)
    {
        double mean = cells * rate, tolerance = 5 * Math.Sqrt(2 * mean) + 1;
        Assert.InRange(alarms, mean - tolerance, mean + tolerance);
    }
}
