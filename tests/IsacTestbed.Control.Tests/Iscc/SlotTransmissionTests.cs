using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Iscc;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Control.Tests.Iscc;

/// <summary>The energy of what a user sends in a slot.</summary>
public sealed class SlotTransmissionTests
{
    private const double RateHz = 40e6;
    private const double FullScaleWatts = 2;

    [Fact]
    public void RadiatedJoules_TwoLayers_AreThoseOfTheBurstThatTheRadioIsGiven()
    {
        // Layers of different lengths, correlated on purpose, with beams that are not orthogonal: what adds up in amplitude must not add in power.
        Waveform data = Symbols("data", 1, 300), sensing = Symbols("sensing", 2, 250, share: data);
        var slot = new SlotTransmission(
            0, 0, 0, TimingAdvance.For(1.3), Layer(sensing, new(0.05, 0.02), new(-0.03, 0.01)), Layer(data, new(0.04, 0), new(0.02, 0.05)), 0, 300);
        TxBurst burst = BeamLayer.Compile(0, 0, slot.Layers, FullScaleWatts)!;
        Waveform[] stored = [data, sensing];
        double energy = 0;
        for (int channel = 0; channel < 2; channel++)
        {
            for (int n = 0; n < stored.Max(w => w.Length); n++)
            {
                Complex sample = Complex.Zero;
                foreach ((TxLayer layer, Waveform waveform) in burst.Layers.Zip(stored))
                {
                    Assert.Equal(waveform.Id, layer.WaveformId);
                    sample += n < waveform.Length ? burst.Amplitude * layer.Weights[channel] * new Complex(waveform.Real[n], waveform.Imaginary[n]) : Complex.Zero;
                }

                energy += FullScaleWatts * ((sample.Real * sample.Real) + (sample.Imaginary * sample.Imaginary)) / RateHz;
            }
        }

        Assert.Equal(energy, slot.RadiatedJoules(RateHz), 1e-5 * energy);
    }

    private static BeamLayer Layer(Waveform waveform, params Complex[] beam) => new(waveform, 1.0 / 16, beam);

    private static Waveform Symbols(string id, uint seed, int count, Waveform? share = null)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 0);
        var pulse = new SymbolPulse(2);
        float[] re = new float[count], im = new float[count];
        for (int n = 0; n < count; n++)
        {
            (double a, double b) = random.NormalPairAt((ulong)n);
            (re[n], im[n]) = ((float)(a / 6), (float)(b / 6));
        }

        float[] shapedRe = new float[pulse.LengthInSamples(count)], shapedIm = new float[shapedRe.Length];
        pulse.Shape(re, im, 0, shapedRe, shapedIm);
        for (int n = 0; share is not null && n < shapedRe.Length; n++)
        {
            (shapedRe[n], shapedIm[n]) = ((0.5f * shapedRe[n]) + (0.5f * share.Real[n]), (0.5f * shapedIm[n]) + (0.5f * share.Imaginary[n]));
        }

        return new Waveform(id, shapedRe, shapedIm);
    }
}
