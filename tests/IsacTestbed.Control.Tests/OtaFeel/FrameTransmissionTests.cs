using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.OtaFeel;
using IsacTestbed.Control.Tests.Arrays;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel;
using MathNet.Numerics.LinearAlgebra;
using Complex = System.Numerics.Complex;

namespace IsacTestbed.Control.Tests.OtaFeel;

public sealed class FrameTransmissionTests
{
    [Fact]
    public async Task Execute_SplitFrameWithoutNoise_EveryDeviceHearsItsOwnEchoAlone()
    {
        // As many blocks as elements: what was sent has full rank, and least squares gives the whole matrix a a^T.
        OtaFeelScenario scenario = OtaFeelAir.Scenario with
        {
            SensingNoiseWatts = 1e-16,
            Frame = OtaFeelAir.Scenario.Frame with { SensingBlocks = 4 },
        };
        FrameReadings readings = await ExecuteAsync(scenario, AirMethods.SplitFrame);

        for (int k = 0; k < scenario.Devices.Count; k++)
        {
            Matrix<Complex> found = LeastSquares(readings.Echoes[k]);
            Complex[] a = scenario.Scene.Response(k, scenario.Echo.Target);
            Complex correlation = 0;
            double expected = 0, norm = 0;
            for (int i = 0; i < a.Length; i++)
            {
                for (int j = 0; j < a.Length; j++)
                {
                    correlation += Complex.Conjugate(a[i] * a[j]) * found[i, j];
                    expected += (a[i] * a[j]).Magnitude * (a[i] * a[j]).Magnitude;
                    norm += found[i, j].Magnitude * found[i, j].Magnitude;
                }
            }

            // Ways differ by at most 67 m here, 1.2e-3 of an interval of 0.2 ms: by so much of the pulse's slopes a symbol leaks into others of
            // its stream. Within a block that only turns the stream. Across the two ends of a block it counts: a lag of n intervals, whose slope is
            // cos(pi n / 4) / (n (1 - n^2 / 4)), does so for n symbols, 2.8 in all, and two symbols differ by at most 2.
            double leakage = 0;
            for (int l = 0; l < scenario.Devices.Count; l++)
            {
                double strength = scenario.Scene.Response(l, scenario.Echo.Target)[0].Magnitude / a[0].Magnitude;
                leakage += l == k ? 0 : strength * 2 * 2.8 * 2 * 1.2e-3 / scenario.Devices.Count;
            }

            Assert.Equal(1, correlation.Magnitude / expected, leakage);
            Assert.InRange(1 - (correlation.Magnitude * correlation.Magnitude / expected / norm), -1e-6, leakage * leakage);
        }
    }

    private static Matrix<Complex> LeastSquares(HeardEcho echo)
    {
        Matrix<Complex> sent = Of(echo.Sent).Transpose(), received = Of(echo.Received!).Transpose();
        return received * sent.ConjugateTranspose() * (sent * sent.ConjugateTranspose()).Inverse();
    }

    private static Matrix<Complex> Of(ComplexMatrix matrix) => Matrix<Complex>.Build.Dense(matrix.Rows, matrix.Columns, (i, j) => matrix[i, j]);

    private static async Task<FrameReadings> ExecuteAsync(OtaFeelScenario scenario, string method)
    {
        await using var bench = new AirBench(OtaFeelAir.Scene(scenario));
        var pulse = new SymbolPulse(scenario.Frame.SamplesPerSymbol);
        var sounder = new ChannelSounder(scenario.Run.Sounding, pulse, scenario.Run.Radio, scenario.Radios);
        await sounder.UploadAsync(bench, CancellationToken.None);
        long tick = scenario.Run.Calendar.RoundTick(0);
        SoundedChannels channels = await sounder.SoundAsync(bench, tick, CancellationToken.None);
        var problem = new OtaFeelCase(
            scenario.Frame.PulseLength, 1, 0.1, [.. scenario.Devices.Select(_ => scenario.SensingNoiseWatts)], 1, double.MaxValue,
            [.. scenario.Devices.Select(_ => new[] { 0.25, 0.25 })], [.. scenario.Devices.Select(d => channels.Between(d.Id, "server").Channel)], 1e-6, 500);
        DesignedFrame frame = DesignedFrame.Create(problem, method, scenario.Frame.SensingBlocks, CancellationToken.None).Frame!;
        double[] delays = [.. scenario.Devices.Select(d => channels.Between(d.Id, "server").DelaySamples)];
        return await new FrameTransmission(scenario, pulse, frame, delays, AirPayload.Random(scenario, 0), tick + sounder.Ticks + 8).ExecuteAsync(bench, CancellationToken.None);
    }
}
