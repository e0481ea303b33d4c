using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.OtaFeel;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Control.OtaFeel;

/// <summary>
/// ota-feel on the air: sound, plan for the estimated channels, let all devices transmit at once, compare the sums that the server's combiners
/// give with those that were wanted, and locate the target by the echoes of the same transmissions.
/// </summary>
public sealed class OtaFeelStudy : IArrayStudy
{
    /// <summary>Quantity: the aggregation error as planned.</summary>
    public const string Sums = "aggregation error (7)";

    /// <summary>Quantity: the same with what the errors of the sounded channels add to it.</summary>
    public const string SumsWithSounding = "(7) and errors of sounding";

    /// <summary>Quantity: the squared distance of an estimate from the target.</summary>
    public const string SquaredError = "squared error, bound (19)";

    /// <summary>Subject: the location by the statistics of all devices in one place.</summary>
    public const string Centralised = "centralised";

    /// <summary>Subject: the mean of the locations that each device finds by itself.</summary>
    public const string SingleShot = "single-shot";

    /// <summary>Subject: the location that the devices find together by sums alone.</summary>
    public const string Federated = "federated";

    private const int FederatedRounds = 40;

    private readonly OtaFeelScenario _scenario;
    private readonly RoundSounding _sounding;
    private readonly SymbolPulse _pulse;

    /// <summary>Prepares the study.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <exception cref="ConfigurationException">Sounding or frames do not fit the scenario.</exception>
    public OtaFeelStudy(OtaFeelScenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        _scenario = scenario;
        _pulse = new SymbolPulse(scenario.Frame.SamplesPerSymbol);
        _sounding = new RoundSounding(scenario.Run, _pulse, scenario.Radios);
        scenario.Run.Calendar.Require(_sounding.Ticks + ((1L + scenario.Training.Steps) * StepTicks), scenario.Run.Radio.SampleRateHz);
    }

    /// <inheritdoc/>
    public string Family => "ota-feel";

    /// <inheritdoc/>
    public ArrayRunSection Run => _scenario.Run;

    /// <inheritdoc/>
    public IReadOnlyList<ArrayRadio> Radios => _scenario.Radios;

    // All frames of one transmission, with what their echoes may come late.
    private long StepTicks => _pulse.LengthInSamples(_scenario.Frame.Intervals) + (4L * _scenario.Run.Sounding.MaxDelaySamples);

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

        OtaFeelCase problem = CaseOf(channels);
        (DesignedFrame? frame, IReadOnlyList<string> reasons) = DesignedFrame.Create(problem, method, _scenario.Frame.SensingBlocks, cancellationToken);
        if (frame is null)
        {
            return ArrayRound.Unplanned(method, round, reasons);
        }

        double[] delays = [.. _scenario.Devices.Select(d => channels.Between(d.Id, _scenario.Server.Id).DelaySamples)];
        var transmission = new FrameTransmission(_scenario, _pulse, frame, delays, AirPayload.Random(_scenario, round), tick + _sounding.Ticks);
        FrameReadings readings = await transmission.ExecuteAsync(bench, cancellationToken).ConfigureAwait(false);
        List<Comparison> comparisons = Compare(method, round, channels, problem, frame, readings);
        if (_scenario.Training.Steps > 0)
        {
            double bound = frame.Bound(_scenario.Scene, _scenario.Echo.Target, [.. readings.Echoes.Select(e => e.Sent)]);
            if (readings.AtDevices.Verdict == Verdict.Valid)
            {
                LocalisationLoss[] losses = Losses(Statistics(problem, frame, readings.Echoes));
                using var training = new AirTraining(_scenario, _pulse, frame, delays, losses, round);
                await training.RunAsync(bench, tick + _sounding.Ticks + StepTicks, StepTicks, cancellationToken).ConfigureAwait(false);
                comparisons.AddRange(training.Compare(method, bound));
            }
            else
            {
                // Nothing to locate with, and so no round of training.
                comparisons.Add(AirTraining.Location(method, round, bound).With(default, readings.AtDevices));
            }
        }

        return new ArrayRound(method, round, true, [], comparisons);
    }

    // Noise is what sounding found behind the pilots, as no real receiver is told its own.
    private OtaFeelCase CaseOf(SoundedChannels channels)
    {
        string server = _scenario.Server.Id;
        string[] ids = [.. _scenario.Devices.Select(d => d.Id)];
        FrameSection frame = _scenario.Frame;
        double weight = 1.0 / ids.Length;
        var loose = new OtaFeelCase(
            frame.PulseLength,
            frame.PowerWatts,
            ids.Average(id => channels.Between(id, server).NoiseWatts),
            [.. ids.Select(id => ids.Average(from => channels.Between(from, id).NoiseWatts))],
            EchoEnergy.TheoremConstant(_scenario.Scene, _scenario.Echo.Region.Middle),
            1,
            [.. ids.Select(_ => Enumerable.Repeat(weight, frame.Tasks).ToArray())],
            [.. ids.Select(id => channels.Between(id, server).Channel)],
            1e-6,
            500);

        // A hair below what is asked for: rounding must not put the whole power out of reach.
        double asked = frame.SensingShare * ids.Length * frame.PowerWatts * (1 - 1e-12);
        return loose with { SensingErrorLimit = asked > 0 ? loose.CrbLowerBound(asked) : double.MaxValue };
    }

    private List<Comparison> Compare(string method, int round, SoundedChannels channels, OtaFeelCase problem, DesignedFrame frame, FrameReadings readings)
    {
        string server = _scenario.Server.Id;
        OtaFeelPlan plan = frame.Aggregation;

        // Errors of the estimates are independent of each other and of the plan's symbols: each coefficient lets its variance through.
        double receivers = plan.Receivers.Average(receiver => receiver.SquaredFrobeniusNorm());
        double blur = receivers * _scenario.Devices.Select((d, k) => channels.Between(d.Id, server).ErrorVariance * plan.Precoders[k].SquaredFrobeniusNorm()).Sum();
        (double, double?, double?) measured = readings.AtServer.Verdict == Verdict.Valid ? readings.Meter.Read() : default;
        List<Comparison> comparisons =
        [
            Comparison.Expect(method, round, server, Sums, "symbol power", plan.Mse).With(measured, readings.AtServer),
            Comparison.Expect(method, round, server, SumsWithSounding, "symbol power", plan.Mse + blur).With(measured, readings.AtServer),
        ];
        SensingScene scene = _scenario.Scene;
        Location target = _scenario.Echo.Target;
        double bound = frame.Bound(scene, target, [.. readings.Echoes.Select(e => e.Sent)]);
        Location[] estimates = readings.AtDevices.Verdict == Verdict.Valid ? Estimate(problem, frame, readings.Echoes) : [default, default, default];
        foreach ((string name, Location estimate) in new[] { Centralised, Federated, SingleShot }.Zip(estimates))
        {
            comparisons.Add(Comparison.Expect(method, round, name, SquaredError, "m^2", bound)
                .With((estimate.SquaredDistanceTo(target), null, null), readings.AtDevices));
        }

        return comparisons;
    }

    // By all statistics in one place, by sums alone, and by the mean of what each device believes.
    private Location[] Estimate(OtaFeelCase problem, DesignedFrame frame, IReadOnlyList<HeardEcho> echoes)
    {
        SensingScene scene = _scenario.Scene;
        SearchRegion region = _scenario.Echo.Region;
        DeviceStatistics[] statistics = Statistics(problem, frame, echoes);
        LocalisationLoss[] losses = Losses(statistics);
        return
        [
            TargetEstimator.Joint(scene, statistics, region),
            new FederatedLocalisation(losses, region, FederatedLocalisation.PerfectLinks).Run(FederatedRounds)[^1],
            TargetEstimator.SingleShot(scene, statistics, region),
        ];
    }

    private static DeviceStatistics[] Statistics(OtaFeelCase problem, DesignedFrame frame, IReadOnlyList<HeardEcho> echoes) =>
    [
        .. echoes.Select((echo, k) => frame.SeparatesEchoes
            ? DeviceStatistics.FromEcho(k, echo.Received!, echo.Sent, problem.SensingNoise[k])
            : DeviceStatistics.FromEchoInUnknownNoise(k, echo.Received!, echo.Sent)),
    ];

    private LocalisationLoss[] Losses(IReadOnlyList<DeviceStatistics> statistics) =>
        [.. statistics.Select(s => new LocalisationLoss(_scenario.Scene, s))];
}
