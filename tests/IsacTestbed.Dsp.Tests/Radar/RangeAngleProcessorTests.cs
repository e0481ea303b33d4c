using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Radar;

namespace IsacTestbed.Dsp.Tests.Radar;

public class RangeAngleProcessorTests
{
    [Theory]
    [InlineData(4, 0.5, 0.3)]
    [InlineData(8, 0.5, -0.75)]
    [InlineData(16, 0.25, 0.9)]
    public void Map_EchoFromABeamsDirection_GainsRootOfElementsThere(int elements, double spacing, double sine)
    {
        const int Samples = 7, Cell = 5;
        float[] re = new float[elements * Samples], im = new float[re.Length];
        for (int m = 0; m < elements; m++)
        {
            (double s, double c) = Math.SinCos(-2 * Math.PI * spacing * m * sine);
            re[(m * Samples) + Cell] = (float)c;
            im[(m * Samples) + Cell] = (float)s;
        }

        double[] sines = [-1, -0.75, -0.2, 0.3, 0.9, 1];
        RangeAngleProcessor processor = new(elements, spacing, sines);
        float[] mapRe = new float[sines.Length * Samples], mapIm = new float[mapRe.Length];
        processor.Process(re, im, Samples, mapRe, mapIm);
        int peak = Enumerable.Range(0, mapRe.Length).MaxBy(i => (mapRe[i] * mapRe[i]) + (mapIm[i] * mapIm[i]));
        Assert.Equal((Array.IndexOf(sines, sine) * Samples) + Cell, peak);
        Assert.Equal(Math.Sqrt(elements), mapRe[peak], 1e-5);
        Assert.Equal(0, mapIm[peak], 1e-5);
    }

    [Fact]
    public void Map_WhiteNoise_KeepsItsPowerInEveryBeam()
    {
        const int Samples = 20000;
        (float[] re, float[] im) = TestSignals.Noise(4 * Samples, 50, power: 3);
        double[] sines = new double[5];
        RangeAngleProcessor.UniformSines(sines);
        RangeAngleProcessor processor = new(4, 0.5, sines);
        float[] mapRe = new float[5 * Samples], mapIm = new float[mapRe.Length];
        processor.Process(re, im, Samples, mapRe, mapIm);
        for (int beam = 0; beam < 5; beam++)
        {
            double power = SplitComplex.Energy(mapRe.AsSpan(beam * Samples, Samples), mapIm.AsSpan(beam * Samples, Samples)) / Samples;
            // Five standard deviations of the mean of 20,000 exponentials are 3.6 %.
            Assert.InRange(power, 3 * 0.964, 3 * 1.036);
        }
    }

    [Fact]
    public void UniformSines_EightBeams_AreMiddlesOfEqualParts()
    {
        double[] sines = new double[8];
        RangeAngleProcessor.UniformSines(sines);
        Assert.Equal([-0.875, -0.625, -0.375, -0.125, 0.125, 0.375, 0.625, 0.875], sines);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RangeAngleProcessor(4, 0.5, [1.01]));
    }
}
