using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using IsacTestbed.Core;
using IsacTestbed.Ether;

namespace IsacTestbed.SoapyRemote.Tests;

/// <summary>Debian's unmodified clients against the server.</summary>
public sealed class NativeChainTests
{
    private const int EndBurst = 2;
    private const int HasTime = 4;
    private const int TimeError = -6;
    private const int Underflow = -7;

    [NativeFact(NativePeer.Tools)]
    public async Task Probe_OfARadio_NamesChannelsRatesAndSensors()
    {
        (int exit, string output, string errors) = await NativeChain.RunAsync(true, 60, "SoapySDRUtil", "--probe={a}");
        Assert.True(exit == 0, output + errors);
        foreach (string part in (string[])[
            "Channels: 2 Rx, 2 Tx", "Timestamps: YES", "Clock sources: internal, external", "ref_locked (ref locked): true", "lo_locked", "temperature): 35.0 C",
            "Stream formats: CF32, CS16", "PGA gain range: [-60, 140] dB", "Full freq range: 2400 MHz", "Sample rates: 2 MSps", "radio_id=a", "clock_mode=lockstep",
            "Full-duplex: YES", "Antennas: TX"])
        {
            Assert.Contains(part, output, StringComparison.Ordinal);
        }
    }

    [NativeFact(NativePeer.Tools)]
    public async Task RateTest_OfAPacedRadio_StreamsNearItsRate()
    {
        (_, string output, string errors) = await NativeChain.RunAsync(
            false, 60, "timeout", "-s", "INT", "6", "SoapySDRUtil", "--args={b}", "--rate=2e6", "--direction=RX");
        string[] words = output.Split((char[])[' ', '\t', '\n', '\b'], StringSplitOptions.RemoveEmptyEntries);
        int unit = Array.LastIndexOf(words, "Msps");
        Assert.True(unit > 0, output + errors);

        // The tool counts from before the stream starts, over some seconds: a tenth is its own start.
        double rate = double.Parse(words[unit - 1].TrimStart('|', '/', '-', '\\'), CultureInfo.InvariantCulture);
        Assert.InRange(rate, 0.8 * Scenes.Rate / 1e6, 1.1 * Scenes.Rate / 1e6);
    }

    [NativeFact(NativePeer.Python)]
    public async Task TimedBurst_OfOneRadio_IsHeardByTheOtherAtItsDelay() => CheckBursts(await NativeChain.RunScriptAsync(true, "timed_burst.py", "{a}", "{b}"));

    [NativeFact(NativePeer.Python)]
    public async Task TimedBurst_InRealTimeOverDatagrams_IsHeardAtItsDelay() =>
        CheckBursts(await NativeChain.RunScriptAsync(false, "timed_burst.py", "{a}", "{b}", "remote:prot=udp"));

    [NativeFact(NativePeer.Python)]
    public async Task Samples_InLockStep_DoNotDependOnTheSizeOfPackets()
    {
        JsonElement first = await NativeChain.RunScriptAsync(true, "timed_burst.py", "{a}", "{b}", "remote:mtu=1500");
        JsonElement second = await NativeChain.RunScriptAsync(true, "timed_burst.py", "{a}", "{b}", "remote:mtu=20000", "remote:window=200000");
        Assert.Equal(first.GetProperty("sha").GetString(), second.GetProperty("sha").GetString());
    }

    [NativeFact(NativePeer.Python)]
    public async Task SlowReader_OfAPacedRadio_IsToldExactlyWhatItLost()
    {
        string file = Path.GetTempFileName();
        try
        {
            JsonElement report = await NativeChain.RunScriptAsync(false, "slow_reader.py", "{b}", file);
            Assert.Equal(0, report.GetProperty("wrong").GetInt32());

            // It stood still for 1.5 s; 0.25 s are kept for it, and its own sockets hold some more.
            Assert.InRange(report.GetProperty("gap").GetInt64(), (long)(0.5 * Scenes.Rate), (long)(60 * Scenes.Rate));
            long overflow = report.GetProperty("overflow").GetInt64(), after = report.GetProperty("after").GetInt64();
            Assert.Equal(report.GetProperty("gap").GetInt64(), after - overflow);

            // Behind the gap the samples are those of their ticks: the noise is a function of the tick.
            float[] heard = MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(file)).ToArray();
            int count = report.GetProperty("count").GetInt32();
            float[] real = new float[count], imaginary = new float[count];
            AirScene scene = Scenes.Link;
            float deviation = (float)Math.Sqrt(scene.Nodes[1].NoisePowerWatts / 2);
            new CounterRandom(scene.Seed, RandomPurpose.ReceiverNoise, 1, 0).FillComplexNormal((ulong)after, deviation, real, imaginary);
            Assert.Equal(real, heard.Where((_, i) => i % 2 == 0));
            Assert.Equal(imaginary, heard.Where((_, i) => i % 2 == 1));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [NativeFact(NativePeer.Python)]
    public async Task TwoChannels_OfOneRadio_AreKeptApart()
    {
        JsonElement report = await NativeChain.RunScriptAsync(true, "two_channels.py", "{a}");
        Assert.Equal(6, report.GetProperty("gain_db").GetDouble(), 9);
        double expected = 0.1 * Math.Pow(10, 6 / 20.0);
        for (int heard = 0; heard < 2; heard++)
        {
            for (int sent = 0; sent < 2; sent++)
            {
                // Two independent bursts of 3000 samples correlate by 1/sqrt(3000) of their power: five times that is a bound in practice.
                double gain = report.GetProperty("gains")[heard][sent].GetDouble(), tolerance = 5 * expected / Math.Sqrt(3000);
                Assert.InRange(gain, (heard == sent ? expected : 0) - tolerance, (heard == sent ? expected : 0) + tolerance);
            }
        }
    }

    [NativeFact(NativePeer.GnuRadio)]
    public async Task Flowgraph_OfGnuRadio_FindsTheDelayOfABurst()
    {
        JsonElement report = await NativeChain.RunScriptAsync(true, "gnuradio_burst.py", "{a}", "{b}");
        Assert.Equal(Scenes.DelaySamples, report.GetProperty("delay").GetInt32());
        Assert.True(report.GetProperty("ratio").GetDouble() > 20, report.ToString());
    }

    [NativeFact(NativePeer.Uhd)]
    public async Task UhdProbe_ThroughItsSoapyModule_FindsTheRadio()
    {
        (int exit, string output, string errors) = await NativeChain.RunAsync(true, 60, "uhd_usrp_probe", "--args=type=soapy,{a}");
        Assert.True(exit == 0, output + errors);
        foreach (string part in (string[])["RX Frontend: 1", "TX Frontend: 1", "Freq range: 2400.000 to 2400.000 MHz", "Gain range PGA: -60.0 to 140.0", "ref_locked"])
        {
            Assert.Contains(part, output, StringComparison.Ordinal);
        }
    }

    private static void CheckBursts(JsonElement report)
    {
        long start = report.GetProperty("start").GetInt64();
        Assert.Equal(start, report.GetProperty("first").GetInt64());
        Assert.Equal(EndBurst, report.GetProperty("flags").GetInt32() & EndBurst);
        Assert.Equal(Scenes.DelaySamples, report.GetProperty("delay").GetInt32());

        // Amplitude 0.5 of the link, with noise of variance 1e-4 against a burst of energy 0.49 * 5000.
        Assert.Equal(0.5, report.GetProperty("gain").GetDouble(), 5 * Math.Sqrt(1e-4 / (0.49 * 5000)));
        CheckStatus(report.GetProperty("complete"), 0, EndBurst | HasTime, start + report.GetProperty("length").GetInt64());
        CheckStatus(report.GetProperty("late"), TimeError, HasTime, 1000);
        CheckStatus(report.GetProperty("dry"), Underflow, HasTime, report.GetProperty("dry_end").GetInt64());
    }

    private static void CheckStatus(JsonElement status, int code, int flags, long tick)
    {
        Assert.Equal(code, status.GetProperty("code").GetInt32());
        Assert.Equal(flags, status.GetProperty("flags").GetInt32());
        Assert.Equal(tick, status.GetProperty("tick").GetInt64());
    }
}
