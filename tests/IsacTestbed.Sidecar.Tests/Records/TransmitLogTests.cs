using System.Text.Json;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar.Records;
using IsacTestbed.Sidecar.Tests.Doubles;

namespace IsacTestbed.Sidecar.Tests.Records;

public sealed class TransmitLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isac-transmit-");
    private readonly string _file;

    public TransmitLogTests()
    {
        _file = Path.Combine(_folder.FullName, "log.jsonl");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Run_WithBursts_LeavesBeginningBurstsAndEnd()
    {
        var time = new ManualTimeProvider();
        time.Advance(TimeSpan.FromDays(365));
        using (var log = new TransmitLog(_file, time))
        {
            await RunAsync(log, new ScriptedRadio("a"), [Bench.Burst(7, 0, "w", amplitude: 0.5), Bench.Burst(8, 200, "w", repeats: 2)]);
        }

        JsonElement[] lines = Lines();
        Assert.Equal(["begin", "burst", "burst", "end"], lines.Select(l => l.GetProperty("event").GetString()));
        Assert.All(lines, l => Assert.Equal(("alice", "a"), (l.GetProperty("holder").GetString(), l.GetProperty("radio").GetString())));
        Assert.All(lines, l => Assert.Equal(new DateTime(1971, 1, 1, 0, 0, 0, DateTimeKind.Utc), l.GetProperty("time").GetDateTime()));
        Assert.Single(lines.Select(l => l.GetProperty("run").GetString()).Distinct());
        Assert.Equal(2.45e9, lines[0].GetProperty("frequencyHz").GetDouble());
        Assert.Equal(150e-6, lines[0].GetProperty("durationSeconds").GetDouble(), 1e-12);

        // Half of full scale of 1 mW at 10 dB.
        Assert.Equal(0.25e-2, lines[1].GetProperty("powerWatts").GetDouble(), 1e-9);
        Assert.Equal(100e-6, lines[2].GetProperty("durationSeconds").GetDouble(), 1e-12);
        Assert.Equal(("transmitted", 8), (lines[2].GetProperty("outcome").GetString(), lines[2].GetProperty("burst").GetInt32()));
        Assert.Equal(("completed", 0), (lines[3].GetProperty("outcome").GetString(), lines[3].GetProperty("unreportedBursts").GetInt32()));
    }

    [Fact]
    public async Task Run_WithoutBursts_IsNotRecorded()
    {
        using (var log = new TransmitLog(_file))
        {
            await using RadioSidecar sidecar = await RadioSidecar.StartAsync([new ScriptedRadio("a")], new RadioSidecarOptions { TransmitLog = log });
            await using SidecarClient client = await Bench.ConnectAsync(sidecar);
            await using SidecarSession session = await client.OpenSessionAsync();
            await session.ExecuteAsync([Bench.Receive("a", 10)], CancellationToken.None).ToArrayAsync();
        }

        Assert.Empty(Lines());
    }

    [Fact]
    public async Task Run_ThatFails_SaysWhyAndHowManyBurstsNobodyReported()
    {
        using (var log = new TransmitLog(_file))
        {
            var radio = new ScriptedRadio("a") { Failure = new RadioException(RadioFaultCode.Dead, "a", "it has stopped answering.") };
            await Assert.ThrowsAsync<RadioException>(() => RunAsync(log, radio, [Bench.Burst(7, 0, "w")]));
        }

        JsonElement end = Lines()[^1];
        Assert.Equal("stopped", end.GetProperty("outcome").GetString());
        Assert.Contains("stopped answering", end.GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_IsRecordedWithItsLimit()
    {
        using (var log = new TransmitLog(_file))
        {
            await Assert.ThrowsAsync<RadioException>(
                () => RunAsync(log, new ScriptedRadio("a"), [Bench.Burst(7, 0, "w")], new TransmitLimits { MaxPowerWatts = 1e-9 }));
        }

        JsonElement line = Assert.Single(Lines());
        Assert.Equal(("refused", "power", "alice"), (
            line.GetProperty("event").GetString(), line.GetProperty("limit").GetString(), line.GetProperty("holder").GetString()));
    }

    [Fact]
    public async Task Log_OpenedAgain_IsAppendedTo()
    {
        for (int i = 0; i < 2; i++)
        {
            using var log = new TransmitLog(_file);
            await RunAsync(log, new ScriptedRadio("a"), [Bench.Burst(7, 0, "w")]);
        }

        Assert.Equal(6, Lines().Length);
    }

    [Fact]
    public void File_WithTwoWriters_LosesNothingOfEither()
    {
        // What FileMode.Append would do: each writer keeps a position of its own and overwrites the other's lines.
        using (AppendOnlyFile first = new(_file), second = new(_file))
        {
            for (int i = 0; i < 100; i++)
            {
                first.Write("first\n"u8);
                second.Write("second line\n"u8);
            }
        }

        string[] lines = File.ReadAllLines(_file);
        Assert.Equal((100, 100), (lines.Count(l => l == "first"), lines.Count(l => l == "second line")));
    }

    [Fact]
    public async Task Log_ThatCannotBeWritten_LetsNothingTransmit()
    {
        // The file system's own way to be full.
        using var log = new TransmitLog("/dev/full");
        var radio = new ScriptedRadio("a");
        RadioException refused = await Assert.ThrowsAsync<RadioException>(() => RunAsync(log, radio, [Bench.Burst(7, 0, "w")]));
        Assert.Contains("/dev/full", refused.Message, StringComparison.Ordinal);
        Assert.False(radio.Running.Task.IsCompleted);
        Assert.True(radio.Muted.Task.IsCompleted);
    }

    [Fact]
    public void Open_WhereThereIsNoFolder_NamesTheFile() =>
        Assert.Contains("nowhere", Assert.Throws<IOException>(() => new TransmitLog("/nowhere/log")).Message, StringComparison.Ordinal);

    private static async Task RunAsync(TransmitLog log, ScriptedRadio radio, TxBurst[] bursts, TransmitLimits? limits = null)
    {
        await using RadioSidecar sidecar = await RadioSidecar.StartAsync(
            [radio], new RadioSidecarOptions { TransmitLog = log, Limits = limits ?? TransmitLimits.None });
        await using SidecarClient client = await Bench.ConnectAsync(sidecar);
        await using SidecarSession session = await client.OpenSessionAsync();
        await session.Radios[0].ConfigureAsync(new RadioSettingsRequest(1e6, 2.45e9, 10, 0), CancellationToken.None);
        await session.UploadAsync([Bench.Constant("w", 50)], ["a"], CancellationToken.None);
        await session.ExecuteAsync([new BurstSchedule("a", bursts, [])], CancellationToken.None).ToArrayAsync();
    }

    private JsonElement[] Lines() => [.. File.ReadAllLines(_file).Select(l => JsonDocument.Parse(l).RootElement)];
}
