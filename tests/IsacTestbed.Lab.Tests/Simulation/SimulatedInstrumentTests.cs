using IsacTestbed.Core;
using IsacTestbed.Lab.Dialogues;
using IsacTestbed.Lab.Instruments;
using IsacTestbed.Lab.Lines;
using IsacTestbed.Lab.Profiles;
using IsacTestbed.Lab.Simulation;
using IsacTestbed.Lab.Tests.Doubles;

namespace IsacTestbed.Lab.Tests.Simulation;

/// <summary>
/// The real instruments against the simulated ones, by way of a pseudo-terminal of this kernel. The simulated time of the instrument is
/// moved by the test; the time limits of the dialogue are real and never reached.
/// </summary>
public sealed class SimulatedInstrumentTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly ManualTime _time = new();

    /// <summary>The life of a GPSDO: warm-up, lock, loss of the antenna, holdover, drift, and lock again.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gpsdo_LosesItsAntenna_IsSeenToDrift(bool echo)
    {
        var simulated = new SimulatedGpsdo(_time) { Echo = echo };
        await using SimulatedInstrumentServer server = SimulatedInstrumentServer.OnPseudoTerminal(simulated, _time);
        await using var gpsdo = new Gpsdo("gpsdo", Patient(TestProfiles.Gpsdo), Line(server), TimeProvider.System);
        Assert.StartsWith("Jackson Labs, LC_XO", await gpsdo.IdentifyAsync(Never), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromSeconds(10));
        GpsdoStatus cold = await gpsdo.ReadStatusAsync(Never);
        Assert.Equal((false, GpsdoHealth.WarmUp, false), (cold.Locked, cold.Health, cold.InHoldover));

        _time.Advance(TimeSpan.FromSeconds(30));
        GpsdoStatus young = await gpsdo.ReadStatusAsync(Never);
        Assert.Equal((true, "health WarmUp"), (young.Locked, young.Doubt));

        _time.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(string.Empty, (await gpsdo.ReadStatusAsync(Never)).Doubt);

        simulated.AntennaConnected = false;
        _time.Advance(TimeSpan.FromSeconds(59));
        GpsdoStatus lost = await gpsdo.ReadStatusAsync(Never);
        Assert.Equal((false, true, 59.0, GpsdoHealth.Healthy, 0), (lost.Locked, lost.InHoldover, lost.HoldoverSeconds, lost.Health, lost.SatellitesVisible));

        _time.Advance(TimeSpan.FromSeconds(1400));
        GpsdoStatus drifted = await gpsdo.ReadStatusAsync(Never);
        Assert.Equal(GpsdoHealth.Holdover | GpsdoHealth.PhaseOffset, drifted.Health);
        Assert.Equal(1459 * 2e-10, drifted.TimeIntervalSeconds, 5e-9);

        simulated.AntennaConnected = true;
        _time.Advance(TimeSpan.FromSeconds(31));
        GpsdoStatus again = await gpsdo.ReadStatusAsync(Never);
        Assert.Equal((true, false, string.Empty, 1489.0), (again.Locked, again.InHoldover, again.Doubt, again.HoldoverSeconds));
        Assert.Equal(0, simulated.StoredWrites);
    }

    [Fact]
    public async Task Gpsdo_Sentences_ComeOfThemselves()
    {
        var simulated = new SimulatedGpsdo(_time);
        await using SimulatedInstrumentServer server = SimulatedInstrumentServer.OnPseudoTerminal(simulated, _time);
        await using var gpsdo = new Gpsdo("gpsdo", Patient(TestProfiles.Gpsdo), Line(server), TimeProvider.System);
        await _time.UntilSomebodyWaitsAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        while (HasNone(() => gpsdo.ReadTime()))
        {
            await gpsdo.IdentifyAsync(Never);
        }

        Assert.Equal(_time.GetUtcNow(), gpsdo.ReadTime().Utc);
        Assert.Equal(11, gpsdo.ReadFix().SatellitesUsed);
        Assert.Equal(0, gpsdo.BadSentences);
    }

    [Fact]
    public async Task Gpsdo_UnpluggedInMidCommand_IsOneClearException()
    {
        SimulatedInstrumentServer server = SimulatedInstrumentServer.OnPseudoTerminal(new SimulatedGpsdo(_time), _time);
        await using var gpsdo = new Gpsdo("gpsdo", Patient(TestProfiles.Gpsdo), Line(server), TimeProvider.System);
        await gpsdo.IdentifyAsync(Never);
        await server.DisposeAsync();
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(() => gpsdo.ReadStatusAsync(Never));
        Assert.Equal(InstrumentFault.Unplugged, problem.Fault);
        Assert.Contains(server.Path, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attenuator_IsSetClippedAndReadBack()
    {
        var simulated = new SimulatedAttenuator(maximumDb: 60);
        await using SimulatedInstrumentServer server = SimulatedInstrumentServer.OnPseudoTerminal(simulated, _time);
        await using var attenuator = new Attenuator("attenuator", Patient(TestProfiles.Attenuator), Line(server), TimeProvider.System);
        Assert.Equal(new AttenuationSetting(12.6, 12.5, 12.5), await attenuator.SetAsync(12.6, Never));
        Assert.Equal(12.5, simulated.AttenuationDb);

        // The profile says 90 dB, the unit has 60 and says 2: what it really does is what counts.
        Assert.Equal(new AttenuationSetting(80, 60, 60), await attenuator.SetAsync(80, Never));
        simulated.AttenuationDb = 3;
        Assert.False((await attenuator.ReadStateAsync(Never)).Trustworthy);
        simulated.Broken = true;
        Assert.Equal(InstrumentFault.Refused, (await Assert.ThrowsAsync<InstrumentException>(() => attenuator.SetAsync(1, Never))).Fault);
        Assert.Equal(0, simulated.StoredWrites);
    }

    [Fact]
    public async Task Rotator_TurnsAtItsSpeed()
    {
        var simulated = new SimulatedRotator(TimeProvider.System) { DegreesPerSecond = 300 };
        await using SimulatedInstrumentServer server = SimulatedInstrumentServer.OnPseudoTerminal(simulated, _time);
        await using var rotator = new Rotator("rotator", Quick(TestProfiles.Rotator), Line(server), TimeProvider.System);
        Assert.Equal(90, await rotator.TurnToAsync(90, Never), 2.0);
        Assert.Equal(45, await rotator.TurnToAsync(45, Never), 2.0);
        Assert.True((await rotator.ReadStateAsync(Never)).Trustworthy);
    }

    [Fact]
    public async Task Switch_SwitchesAndTellsOfAStuckRelay()
    {
        var simulated = new SimulatedPathSwitch();
        await using SimulatedInstrumentServer server = SimulatedInstrumentServer.OnPseudoTerminal(simulated, _time);
        await using var unit = new PathSwitch("switch", Patient(TestProfiles.Switch), Line(server), TimeProvider.System);
        RelayPosition first = new(1, 1, 1, 1), second = new(1, 2, 6, 2);
        Assert.Equal([false, false], await unit.AreClosedAsync([first, second], Never));
        await unit.CloseAsync([first, second], Never);
        Assert.Equal([true, true], await unit.AreClosedAsync([first, second], Never));
        Assert.Equal([false], await unit.AreClosedAsync([second with { Position = 5 }], Never));
        simulated.StuckRelay = ("F01M01", 1);
        Assert.Equal(InstrumentFault.Refused, (await Assert.ThrowsAsync<InstrumentException>(() => unit.CloseAsync([first with { Position = 0 }], Never))).Fault);
        Assert.Equal(0, simulated.Resets);
    }

    /// <summary>With the switch, and only with it, a dangerous command reaches the instrument.</summary>
    [Fact]
    public async Task Dangerous_ReachesTheInstrument_OnlyWithTheSwitch()
    {
        var simulated = new SimulatedGpsdo(_time);
        var echo = new DangerousCommand("SYST:COMM:SER:ECHO OFF", "changes how the instrument is reached");
        await using SimulatedInstrumentServer server = SimulatedInstrumentServer.OnPseudoTerminal(simulated, _time);
        await using (var careful = new Gpsdo("gpsdo", Patient(TestProfiles.Gpsdo), Line(server), TimeProvider.System))
        {
            await Assert.ThrowsAsync<InstrumentException>(() => careful.SendDangerousAsync(echo, Never));
            await careful.IdentifyAsync(Never);
            Assert.Equal(0, simulated.StoredWrites);
        }

        await using var bold = new Gpsdo("gpsdo", Patient(TestProfiles.Gpsdo), Line(server), TimeProvider.System, allowDangerousCommands: true);
        await bold.SendDangerousAsync(echo, Never);
        await bold.IdentifyAsync(Never);
        Assert.Equal(1, simulated.StoredWrites);
    }

    /// <summary>The whole way of a user without hardware, for every kind of instrument.</summary>
    [Theory]
    [InlineData(InstrumentKind.Gpsdo)]
    [InlineData(InstrumentKind.Attenuator)]
    [InlineData(InstrumentKind.Rotator)]
    [InlineData(InstrumentKind.Switch)]
    public async Task Opening_ASimulatedInstrument_IsTrustworthy(InstrumentKind kind)
    {
        InstrumentProfile profile = Patient(kind switch
        {
            InstrumentKind.Gpsdo => TestProfiles.Gpsdo,
            InstrumentKind.Attenuator => TestProfiles.Attenuator,
            InstrumentKind.Rotator => TestProfiles.Rotator,
            _ => TestProfiles.Switch,
        });
        await using IInstrument instrument = await InstrumentOpening.OpenAsync(
            new InstrumentEntry("it", "test", InstrumentEntry.Simulated, false), profile, TimeProvider.System, Never);
        InstrumentReading reading = await instrument.ReadStateAsync(Never);
        Assert.Equal(("it", true, string.Empty), (reading.Instrument, reading.Trustworthy, reading.Reason));
    }

    [Theory]
    [InlineData("/dev/ttyUSB-not-there", "no such device")]
    [InlineData("/dev/null", "not a terminal")]
    public async Task Opening_WhatIsNotThere_NamesTheInstrument(string device, string message)
    {
        InstrumentException problem = await Assert.ThrowsAsync<InstrumentException>(
            () => InstrumentOpening.OpenAsync(new InstrumentEntry("gpsdo", "test", device, false), TestProfiles.Gpsdo, TimeProvider.System, Never));
        Assert.Equal((InstrumentFault.Unreachable, "gpsdo"), (problem.Fault, problem.Instrument));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://")]
    [InlineData("tcp://host/x")]
    public async Task Opening_AddressThatIsNone_IsAConfigurationMistake(string device) =>
        await Assert.ThrowsAsync<ConfigurationException>(
            () => InstrumentOpening.OpenAsync(new InstrumentEntry("switch", "test", device, false), TestProfiles.Switch, TimeProvider.System, Never));

    private static bool HasNone(Func<object> read)
    {
        try
        {
            return read() is null;
        }
        catch (InstrumentException exception) when (exception.Fault == InstrumentFault.Stale)
        {
            return true;
        }
    }

    private static StreamTransport Line(SimulatedInstrumentServer server) => new(SerialStream.Open(server.Path, new LineSettings(115200)), server.Path);

    // A machine that is busy may take its time; the limit only ends a test that hangs.
    private static InstrumentProfile Patient(InstrumentProfile profile) => profile with { ReplyTimeout = TimeSpan.FromSeconds(60) };

    private static InstrumentProfile Quick(InstrumentProfile profile) =>
        Patient(profile) with { Limits = new Dictionary<string, double>(profile.Limits) { ["pollSeconds"] = 0.05 } };
}
