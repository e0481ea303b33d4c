using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Federated;
using IsacTestbed.Learning.Networks;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Control.OtaFeel;

/// <summary>
/// Federated training over the air within one round: every transmission carries the devices' next localisation message by the first task and their
/// model updates by the second, and only what the server's combiners give moves the location and the model. Owns its networks.
/// </summary>
/// <remarks>A second model sees the same updates over perfect links. A transmission that may not be used moves nothing and is sent anew with the next step.</remarks>
internal sealed class AirTraining : IDisposable
{
    private const double Stride = 0.5;
    private readonly OtaFeelScenario _scenario;
    private readonly SymbolPulse _pulse;
    private readonly DesignedFrame _frame;
    private readonly double[] _delays;
    private readonly int _round;
    private readonly int[] _summing;
    private readonly LocalisationExchange _exchange;
    private readonly DeviceData[] _data;
    private readonly LabelledSamples _test;
    private readonly LocalTraining _training;
    private readonly Network _network;
    private float[] _overAir;
    private float[] _overPerfectLinks;
    private int _lost;

    /// <summary>Draws the data and begins the localisation.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="pulse">Pulse of all streams.</param>
    /// <param name="frame">The design.</param>
    /// <param name="delays">Per device its delay to the server in samples.</param>
    /// <param name="losses">What the devices heard.</param>
    /// <param name="round">The round.</param>
    public AirTraining(
        OtaFeelScenario scenario, SymbolPulse pulse, DesignedFrame frame, double[] delays, IReadOnlyList<LocalisationLoss> losses, int round)
    {
        (_scenario, _pulse, _frame, _delays, _round) = (scenario, pulse, frame, delays, round);
        _summing = [.. Enumerable.Range(0, scenario.Frame.Intervals).Where(n => frame.SumInterval(n) >= 0)];
        TrainingSection section = scenario.Training;

        // The coarse search and the comparison at the end are a transmission each, a round of gradients and its scaling two.
        _exchange = new LocalisationExchange(losses, scenario.Echo.Region, (section.Steps - 2) / 2, stride: Stride);
        ulong seed = scenario.Run.Seed + (ulong)round;
        _data = [.. scenario.Devices.Select((_, k) => new DeviceData(k, Samples(seed, k, section.SamplesPerDevice, ownClasses: true)))];
        _test = Samples(seed, scenario.Devices.Count, section.TestSamples, ownClasses: false);
        NetworkArchitecture architecture = NetworkArchitecture.Perceptron(FeatureShape.Vector(section.Features), [section.HiddenWidth], section.Classes);
        var settings = new LocalTrainingSettings(new SgdSettings((float)section.LearningRate), section.BatchSize, section.LocalSteps);
        _training = new LocalTraining(architecture, settings, seed, threads: 1);
        _network = new Network(architecture);
        _overAir = architecture.InitialWeights(seed);
        _overPerfectLinks = architecture.InitialWeights(seed);
    }

    /// <summary>Trains.</summary>
    /// <param name="bench">The radios.</param>
    /// <param name="tick">Tick at which the first transmission arrives at the server.</param>
    /// <param name="stepTicks">Ticks from one transmission to the next.</param>
    /// <param name="cancellationToken">Mutes the radios.</param>
    /// <exception cref="Radio.RadioException">A radio or the way to it failed.</exception>
    /// <exception cref="ConfigurationException">A message does not fit a transmission.</exception>
    public async Task RunAsync(IArrayBench bench, long tick, long stepTicks, CancellationToken cancellationToken)
    {
        bool learns = _scenario.Frame.Tasks > 1;
        for (int step = 0; step < _scenario.Training.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AirPayload.Message? place = _exchange.Locals is { } locals ? AirPayload.Message.Pack(locals, _summing.Length, "a localisation message") : null;
            double[][] updates = learns ? Updates(step, _overAir) : [];
            AirPayload.Message? model = learns ? AirPayload.Message.Pack(updates, _summing.Length, "a model update") : null;
            Complex[][][] payload = Payload(place, model);
            FrameReadings readings = await new FrameTransmission(_scenario, _pulse, _frame, _delays, payload, tick + (step * stepTicks))
                .ExecuteAsync(bench, cancellationToken).ConfigureAwait(false);
            if (learns)
            {
                Apply(Mean(Updates(step, _overPerfectLinks)), _overPerfectLinks);
            }

            if (readings.AtServer.Verdict != Verdict.Valid)
            {
                _lost++;
                continue;
            }

            if (place is not null)
            {
                _exchange.Receive(place.Unpack(readings.Sums, 0));
            }

            if (model is not null)
            {
                double[] sums = model.Unpack(readings.Sums, 1);
                Apply([.. sums.Select(sum => sum / _data.Length)], _overAir);
            }
        }
    }

    /// <summary>The expectation of the location over the air.</summary>
    public static Comparison Location(string method, int round, double bound) =>
        Comparison.Expect(method, round, "federated over the air", OtaFeelStudy.SquaredError, "m^2", bound);

    /// <summary>Location and accuracy at the end, beside the bound and beside perfect links.</summary>
    /// <param name="method">The strategy.</param>
    /// <param name="bound">The location's bound, in square metres.</param>
    public IEnumerable<Comparison> Compare(string method, double bound)
    {
        bool found = _exchange.Path.Count > 0;
        yield return Location(method, _round, bound)
            .With(
                (found ? _exchange.Path[^1].SquaredDistanceTo(_scenario.Echo.Target) : 0, null, null),
                found ? (Verdict.Valid, string.Empty) : (Verdict.Inconclusive, $"{_lost} transmissions were lost and the location was not found in time"));
        if (_scenario.Frame.Tasks > 1)
        {
            double perfect = _network.Evaluate(_overPerfectLinks, _test).Accuracy, accuracy = _network.Evaluate(_overAir, _test).Accuracy;
            double half = Comparison.Deviations * Math.Sqrt(accuracy * (1 - accuracy) / _test.Count);
            yield return Comparison.Expect(method, _round, "model", "accuracy, perfect links", "share", perfect)
                .With((accuracy, accuracy - half, accuracy + half), (Verdict.Valid, string.Empty));
        }
    }

    /// <summary>Frees the networks.</summary>
    public void Dispose()
    {
        _training.Dispose();
        _network.Dispose();
    }

    // Messages in the intervals that sum; tasks without one send noise-like symbols, so that a plan's powers are what the air sees.
    private Complex[][][] Payload(AirPayload.Message? place, AirPayload.Message? model)
    {
        Complex[][][] payload = AirPayload.Random(_scenario, _round);
        for (int k = 0; k < payload.Length; k++)
        {
            for (int n = 0; n < _summing.Length; n++)
            {
                payload[k][0][_summing[n]] = place?.Symbols[k][n] ?? payload[k][0][_summing[n]];
                if (model is not null)
                {
                    payload[k][1][_summing[n]] = model.Symbols[k][n];
                }
            }
        }

        return payload;
    }

    private double[][] Updates(int step, float[] weights) =>
    [
        .. _training.Train(step, weights, _data).Select(result =>
        {
            ReadOnlySpan<float> trained = result.Update.Weights.Span;
            double[] update = new double[weights.Length];
            for (int i = 0; i < update.Length; i++)
            {
                update[i] = trained[i] - weights[i];
            }

            return update;
        }),
    ];

    private static double[] Mean(double[][] updates) => [.. Enumerable.Range(0, updates[0].Length).Select(i => updates.Average(u => u[i]))];

    private static void Apply(double[] update, float[] weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] += (float)update[i];
        }
    }

    // Gaussian clouds around class means; a device holds a run of half the classes, so that it cannot learn alone.
    private LabelledSamples Samples(ulong seed, int holder, int count, bool ownClasses)
    {
        TrainingSection section = _scenario.Training;
        var means = new CounterRandom(seed, RandomPurpose.DataNoise);
        var noise = new CounterRandom(seed, RandomPurpose.DataNoise, (uint)holder + 1);
        float[] features = new float[count * section.Features];
        int[] labels = new int[count];
        for (int s = 0; s < count; s++)
        {
            labels[s] = ownClasses ? (holder + (s % Math.Max(1, section.Classes / 2))) % section.Classes : s % section.Classes;
            for (int f = 0; f < section.Features; f++)
            {
                int at = (s * section.Features) + f;
                features[at] = (float)(means.NormalPairAt((ulong)((labels[s] * section.Features) + f)).First
                    + (section.Spread * noise.NormalPairAt((ulong)at).First));
            }
        }

        return new LabelledSamples(FeatureShape.Vector(section.Features), section.Classes, features, labels);
    }
}
