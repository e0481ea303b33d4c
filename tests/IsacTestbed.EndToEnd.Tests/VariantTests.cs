using System.Text.Json;
using IsacTestbed.Core;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>The other kinds of runs: probe packets, stored data sets and their partitions.</summary>
public sealed class VariantTests
{
    private const int Side = 4;
    private const int Classes = 10;

    /// <summary>A model that is too large for the deadline goes by the backhaul, and only if its probe arrived.</summary>
    [Fact]
    public async Task Run_ProbeMode_AveragesThoseWhoseProbeArrived()
    {
        using var scratch = new ScratchFolder();
        string scenario = scratch.Scenario(("mode: packets", "mode: probe"), ("hiddenWidths: [12]", "hiddenWidths: [600]"), ("rounds: 4", "rounds: 3"));
        IsacResult result = await IsacProcess.RunAsync("run", "--plain", "--scenario", scenario, "--out", scratch["run"], "--method", "exact");
        Assert.True(result.ExitCode == 0, result.Error);
        foreach (JsonElement round in Rounds(scratch["run"]))
        {
            Assert.Equal(round.GetProperty("arrived").GetInt32(), round.GetProperty("devices").EnumerateArray().Count(d => d.GetProperty("uploadSucceeded").GetBoolean()));
        }

        JsonElement[] uploads =
        [
            .. File.ReadLines(Path.Combine(scratch["run"], "exact", "measurements.jsonl"))
                .Select(l => JsonDocument.Parse(l).RootElement).Where(m => m.TryGetProperty("upload", out _)).Select(m => m.GetProperty("upload")),
        ];
        Assert.NotEmpty(uploads);
        Assert.All(uploads, u => Assert.Equal(1, u.GetProperty("packetsSent").GetInt32()));
    }

    /// <summary>Images of which each class has its own bright pixel: learnable at once where the noise is that of a good sensing SNR.</summary>
    [Theory]
    [InlineData("iid")]
    [InlineData("dirichlet")]
    [InlineData("byLabel")]
    public async Task Run_StoredDataSet_Learns(string partition)
    {
        using var scratch = new ScratchFolder();
        WriteDataSet(scratch["data"], "mnist");
        string scenario = scratch.Scenario(
            ("data: sensed", "data: mnist"), ("partition: iid", $"partition: {partition}"), ("localSteps: 5", "localSteps: 30"), ("learningRate: 0.05", "learningRate: 0.2"));
        IsacResult result = await IsacProcess.RunAsync(
            "run", "--plain", "--scenario", scenario, "--out", scratch["run"], "--method", "exact", "--data", scratch["data"]);
        Assert.True(result.ExitCode == 0, result.Error);
        double[] losses = [.. Rounds(scratch["run"]).Select(r => r.GetProperty("loss").GetDouble())];
        Assert.True(losses[^1] < Math.Log(Classes), $"The loss went {string.Join(", ", losses)}; guessing has {Math.Log(Classes):0.000}.");
    }

    [Fact]
    public async Task Run_WithoutTheDataSet_SaysHowToGetIt()
    {
        using var scratch = new ScratchFolder();
        string scenario = scratch.Scenario(("data: sensed", "data: fashionMnist"));
        IsacResult result = await IsacProcess.RunAsync("run", "--plain", "--scenario", scenario, "--out", scratch["run"], "--data", scratch["nowhere"]);
        Assert.Equal(2, result.ExitCode);
        string line = Assert.Single(result.ErrorLines);
        Assert.Contains(scratch["nowhere"], line, StringComparison.Ordinal);
        Assert.Contains("isac data get fashion-mnist", line, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.False(Directory.Exists(scratch["run"]), "A run that never began leaves no folder.");
    }

    private static JsonElement[] Rounds(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "exact", "rounds.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)];

    private static void WriteDataSet(string folder, string name)
    {
        Directory.CreateDirectory(Path.Combine(folder, name));
        foreach ((string part, int count) in ((string, int)[])[("train", 600), ("t10k", 100)])
        {
            byte[] images = new byte[count * Side * Side], labels = new byte[count];
            var random = new CounterRandom(1, RandomPurpose.Test, (uint)count);
            for (int i = 0; i < count; i++)
            {
                labels[i] = (byte)random.IntegerAt((ulong)i, Classes);
                images[(i * Side * Side) + labels[i]] = 255;
            }

            WriteIdx(Path.Combine(folder, name, $"{part}-images-idx3-ubyte"), images, count, Side, Side);
            WriteIdx(Path.Combine(folder, name, $"{part}-labels-idx1-ubyte"), labels, count);
        }
    }

    // The IDX format: two zero bytes, type 8 (bytes), number of dimensions, the dimensions in big endian, the data.
    private static void WriteIdx(string file, byte[] data, params int[] shape)
    {
        using FileStream stream = File.Create(file);
        stream.Write([0, 0, 8, (byte)shape.Length]);
        foreach (int size in shape)
        {
            stream.Write([(byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size]);
        }

        stream.Write(data);
    }
}
