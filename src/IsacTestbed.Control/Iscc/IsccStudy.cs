using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Control.Iscc;

/// <summary>iscc on the air: sound, plan for the estimated channels, transmit data and sensing beams of all users at once, measure.</summary>
public sealed class IsccStudy : IArrayStudy
{
    private readonly IsccScenario _scenario;
    private readonly IsccPlanner _planner;
    private readonly RoundSounding _sounding;
    private readonly LinkFormats _formats;

    /// <summary>Prepares the study.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="planner">The planner.</param>
    /// <exception cref="ConfigurationException">Sounding or slots do not fit the scenario.</exception>
    public IsccStudy(IsccScenario scenario, IsccPlanner planner)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(planner);
        _scenario = scenario;
        _planner = planner;
        Radios =
        [
            .. scenario.Users.Select(u => new ArrayRadio(u.Site.Id, u.Site.Elements, u.Site.Elements)),
            new ArrayRadio(scenario.AccessPoint.Id, 0, scenario.AccessPoint.Elements),
        ];
        var pulse = new SymbolPulse(scenario.Offload.SamplesPerSymbol);
        _sounding = new RoundSounding(scenario.Run, pulse, Radios);
        _formats = FormatsOf(scenario, pulse);
        scenario.Run.Calendar.Require(_sounding.Ticks + scenario.Offload.SlotSamples, scenario.Run.Radio.SampleRateHz);
    }

    /// <summary>The strategies that can be executed: all but those that divide the band, since on the air everybody shares it.</summary>
    public static IReadOnlyList<string> Methods { get; } = [.. IsccMethods.All.Where(m => m != IsccMethods.Ofdma)];

    /// <inheritdoc/>
    public string Family => "iscc";

    /// <inheritdoc/>
    public ArrayRunSection Run => _scenario.Run;

    /// <inheritdoc/>
    public IReadOnlyList<ArrayRadio> Radios { get; }

    /// <inheritdoc/>
    public async Task<ArrayRound> RunRoundAsync(IArrayBench bench, string method, int round, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bench);
        long tick = _scenario.Run.Calendar.RoundTick(round);
        SoundedChannels channels = await _sounding.SoundAsync(bench, round, cancellationToken).ConfigureAwait(false);
        if (channels.Judge() is { Verdict: not Verdict.Valid, Reason: var doubt })
        {
            return ArrayRound.Unplanned(method, round, [doubt]);
        }

        IsccCase problem = CaseOf(channels);
        IsccAnswer answer = _planner.Solve(problem, method, cancellationToken);
        if (answer.Plan is not { } plan || answer.Check is not { } check)
        {
            return ArrayRound.Unplanned(method, round, answer.Reasons);
        }

        OffloadMessage?[] messages = [.. Enumerable.Range(0, _scenario.Users.Count).Select(k => MessageOf(k, round, plan, check.Users[k]))];
        var transmission = new OffloadTransmission(_scenario, plan, messages, channels, round, tick + _sounding.Ticks);
        _scenario.Run.Calendar.Require(_sounding.Ticks + transmission.FirstAttemptTicks, _scenario.Run.Radio.SampleRateHz);
        long end = tick + _scenario.Run.Calendar.RoundTicks;
        IsccReadings readings = await transmission.ExecuteAsync(bench, end, cancellationToken).ConfigureAwait(false);
        var comparisons = new IsccComparisons(_scenario, channels, problem, plan, check);
        return new ArrayRound(method, round, true, [], comparisons.Of(method, round, messages, readings));
    }

    private static LinkFormats FormatsOf(IsccScenario scenario, SymbolPulse pulse)
    {
        int room = new SlotComposer(scenario, pulse).PacketSamples;
        try
        {
            return new LinkFormats(scenario.Offload.SamplesPerSymbol, room, scenario.Offload.SlotSamples, scenario.Offload.PacketErrorRate);
        }
        catch (ArgumentException exception)
        {
            throw new ConfigurationException("scenario", "offload.slotSamples", $"found {scenario.Offload.SlotSamples}; {exception.Message}", exception);
        }
    }

    // Reflection channels have rank one by (5); noise is what sounding found, as no real receiver is told its own. Bandwidth enters the model as the
    // factor of the rate (9) alone, so that a share of Shannon's rate is a share of the bandwidth.
    private IsccCase CaseOf(SoundedChannels channels)
    {
        string ap = _scenario.AccessPoint.Id;
        ChannelEstimate[] up = [.. _scenario.Users.Select(u => channels.Between(u.Site.Id, ap))];
        ChannelEstimate[] echoes = [.. _scenario.Users.Select(u => channels.Between(u.Site.Id, u.Site.Id))];
        return new IsccCase(
            _scenario.BandwidthHz * _scenario.Offload.RateShare,
            _scenario.Limits.MaxPowerWatts,
            up.Average(e => e.NoiseWatts),
            echoes.Average(e => e.NoiseWatts),
            Math.Pow(10, _scenario.Limits.SensingSinrThresholdDb / 10),
            _scenario.Limits.ApCyclesPerSecond,
            [.. _scenario.Users.Select(u => new IsccUser(
                u.TaskBits, u.LatencySeconds, u.CyclesPerBit, u.CyclesPerSecond, u.Capacitance, u.ApCapacitance, u.EnergyCostRatio))],
            [.. up.Select(e => e.Channel)],
            [.. echoes.Select(e => e.DominantPart())]);
    }

    private OffloadMessage? MessageOf(int user, int round, IsccPlan plan, IsccUserFigures figures)
    {
        double bits = plan.Offloading[user] * _scenario.Users[user].TaskBits;
        double margin = Math.Pow(10, -_scenario.Offload.LinkMarginDb / 10);
        return bits >= 1 ? new OffloadMessage(_scenario.Run.Seed, user, round, bits, _formats.Carried(figures.CommunicationSinr * margin)) : null;
    }
}
