using System.Text.Json;
using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests.Sidecars;

public sealed class RadiosCommandTests
{
    [Fact]
    public async Task Radios_OfASidecarInUse_AreListedWithTheirHolder()
    {
        using var scratch = new ScratchFolder();
        await using IsacProcess sidecar = IsacProcess.Start("sidecar", "--scenario", ScratchFolder.SmallScenario, "--listen", "127.0.0.1:0");
        string line = await sidecar.WaitForAsync(l => l.Contains("http://", StringComparison.Ordinal));
        string address = new Uri(line.Split(' ')[^1]).Authority;
        JsonElement[] free = await ListAsync(address);
        Assert.Equal(["device-1", "device-2", "server"], free.Select(r => r.GetProperty("radioId").GetString()));
        Assert.All(free, r => Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (r.GetProperty("holder").ValueKind, r.GetProperty("frequencyHz").ValueKind)));
        Assert.Equal((2, 2, "emulated"), (free[0].GetProperty("txChannels").GetInt32(), free[0].GetProperty("rxChannels").GetInt32(), free[0].GetProperty("driver").GetString()));

        await using IsacProcess run = IsacProcess.Start(
            "run", "--plain", "--scenario", ScratchFolder.SmallScenario, "--out", scratch["run"], "--sidecar", address);
        await run.WaitForAsync(l => l.Contains("round 1", StringComparison.Ordinal));
        await run.SignalAsync("STOP");
        JsonElement[] held = await ListAsync(address);
        IsacResult table = await IsacProcess.RunAsync("radios", "--sidecar", address);
        await run.SignalAsync("KILL");

        Assert.All(held, r => Assert.Contains($"process {run.Id}", r.GetProperty("holder").GetString(), StringComparison.Ordinal));
        Assert.All(held, r => Assert.Equal(3.5e9, r.GetProperty("frequencyHz").GetDouble()));
        Assert.All(held, r => Assert.InRange(r.GetProperty("heldUntil").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1)));
        Assert.Equal(0, table.ExitCode);
        Assert.Contains("device-2", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Radios_OfNoSidecar_AreAOneLineFailure() =>
        Complaint.AssertOneLine(await IsacProcess.RunAsync("radios", "--sidecar", "127.0.0.1:1"), ExitCodes.RadioFault, "127.0.0.1:1");

    private static async Task<JsonElement[]> ListAsync(string address)
    {
        IsacResult result = await IsacProcess.RunAsync("radios", "--sidecar", address, "--output", "json");
        Assert.True(result.ExitCode == 0, result.Error);
        return [.. JsonDocument.Parse(result.Output).RootElement.EnumerateArray()];
    }
}
