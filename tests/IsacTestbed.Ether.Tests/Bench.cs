using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Ether.Tests;

/// <summary>Scenes, waveforms and runs that the tests share, and the plain oracles by which they measure.</summary>
internal static class Bench
{
    public const double Rate = 5e6;
    public const double Carrier = 3.5e9;

    public static readonly CounterRandom Random = new(20, RandomPurpose.Test);

    public static AirNode Node(string id, int elements = 1, Position position = default, double noise = 0) => new()
    {
        Id = id,
        Position = position,
        Array = new UniformLinearArray(elements),
        NoisePowerWatts = noise,
    };

    public static AirScene Scene(params AirNode[] nodes) => new()
    {
        Seed = 7,
        SampleRateHz = Rate,
        CarrierFrequencyHz = Carrier,
        Nodes = nodes,
    };

    /// <summary>Nodes "a" and "b" with one link of a given gain and delay.</summary>
    public static AirScene Link(double gain, double delaySamples, Fading? fading = null, double noise = 0, int aElements = 1, int bElements = 1) =>
        Scene(Node("a", aElements), Node("b", bElements, new Position(300, 0), noise)) with
        {
            Links =
            [
                new DirectLink
                {
                    Transmitter = "a", Receiver = "b", Gain = new LinkGain.Explicit(gain), DelaySamples = delaySamples, Fading = fading ?? Fading.None,
                },
            ],
        };

    /// <summary>Noise of unit peak, limited to 70 % of the band by a raised-cosine spectrum, so that a delay can be measured on it.</summary>
    public static Waveform Wideband(int length, string id = "x")
    {
        float[] re = new float[length], im = new float[length];
        int tones = (int)(0.35 * length);
        for (int f = -tones; f <= tones; f++)
        {
            double phase = 2 * Math.PI * Random.UniformAt((ulong)(f + length));
            for (int t = 0; t < length; t++)
            {
                double angle = phase + (2 * Math.PI * ((long)f * t % length) / length);
                re[t] += (float)Math.Cos(angle);
                im[t] += (float)Math.Sin(angle);
            }
        }

        // Soft ends, since an abrupt one is not limited to the band.
        float peak = 0;
        for (int t = 0; t < length; t++)
        {
            float ramp = (float)Math.Pow(Math.Sin(Math.PI * (t + 0.5) / length), 2);
            re[t] *= ramp;
            im[t] *= ramp;
            peak = Math.Max(peak, MathF.Sqrt((re[t] * re[t]) + (im[t] * im[t])));
        }

        return new Waveform(id, [.. re.Select(v => v / peak)], [.. im.Select(v => v / peak)]);
    }

    public static Waveform Constant(int length, string id = "x", float level = 1)
    {
        float[] re = new float[length];
        re.AsSpan().Fill(level);
        return new Waveform(id, re, new float[length]);
    }

    public static TxBurst Burst(int id, long start, Waveform waveform, int repeats = 1, int? interval = null, double amplitude = 1, params Complex[] weights) =>
        new(id, start, waveform.Id, repeats, interval ?? waveform.Length, amplitude, weights.Length == 0 ? [Complex.One] : weights);

    public static BurstSchedule Schedule(string radio, TxBurst[] bursts, params RxWindow[] windows) => new(radio, bursts, windows);

    /// <summary>Uploads, arms all, runs all at once, and returns what each heard, in the order of the schedules.</summary>
    public static async Task<Capture[]> RunAsync(EmulatedAir air, IReadOnlyList<Waveform> waveforms, params BurstSchedule[] schedules)
    {
        EmulatedRadio[] radios = [.. schedules.Select(s => RadioOf(air, s.RadioId))];
        for (int i = 0; i < radios.Length; i++)
        {
            foreach (Waveform waveform in waveforms)
            {
                await radios[i].UploadWaveformAsync(waveform, default);
            }

            await radios[i].ArmAsync(schedules[i], default);
        }

        return await Task.WhenAll(radios.Select((radio, i) => Capture.OfAsync(radio, schedules[i])));
    }

    public static async Task<Capture[]> RunAsync(AirScene scene, IReadOnlyList<Waveform> waveforms, params BurstSchedule[] schedules)
    {
        await using var air = new EmulatedAir(scene);
        return await RunAsync(air, waveforms, schedules);
    }

    public static EmulatedRadio RadioOf(EmulatedAir air, string id) => air.Radios.Single(r => r.Description.RadioId == id);

    public static double MeanPower(IEnumerable<Complex> samples) => samples.Average(s => (s.Real * s.Real) + (s.Imaginary * s.Imaginary));

    /// <summary>Correlation of a window, from an offset on, with a waveform, divided by the waveform's energy: the complex gain.</summary>
    public static Complex Gain(ReadOnlySpan<Complex> samples, int offset, Waveform waveform)
    {
        Complex sum = Complex.Zero;
        for (int i = 0; i < waveform.Length; i++)
        {
            sum += samples[offset + i] * Complex.Conjugate(waveform[i]);
        }

        return sum / (waveform.MeanPower * waveform.Length);
    }

    /// <summary>
    /// Delay of a noise-free copy of a waveform that lies wholly within the samples, by the slope of the phase of their cross spectrum.
    /// </summary>
    public static double DelaySamples(ReadOnlySpan<Complex> samples, Waveform waveform)
    {
        // Weighted regression of phase steps between adjacent bins of a naive transform.
        int n = samples.Length, bins = n / 8;
        var cross = new Complex[(2 * bins) + 1];
        for (int f = -bins; f <= bins; f++)
        {
            Complex sent = Complex.Zero, received = Complex.Zero;
            var step = Complex.FromPolarCoordinates(1, -2 * Math.PI * f / n);
            Complex rotation = Complex.One;
            for (int t = 0; t < n; t++)
            {
                received += samples[t] * rotation;
                sent += t < waveform.Length ? waveform[t] * rotation : Complex.Zero;
                rotation *= step;
            }

            cross[f + bins] = received * Complex.Conjugate(sent);
        }

        Complex steps = Complex.Zero;
        for (int i = 1; i < cross.Length; i++)
        {
            steps += cross[i] * Complex.Conjugate(cross[i - 1]);
        }

        return -steps.Phase * n / (2 * Math.PI);
    }

    public static double Decibels(double ratio) => 10 * Math.Log10(ratio);

    /// <summary>Largest distance of the empirical distribution from a given one, times the root of the count.</summary>
    public static double KolmogorovSmirnov(IEnumerable<double> values, Func<double, double> distribution)
    {
        double[] sorted = [.. values.Order()];
        double distance = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double f = distribution(sorted[i]);
            distance = Math.Max(distance, Math.Max(f - ((double)i / sorted.Length), ((i + 1.0) / sorted.Length) - f));
        }

        return distance * Math.Sqrt(sorted.Length);
    }
}
