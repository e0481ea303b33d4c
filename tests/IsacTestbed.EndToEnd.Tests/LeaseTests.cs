using System.Text.Json;

namespace IsacTestbed.EndToEnd.Tests;

/// <summary>Controllers and sidecars that die or hang while radios transmit, as processes; the sidecar's transmit log is the witness.</summary>
public sealed class LeaseTests : IDisposable
{
    // A quarter of a second each, on a clock that runs in real time: fifteen seconds of bursts in one schedule.
    private const int Frames = 60;
    private const int LeaseSeconds = 4;
    private const int Radios = 2;

    private readonly ScratchFolder _scratch = new();
    private readonly TransmitLogFile _log;
    private readonly string _scenario;

    public LeaseTests()
    {
        _log = new TransmitLogFile(_scratch["transmissions.jsonl"]);
        _scenario = _scratch.Scenario(("referenceFrames: 10", $"referenceFrames: {Frames}"), ("maxSnapshots: 16", "maxSnapshots: 4096"));
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task ControllerKilled_WhileItsRadiosTransmit_AreMutedWithinTheLeaseAndTheNextOneGetsThem()
    {
        await using IsacProcess sidecar = StartSidecar();
        string address = await AddressAsync(sidecar);
        await using IsacProcess controller = Start(address, "killed");
        await TransmittingAsync(0);

        await controller.KillAsync();
        DateTime killed = TimeProvider.System.GetUtcNow().UtcDateTime;

        IReadOnlyList<JsonElement> ends = await _log.WaitForAsync("end", Radios);
        Assert.All(ends, AssertCutShort);
        Assert.All(ends, e => Assert.InRange((e.GetProperty("time").GetDateTime() - killed).TotalSeconds, -LeaseSeconds, LeaseSeconds));
        AssertNothingTransmittedAfter(ends);

        int before = _log.Lines().Count;
        await using IsacProcess next = await StartUntilItHoldsAsync(address, before);
        Assert.All(await _log.WaitForAsync("begin", Radios, before), b => Assert.Contains($"process {next.Id}", Holder(b), StringComparison.Ordinal));
    }

    [Fact]
    public async Task ControllerThatHangs_WhileItsRadiosTransmit_LosesThemWithItsLease()
    {
        await using IsacProcess sidecar = StartSidecar();
        string address = await AddressAsync(sidecar);
        await using IsacProcess controller = Start(address, "hung");
        await TransmittingAsync(0);

        // Stopped, it keeps its connection open and says nothing any more: only the lease can end this.
        await controller.SignalAsync("STOP");
        IReadOnlyList<JsonElement> ends = await _log.WaitForAsync("end", Radios);
        Assert.All(ends, AssertCutShort);
        Assert.All(ends, e => Assert.Contains("not renewed", e.GetProperty("problem").GetString(), StringComparison.Ordinal));
        AssertNothingTransmittedAfter(ends);

        await controller.SignalAsync("CONT");
        IsacResult result = await controller.EndAsync();
        Assert.Equal(4, result.ExitCode);
        Assert.Single(result.ErrorLines);
    }

    [Fact]
    public async Task SecondController_WhileTheFirstTransmits_IsToldWhoHoldsTheRadioAndForHowLong()
    {
        await using IsacProcess sidecar = StartSidecar();
        string address = await AddressAsync(sidecar);
        await using IsacProcess first = Start(address, "first");
        await TransmittingAsync(0);

        IsacResult second = await IsacProcess.RunAsync(RunFiles.RunArguments(_scenario, _scratch["second"], "--sidecar", address));

        Assert.Equal(4, second.ExitCode);
        Assert.Matches($@"held by .*process {first.Id} for another [0-9.]+ s", Assert.Single(second.ErrorLines));
        Assert.DoesNotContain(_log.Lines(), l => !Holder(l).Contains($"process {first.Id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SidecarTerminated_WhileItsRadiosTransmit_MutesThemTellsTheControllerAndEndsWell()
    {
        await using IsacProcess sidecar = StartSidecar();
        await using IsacProcess controller = Start(await AddressAsync(sidecar), "told");
        await TransmittingAsync(0);

        await sidecar.SignalAsync("TERM");

        IsacResult end = await sidecar.EndAsync();
        Assert.Equal((0, string.Empty), (end.ExitCode, end.Error));
        IReadOnlyList<JsonElement> ends = await _log.WaitForAsync("end", Radios);
        Assert.All(ends, AssertCutShort);
        IsacResult told = await controller.EndAsync();
        Assert.Equal(4, told.ExitCode);
        Assert.Contains("the sidecar stops", Assert.Single(told.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SidecarKilled_WhileItsRadiosTransmit_LeavesTheirBeginningInTheLog()
    {
        await using (IsacProcess sidecar = StartSidecar())
        {
            await using IsacProcess controller = Start(await AddressAsync(sidecar), "orphan");
            await TransmittingAsync(0);
            await sidecar.KillAsync();
            Assert.Equal(4, (await controller.EndAsync()).ExitCode);
        }

        Assert.Equal(Radios, _log.Lines().Count(l => l.GetProperty("event").GetString() == "begin"));
        Assert.DoesNotContain(_log.Lines(), l => l.GetProperty("event").GetString() == "end");
    }

    private static string Holder(JsonElement line) => line.GetProperty("holder").GetString()!;

    private static void AssertCutShort(JsonElement end)
    {
        Assert.Equal("stopped", end.GetProperty("outcome").GetString());
        Assert.InRange(end.GetProperty("unreportedBursts").GetInt32(), 1, Frames);
    }

    private void AssertNothingTransmittedAfter(IReadOnlyList<JsonElement> ends)
    {
        DateTime last = ends.Max(e => e.GetProperty("time").GetDateTime());
        Assert.DoesNotContain(
            _log.Lines(), l => l.GetProperty("event").GetString() is "burst" or "begin" && l.GetProperty("time").GetDateTime() > last);
    }

    private async Task TransmittingAsync(int from) => await _log.WaitForAsync("burst", 1, from);

    private IsacProcess StartSidecar() => IsacProcess.Start(
        "sidecar", "--scenario", _scenario, "--listen", "127.0.0.1:0", "--paced", "--max-lease", $"{LeaseSeconds}", "--transmit-log", _log.Path);

    private IsacProcess Start(string address, string folder) =>
        IsacProcess.Start(RunFiles.RunArguments(_scenario, _scratch[folder], "--sidecar", address));

    // The dead controller's lease still runs for a moment.
    private async Task<IsacProcess> StartUntilItHoldsAsync(string address, int from)
    {
        for (int attempt = 0; ; attempt++)
        {
            IsacProcess next = Start(address, $"next-{attempt}");
            Task<IsacResult> refused = next.EndAsync();
            Task begun = _log.WaitForAsync("begin", Radios, from);
            if (await Task.WhenAny(refused, begun) == begun)
            {
                return next;
            }

            Assert.Contains("held by", (await refused).Error, StringComparison.Ordinal);
            await next.DisposeAsync();
        }
    }

    private static async Task<string> AddressAsync(IsacProcess sidecar)
    {
        string line = await sidecar.WaitForAsync(l => l.Contains("http://", StringComparison.Ordinal));
        return new Uri(line.Split(' ')[^1]).Authority;
    }
}
