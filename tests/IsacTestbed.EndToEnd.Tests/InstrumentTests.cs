using System.Text.Json;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>A reference that loses its lock: what was measured under it is dropped, is never an outage, and never enters an estimate.</summary>
[Collection(ReferenceRunCollection.Name)]
public sealed class InstrumentTests
{
    private const string Method = "uniform";
    private const int Hit = 2;

    // Two readings per phase: before it and behind it. The phases are the reference frames, then sensing and upload of each round.
    private const int FirstOfHit = 2 * (1 + (2 * Hit));

    [Fact]
    public async Task Loop_LockLostDuringARound_MakesItsMeasurementsInconclusive()
    {
        using var scratch = new ScratchFolder();
        await using FaultyBench bench = await FaultyBench.StartAsync();

        // It is good before the round's sensing, and bad from behind it to the end of the upload.
        RunSummary summary = await bench.RunAsync(scratch["run"], Method, new ScriptedMonitor(call => call is < FirstOfHit + 1 or > FirstOfHit + 3));

        JsonElement[] lines = [.. Lines(scratch["run"], Method, "measurements.jsonl")];
        Assert.NotEmpty(lines);
        int uploads = 0;
        foreach (JsonElement line in lines)
        {
            bool hit = line.GetProperty("round").GetInt32() == Hit;
            if (line.TryGetProperty("sensing", out JsonElement sensing))
            {
                SensingMeasurement frame = sensing.Deserialize(RecordJson.Default.SensingMeasurement)!;
                Assert.Equal(hit ? (Verdict.Inconclusive, "instrument: gpsdo: lock lost", 0.0) : (Verdict.Valid, string.Empty, frame.SensingSnr), (frame.Verdict, frame.Reason, frame.SensingSnr));
            }
            else
            {
                UploadMeasurement upload = line.GetProperty("upload").Deserialize(RecordJson.Default.UploadMeasurement)!;
                Assert.Equal(hit ? Verdict.Inconclusive : Verdict.Valid, upload.Verdict);
                Assert.False(hit && (upload.IsOutage || upload.Succeeded));
                uploads += hit ? 1 : 0;
            }
        }

        Assert.Equal(bench.Scenario.Devices.Count, uploads);

        RoundRecord[] rounds = [.. Lines(scratch["run"], Method, "rounds.jsonl").Select(l => l.Deserialize(RecordJson.Default.RoundRecord)!)];
        Assert.Equal(bench.Scenario.Rounds, rounds.Length);
        Assert.Equal((0, rounds[Hit - 1].GapDb), (rounds[Hit].Arrived, rounds[Hit].GapDb));
        for (int k = 0; k < bench.Scenario.Devices.Count; k++)
        {
            DeviceRound before = rounds[Hit - 1].Devices[k], during = rounds[Hit].Devices[k];
            Assert.Null(during.MeasuredSensingSnr);
            Assert.Equal((before.SensingGain, before.UplinkGain), (during.SensingGain, during.UplinkGain));
            Assert.Equal(during.Frames + 1, summary.Methods[0].Devices[k].InvalidMeasurements);
            Assert.NotEqual(during.SensingGain, rounds[Hit + 1].Devices[k].SensingGain);
        }
    }

    /// <summary>Lost and found within a phase counts; lost and found between two phases does not.</summary>
    [Theory]
    [InlineData(FirstOfHit + 1, true)]
    [InlineData(FirstOfHit, false)]
    public async Task Loop_LockLostAndFoundBetweenTwoReadings_CountsOnlyWithinAPhase(int call, bool counts)
    {
        using var scratch = new ScratchFolder();
        await using FaultyBench bench = await FaultyBench.StartAsync();
        await bench.RunAsync(scratch["run"], Method, new ScriptedMonitor(_ => true) { GlitchAt = call });
        int dropped = Lines(scratch["run"], Method, "rounds.jsonl").Select(l => l.Deserialize(RecordJson.Default.RoundRecord)!)
            .Sum(r => r.Devices.Sum(d => d.Frames - d.ValidFrames));
        Assert.Equal(counts, dropped > 0);
    }

    /// <summary>Instruments that are well change nothing in the results; the diary tells of each.</summary>
    [Fact]
    public async Task Loop_InstrumentsThatAreWell_ChangeNoBit()
    {
        using var scratch = new ScratchFolder();
        foreach (string name in (string[])["with", "without"])
        {
            await using FaultyBench bench = await FaultyBench.StartAsync();
            await bench.RunAsync(scratch[name], Method, name == "with" ? new ScriptedMonitor(_ => true) : null);
        }

        foreach (string file in (string[])["rounds.jsonl", "measurements.jsonl", "samples.bin"])
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(scratch["without"], Method, file)), await File.ReadAllBytesAsync(Path.Combine(scratch["with"], Method, file)));
        }

        Assert.False(File.Exists(Path.Combine(scratch["without"], "instruments.jsonl")));
        InstrumentRecord[] diary = [.. Lines(scratch["with"], string.Empty, "instruments.jsonl").Select(l => l.Deserialize(RecordJson.Default.InstrumentRecord)!)];
        Assert.Equal(diary.Select((_, i) => (i / 2, i % 2 == 0 ? PhaseMoment.Before : PhaseMoment.During)), diary.Select(r => (r.Phase, r.Moment)));
        Assert.All(diary, r => Assert.Equal(("gpsdo", true), (r.Reading.Instrument, r.Reading.Trustworthy)));
    }

    private static IEnumerable<JsonElement> Lines(string folder, string method, string file) =>
        File.ReadLines(Path.Combine(folder, method, file)).Select(line => JsonDocument.Parse(line).RootElement);

    /// <summary>One reference whose state at each call is scripted.</summary>
    private sealed class ScriptedMonitor(Func<int, bool> isLocked) : IInstrumentMonitor
    {
        private int _call = -1;

        /// <summary>The call before which the lock was lost and found again.</summary>
        public int? GlitchAt { get; init; }

        public ValueTask<IReadOnlyList<InstrumentReading>> ReadAsync(CancellationToken cancellationToken)
        {
            _call++;
            IReadOnlyList<InstrumentReading> readings = _call == GlitchAt ? [Reading(false), Reading(true)] : [Reading(isLocked(_call))];
            return ValueTask.FromResult(readings);
        }

        private InstrumentReading Reading(bool locked) =>
            new("gpsdo", DateTimeOffset.UnixEpoch.AddSeconds(_call), locked, locked ? string.Empty : "lock lost", [new("locked", locked ? "true" : "false", string.Empty)]);
    }
}
