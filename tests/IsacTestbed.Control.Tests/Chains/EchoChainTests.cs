using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Tests.Experiments;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Chains;

public sealed class EchoChainTests
{
    private const int Snapshots = 8;
    private const int Elements = 4;
    private const int Frames = 1500;

    // 15 m at 10 MS/s: the echo comes one sample late.
    private const int Cell = 1;

    private static readonly Scenario Scenario = TestScenario.Create(elements: Elements);

    /// <summary>
    /// The mean over frames is within five standard errors of the truth. With signal power s over noise, P over M elements has variance
    /// (1 + 2 s) / M around 1 + s, and the noise estimate over n cells adds about (1 + s)^2 / n.
    /// </summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    [InlineData(1.0)]
    [InlineData(30.0)]
    public void Process_KnownSnr_MeasuresItWithoutBias(double snr)
    {
        var chain = new EchoChain(Scenario);
        double sum = 0;
        for (int frame = 0; frame < Frames; frame++)
        {
            sum += chain.Process(Frame(chain, frame, snr, sine: 0.3), 0, Snapshots).SensingSnr;
        }

        int cells = Elements * Scenario.Sensing.QuietSamples;
        double variance = ((1 + (2 * snr)) / Elements) + ((1 + snr) * (1 + snr) / cells);
        Assert.Equal(snr, sum / Frames, 5 * Math.Sqrt(variance / Frames));
    }

    [Fact]
    public void Process_StrongEcho_PeaksAtItsAngleAndRange()
    {
        var chain = new EchoChain(Scenario);
        int angles = Scenario.Sensing.AngleCells, cells = Scenario.Sensing.RangeCells;
        for (int angle = 0; angle < angles; angle++)
        {
            double sine = Scenario.Sensing.SineLimit * ((2 * (angle + 0.5) / angles) - 1);
            float[] map = chain.Process(Frame(chain, angle, 1e4, sine), 0, Snapshots).Map;
            Assert.Equal((angle * cells) + Cell, Array.IndexOf(map, map.Max()));
            Assert.Equal(1, map.Sum(v => v * v) / map.Length, 3);
        }
    }

    // Noise of power one per sample; the echo's amplitude makes p N L / sigma^2 the SNR behind filter and accumulation.
    private static CapturedWindow Frame(EchoChain chain, int frame, double snr, double sine)
    {
        int snapshot = Scenario.Sensing.SnapshotSamples, samples = Snapshots * snapshot;
        using var block = new CaptureBlock("d1", 0, 0, 10e6, Elements, samples, isLast: true);
        double amplitude = Math.Sqrt(snr / (chain.Pulse.Length * Snapshots));
        for (int element = 0; element < Elements; element++)
        {
            var random = new CounterRandom((ulong)frame, RandomPurpose.Test, (uint)element);
            Span<float> re = block.Real(element), im = block.Imaginary(element);
            random.FillComplexNormal(0, MathF.Sqrt(0.5f), re, im);
            (double sin, double cos) = Math.SinCos(-Math.PI * element * sine);
            for (int start = Cell; start < samples; start += snapshot)
            {
                for (int i = 0; i < chain.Pulse.Length; i++)
                {
                    double x = chain.Pulse.Real[i], y = chain.Pulse.Imaginary[i];
                    re[start + i] += (float)(amplitude * ((x * cos) - (y * sin)));
                    im[start + i] += (float)(amplitude * ((x * sin) + (y * cos)));
                }
            }
        }

        var window = new CapturedWindow(Elements, samples);
        window.Begin(new RxWindow(0, 0, samples));
        window.Add(block);
        return window;
    }
}
