using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Tests.Data;

public sealed class LabelledSamplesTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(3.5)]
    public void Noise_AtAnSnr_HasThatPowerIndependentOfTheSignal(double snr)
    {
        const int Length = 50_000;
        float[] clean = TestValues.Normal(Length, 40, 2);
        var samples = new LabelledSamples(FeatureShape.Vector(50), 2, clean, new int[Length / 50]);
        ReadOnlySpan<float> noisy = samples.WithNoise(snr, 9, 3).Features.Span;
        double signal = 0, noise = 0, cross = 0;
        for (int i = 0; i < Length; i++)
        {
            double n = noisy[i] - clean[i];
            signal += clean[i] * clean[i];
            noise += n * n;
            cross += n * clean[i];
        }

        // The power of n normals deviates by sqrt(2 / n), their correlation with anything by 1 / sqrt(n); five deviations.
        Assert.Equal(snr, signal / noise, snr * 5 * Math.Sqrt(2.0 / Length));
        Assert.Equal(0, cross / Math.Sqrt(signal * noise), 5 / Math.Sqrt(Length));
    }

    [Fact]
    public void Noise_OfTwoDevices_IsDifferentAndReproducible()
    {
        var samples = new LabelledSamples(FeatureShape.Vector(3), 2, [1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 1, 1]);
        float[] first = samples.WithNoise(1, 9, 0).Features.ToArray();
        Assert.Equal(first, samples.WithNoise(1, 9, 0).Features.ToArray());
        Assert.All(first.Zip(samples.WithNoise(1, 9, 1).Features.ToArray()), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(samples.Features.ToArray(), samples.WithNoise(double.PositiveInfinity, 9, 0).Features.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => samples.WithNoise(0, 9, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => samples.WithNoise(double.NaN, 9, 0));
    }

    [Fact]
    public void Samples_SelectedByIndex_KeepFeaturesWithTheirLabels()
    {
        var samples = new LabelledSamples(FeatureShape.Vector(2), 3, [0, 1, 10, 11, 20, 21], [0, 1, 2]);
        LabelledSamples subset = samples.Subset([2, 0, 2]);
        Assert.Equal([20f, 21, 0, 1, 20, 21], subset.Features.ToArray());
        Assert.Equal([2, 0, 2], subset.Labels.ToArray());
        Assert.Equal([0f, 1, 10, 11], samples.Take(2).Features.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => samples.Subset([3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => samples.Take(4));
        Assert.Throws<ArgumentException>(() => new LabelledSamples(FeatureShape.Vector(2), 3, new float[4], [0, 3]));
        Assert.Throws<ArgumentException>(() => new LabelledSamples(FeatureShape.Vector(2), 3, new float[5], [0, 1]));
    }
}
