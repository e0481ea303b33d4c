namespace IsacTestbed.Core.Tests.Schedules;

public sealed class WaveformTests
{
    [Fact]
    public void Waveform_KnowsItsPowerAndPeak_AndCopies()
    {
        float[] real = [0.6f, 0], imaginary = [0.8f, 0];
        var waveform = new Waveform("x", real, imaginary);
        real[0] = 9;
        Assert.Equal((2, 0.5, 1.0), (waveform.Length, Math.Round(waveform.MeanPower, 6), Math.Round(waveform.PeakAmplitude, 6)));
        Assert.Equal(0.6f, waveform.Real[0]);
        Assert.Equal(0.8f, waveform[0].Imaginary);
    }

    [Theory]
    [InlineData("", 1, 1, 0f)]
    [InlineData("x", 0, 0, 0f)]
    [InlineData("x", 2, 1, 0f)]
    [InlineData("x", 1, 1, float.NaN)]
    [InlineData("x", 1, 1, float.PositiveInfinity)]
    public void Waveform_ThatNoRadioCouldSend_IsRefused(string id, int real, int imaginary, float value) =>
        Assert.Throws<ArgumentException>(() => new Waveform(id, Enumerable.Repeat(value, real).ToArray(), new float[imaginary]));
}
