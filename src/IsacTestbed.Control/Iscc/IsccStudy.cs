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
    private readonly SymbolPulse _pulse;
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
        _pulse = new SymbolPulse(scenario.Offload.SamplesPerSymbol);
        _sounding = new RoundSounding(scenario.Run, _pulse, Radios);
        _formats = FormatsOf(UserBand.Whole);
        scenario.Run.Calendar.Require(_sounding.Ticks + scenario.Offload.SlotSamples, scenario.Run.Radio.SampleRateHz);
    }

    /// <summary>The strategies that can be executed.</summary>
    public static IReadOnlyList<string> Methods => IsccMethods.All;

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

        var bands = UserBands.Of(plan, _scenario.Offload.SlotSamples, _pulse);
        IsccUserFigures[] inBand = [.. Enumerable.Range(0, _scenario.Users.Count).Select(k => InBand(problem, plan, check, k, bands[k]))];
        OffloadMessage?[] messages = [.. inBand.Select((figures, k) => MessageOf(k, round, plan, figures, bands[k]))];
        var transmission = new OffloadTransmission(_scenario, plan, bands, messages, channels, round, tick + _sounding.Ticks);
        _scenario.Run.Calendar.Require(_sounding.Ticks + transmission.FirstAttemptTicks, _scenario.Run.Radio.SampleRateHz);
        long end = tick + _scenario.Run.Calendar.RoundTicks;
        IsccReadings readings = await transmission.ExecuteAsync(bench, end, cancellationToken).ConfigureAwait(false);
        var comparisons = new IsccComparisons(_scenario, channels, plan, bands, check, inBand);
        return new ArrayRound(method, round, true, [], comparisons.Of(method, round, messages, readings));
    }

    /// <summary>
    /// What the model says where the filter of the user's band lets in only the band's share of the noise; (7) and (8) as printed leave the
    /// noise powers as they are, whatever the bandwidth.
    /// </summary>
    internal static IsccUserFigures InBand(IsccCase problem, IsccPlan plan, PlanCheck check, int user, UserBand band)
    {
        if (band.IsWhole)
        {
            return check.Users[user];
        }

        IsccCase filtered = problem with
        {
            ApNoiseWatts = band.Share * problem.ApNoiseWatts,
            SensingNoiseWatts = band.Share * problem.SensingNoiseWatts,
        };
        return PlanCheck.Of(filtered, plan).Users[user];
    }

    private LinkFormats FormatsOf(UserBand band)
    {
        OffloadSection offload = _scenario.Offload;
        int room = new SlotComposer(_scenario, _pulse).PacketSamples;
        try
        {
            return new LinkFormats(offload.SamplesPerSymbol, band.AtModem(room), band.AtModem(offload.SlotSamples), offload.PacketErrorRate);
        }
        catch (ArgumentException exception)
        {
            throw new ConfigurationException(
                "scenario",
                "offload.slotSamples",
                FormattableString.Invariant(
                    $"found {offload.SlotSamples}, which {(band.IsWhole ? "is" : $"in {100 * band.Share:G3} % of the band is")} too short; {exception.Message}"),
                exception);
        }
    }

    // Reflection channels have rank one by (5); noise is what sounding found, as no real receiver is told its own. Bandwidth enters the model as the
    // factor of the rate (9) alone, so that a share of Shannon's rate is a share of the bandwidth.
    internal IsccCase CaseOf(SoundedChannels channels)
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

    private OffloadMessage? MessageOf(int user, int round, IsccPlan plan, IsccUserFigures inBand, UserBand band)
    {
        LinkFormats formats = band.IsWhole ? _formats : FormatsOf(band);
        double bits = plan.Offloading[user] * _scenario.Users[user].TaskBits;
        double margin = Math.Pow(10, -_scenario.Offload.LinkMarginDb / 10);
        return bits >= 1 ? new OffloadMessage(_scenario.Run.Seed, user, round, bits, formats.Carried(inBand.CommunicationSinr * margin)) : null;
    }
}
