using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Ether;

namespace IsacTestbed.Control.Tests.Arrays;

/// <summary>Sounded channels against the truth that only the emulated air knows.</summary>
public sealed class ChannelSounderTests
{
    private const double SampleRateHz = 40e6;
    private const double Noise = 1e-12;

    private static readonly RadioSection Tuning = new(SampleRateHz, 28e9, 1);
    private static readonly ArrayRadio User = new("user", 4, 4);
    private static readonly ArrayRadio AccessPoint = new("ap", 0, 6);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4.37)]
    [InlineData(7.5)]
    public async Task Sound_Link_FindsDelayAndChannelWithinItsErrorVariance(double delay)
    {
        var section = new SoundingSection(256, 0.01, 10);
        await using var bench = new AirBench(Scene(delay));
        (ChannelSounder sounder, SoundedChannels channels) = await SoundAsync(bench, section, 1000);
        ChannelEstimate estimate = channels.Between("user", "ap");
        Assert.Equal((Verdict.Valid, string.Empty), (estimate.Verdict, estimate.Reason));
        Assert.Equal(delay, estimate.DelaySamples, 0.05);

        // 24 coefficients, each with two degrees of freedom around the truth: chi-square with 48, below 93 with probability 1 - 1e-4. The phase of
        // the delay that is off by some 0.01 samples adds to the error what the tolerance has to spare.
        double chiSquare = 0;
        for (int i = 0; i < 6; i++)
        {
            for (int m = 0; m < 4; m++)
            {
                Complex error = estimate.Channel[i, m] - bench.Air.LinkCoefficient(0, 2000, i, m);
                chiSquare += 2 * error.Magnitude * error.Magnitude / estimate.ErrorVariance;
            }
        }

        Assert.InRange(chiSquare, 15, 93);
        Assert.True(sounder.Ticks > section.Symbols * 2);
    }

    [Fact]
    public async Task Sound_OwnEcho_IsTheTargetsAndItsDominantPartIsNearer()
    {
        var section = new SoundingSection(2048, 0.01, 10);
        await using var bench = new AirBench(Scene(3));
        (_, SoundedChannels channels) = await SoundAsync(bench, section, 1000);
        ChannelEstimate echo = channels.Between("user", "user");
        double full = 0, dominant = 0;
        Planning.LinearAlgebra.ComplexMatrix part = echo.DominantPart();
        for (int i = 0; i < 4; i++)
        {
            for (int m = 0; m < 4; m++)
            {
                Complex truth = bench.Air.EchoCoefficient(0, 2000, i, m);
                full += Squared(echo.Channel[i, m] - truth) / echo.ErrorVariance;
                dominant += Squared(part[i, m] - truth) / echo.ErrorVariance;
            }
        }

        // 16 errors of mean one, and 7 where rank one is all that is left; each a sum of exponentials, so that 5 deviations are 20 and 13.
        Assert.InRange(full, 16 - 12, 16 + 20);
        Assert.InRange(dominant, 0, 7 + 13);
        Assert.True(dominant < full, $"rank one {dominant}, as estimated {full}");
    }

    [Fact]
    public async Task Sound_Noise_IsThatOfTheSymbolBandwidth()
    {
        await using var bench = new AirBench(Scene(2.2));
        (_, SoundedChannels channels) = await SoundAsync(bench, new SoundingSection(1024, 0.01, 8), 1000);

        // 6 x (1024 - 4) exponentials: a relative deviation of 1.3 %, five of them allowed.
        Assert.Equal(1, channels.Between("user", "ap").NoiseWatts / Noise, 0.065);
    }

    [Fact]
    public async Task Sound_StrongPilots_LeaveTheNoiseAsItIs()
    {
        // Pilots 40 dB above the noise: the tails that the cut of the pulse leaves, 49 dB below them, are known and must not count as noise.
        const double quiet = Noise / 1e4;
        await using var bench = new AirBench(Scene(2, quiet));
        (_, SoundedChannels channels) = await SoundAsync(bench, new SoundingSection(1024, 0.01, 8), 1000);

        // 1.3 % as above, five of them; a delay that is off by a thousandth of a symbol adds one.
        Assert.Equal(1, channels.Between("user", "ap").NoiseWatts / quiet, 0.075);
    }

    [Fact]
    public async Task Sound_LostSamples_AreNoMeasurement()
    {
        await using var bench = new AirBench(Scene(1));
        await bench.Air.Radios.Single(r => r.Description.RadioId == "ap").InjectAsync(
            new Radio.InjectedFault(Radio.InjectedFaultKind.Overflow, 1300, 50), CancellationToken.None);
        (_, SoundedChannels channels) = await SoundAsync(bench, new SoundingSection(256, 0.01, 8), 1000);
        Assert.Equal(Verdict.Inconclusive, channels.Between("user", "ap").Verdict);
        Assert.Equal(Verdict.Valid, channels.Between("user", "user").Verdict);
        Assert.Equal(Verdict.Inconclusive, channels.Judge().Verdict);
        Assert.Contains("user to ap", channels.Judge().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Sounder_TooFewSymbols_SaysHowManyItTakes()
    {
        ConfigurationException refusal = Assert.Throws<ConfigurationException>(
            () => new ChannelSounder(new SoundingSection(32, 0.01, 20), new SymbolPulse(2), Tuning, [User, AccessPoint]));
        Assert.Contains("sounding.symbols", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("at least 48", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<(ChannelSounder Sounder, SoundedChannels Channels)> SoundAsync(AirBench bench, SoundingSection section, long tick)
    {
        var sounder = new ChannelSounder(section, new SymbolPulse(2), Tuning, [User, AccessPoint]);
        await sounder.UploadAsync(bench, CancellationToken.None);
        return (sounder, await sounder.SoundAsync(bench, tick, CancellationToken.None));
    }

    private static double Squared(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);

    // The coefficient is about 1e-5 and the noise 1e-12: 10 mW of pilots give some 20 dB per coefficient over 256 symbols.
    private static AirScene Scene(double delay, double noise = Noise) => new()
    {
        Seed = 5,
        SampleRateHz = SampleRateHz,
        CarrierFrequencyHz = 28e9,
        Nodes =
        [
            new AirNode { Id = "user", Position = new Position(30, 5), Array = new UniformLinearArray(4, BroadsideAzimuthRadians: 2), NoisePowerWatts = 2 * noise },
            new AirNode { Id = "ap", Position = new Position(0, 0), Array = new UniformLinearArray(6), TxChannels = 0, NoisePowerWatts = 2 * noise },
        ],
        Links =
        [
            new DirectLink { Transmitter = "user", Receiver = "ap", Gain = new LinkGain.Explicit(1e-10), Fading = Fading.Rician(3, 1_000_000), DelaySamples = delay },
        ],
        Targets = [new AirTarget.Moving { Id = "target", Position = new Position(22, 12) }],
        Echoes = [new Echo { Transmitter = "user", Target = "target", Receiver = "user", Gain = new EchoGain.Explicit(1e-12) }],
    };
}
