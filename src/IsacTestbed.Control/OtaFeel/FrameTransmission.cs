using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Experiments;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Control.OtaFeel;

/// <summary>What a device sent and heard while it listened, a row of M entries per interval.</summary>
/// <param name="Sent">x_k[t].</param>
/// <param name="Received">u_k[t]; null when its window never came.</param>
internal sealed record HeardEcho(ComplexMatrix Sent, ComplexMatrix? Received);

/// <summary>What a round's frames gave.</summary>
/// <param name="Meter">The aggregation error.</param>
/// <param name="Sums">What the combiners gave in each interval that sums, I entries each.</param>
/// <param name="AtServer">Whether it may be used.</param>
/// <param name="Echoes">Per device what it sent and heard.</param>
/// <param name="AtDevices">Whether all of that may be used.</param>
internal sealed record FrameReadings(
    AggregationMeter Meter,
    IReadOnlyList<Complex[]> Sums,
    (Verdict Verdict, string Reason) AtServer,
    IReadOnlyList<HeardEcho> Echoes,
    (Verdict Verdict, string Reason) AtDevices);

/// <summary>Sends the frames of one round from all devices at once and reads what server and devices receive. Not thread safe.</summary>
/// <remarks>
/// Every device starts early by its sounded delay, whole ticks by its start and the rest by its waveforms, so that all symbols meet at the
/// server within a small part of an interval. A device reads its echo at the instants at which one from the middle of the search region
/// arrives: the geometry is known to that, and an echo below the noise has no instant to be found. Intervals are long against the
/// differences.
/// </remarks>
internal sealed class FrameTransmission
{
    // A stream of unit power is this far below full scale; Gaussian symbols peak at some four times their root mean square.
    private const double StreamAmplitude = 0.125;

    private readonly OtaFeelScenario _scenario;
    private readonly SymbolPulse _pulse;
    private readonly DesignedFrame _frame;
    private readonly double[] _delays;
    private readonly long _tick;
    private readonly int _symbols;
    private readonly int[] _heard;
    private readonly Complex[][][] _payload;
    private readonly IReadOnlyList<SentStream>[] _streams;

    /// <summary>Prepares the frames.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="pulse">Pulse of all streams.</param>
    /// <param name="frame">The design.</param>
    /// <param name="delays">Per device its delay to the server in samples, as sounded.</param>
    /// <param name="payload">Per device and task the symbols, one per interval of all frames; those of sensing intervals are not sent.</param>
    /// <param name="tick">Tick at which the waveforms begin to arrive at the server.</param>
    public FrameTransmission(OtaFeelScenario scenario, SymbolPulse pulse, DesignedFrame frame, double[] delays, Complex[][][] payload, long tick)
    {
        (_scenario, _pulse, _frame, _delays, _tick) = (scenario, pulse, frame, delays, tick);
        _symbols = scenario.Frame.Intervals;
        _heard = [.. Enumerable.Range(0, _symbols).Where(frame.Listens)];
        _payload = payload;
        _streams = [.. _payload.Select((symbols, k) => frame.Streams(k, symbols))];
    }

    /// <summary>Executes the frames.</summary>
    /// <exception cref="Radio.RadioException">A radio or the way to it failed.</exception>
    /// <exception cref="ConfigurationException">The beams exceed full scale.</exception>
    public async Task<FrameReadings> ExecuteAsync(IArrayBench bench, CancellationToken cancellationToken)
    {
        var schedules = new List<BurstSchedule>();
        int length = _pulse.LengthInSamples(_symbols), lead = _scenario.Run.Sounding.MaxDelaySamples;
        for (int k = 0; k < _streams.Length; k++)
        {
            string id = _scenario.Devices[k].Id;
            BeamLayer[] layers = [.. _streams[k].Select((stream, s) => new BeamLayer(Shape($"stream-{s}", stream.Symbols, Fraction(k)), StreamAmplitude * StreamAmplitude, stream.Beam))];
            await bench.UploadAsync(id, [.. layers.Select(l => l.Waveform)], cancellationToken).ConfigureAwait(false);
            TxBurst? burst = BeamLayer.Compile(0, _tick - Ticks(k), layers, _scenario.Run.Radio.FullScalePowerWatts);
            schedules.Add(new BurstSchedule(id, burst is null ? [] : [burst], [new RxWindow(0, _tick - lead, length + (2 * lead))]));
        }

        schedules.Add(new BurstSchedule(_scenario.Server.Id, [], [new RxWindow(0, _tick, length)]));
        var meter = new AggregationMeter();
        var sums = new List<Complex[]>();
        HeardEcho[] echoes = [.. _streams.Select((_, k) => new HeardEcho(Sent(k), null))];
        var conditions = new Dictionary<string, (CaptureFlags Flags, bool HasGap)>();
        PhaseReport report = await bench.ExecuteAsync(
            schedules,
            (radio, window) =>
            {
                conditions[radio] = (window.Flags, window.HasGap);
                int device = _scenario.Devices.TakeWhile(d => d.Id != radio).Count();
                if (device == echoes.Length)
                {
                    MeasureSums(window, meter, sums);
                }
                else
                {
                    echoes[device] = echoes[device] with { Received = Hear(device, window, _tick - lead) };
                }
            },
            cancellationToken).ConfigureAwait(false);
        return new FrameReadings(
            meter,
            sums,
            Judge(report, conditions, [_scenario.Server.Id]),
            echoes,
            Judge(report, conditions, [.. _scenario.Devices.Select(d => d.Id)]));
    }

    // The worst of all receivers and of all transmitters: everybody's signal is in everybody's window.
    private (Verdict Verdict, string Reason) Judge(
        PhaseReport report, Dictionary<string, (CaptureFlags Flags, bool HasGap)> conditions, IReadOnlyList<string> receivers) =>
        receivers
            .SelectMany(receiver => _scenario.Devices.Select(device => conditions.TryGetValue(receiver, out (CaptureFlags Flags, bool HasGap) found)
                ? report.Judge(found.Flags, found.HasGap, device.Id, 0)
                : (Verdict.Faulted, $"receiver: no window of {receiver}")))
            .MaxBy(judged => judged.Item1);

    private void MeasureSums(CapturedWindow window, AggregationMeter meter, List<Complex[]> sums)
    {
        Complex[][] received = Match(window, _pulse.HalfSpanSamples);
        var y = new Complex[window.ChannelCount];
        var wanted = new Complex[_scenario.Frame.Tasks];
        double weight = 1.0 / _payload.Length;
        for (int n = 0; n < _symbols; n++)
        {
            int t = _frame.SumInterval(n);
            if (t < 0)
            {
                continue;
            }

            for (int i = 0; i < wanted.Length; i++)
            {
                wanted[i] = Complex.Zero;
                foreach (Complex[][] device in _payload)
                {
                    wanted[i] += weight * device[i][n];
                }
            }

            for (int c = 0; c < y.Length; c++)
            {
                y[c] = received[c][n];
            }

            sums.Add(meter.Add(y, _frame.Aggregation.Receivers[t], wanted));
        }
    }

    private ComplexMatrix Hear(int device, CapturedWindow window, long windowTick)
    {
        double distance = Math.Sqrt(_scenario.Devices[device].Place.SquaredDistanceTo(_scenario.Echo.Region.Middle));
        double way = 2 * distance / Scenario.SpeedOfLightMetersPerSecond * _scenario.Run.Radio.SampleRateHz;
        Complex[][] received = Match(window, _tick - Ticks(device) - windowTick + _pulse.HalfSpanSamples + Fraction(device) + way);
        return ComplexMatrix.Create(_heard.Length, window.ChannelCount, (row, m) => received[m][_heard[row]]);
    }

    private ComplexMatrix Sent(int device)
    {
        return ComplexMatrix.Create(_heard.Length, _scenario.DeviceElements, (row, m) =>
        {
            Complex sum = Complex.Zero;
            foreach (SentStream stream in _streams[device])
            {
                sum += stream.Beam[m] * stream.Symbols[_heard[row]];
            }

            return sum;
        });
    }

    // The symbols of every channel, from the instant of the first in samples after the window's first.
    private Complex[][] Match(CapturedWindow window, double firstInstant)
    {
        float[] re = new float[_symbols], im = new float[_symbols];
        var symbols = new Complex[window.ChannelCount][];
        for (int c = 0; c < symbols.Length; c++)
        {
            _pulse.Match(window.Real(c), window.Imaginary(c), firstInstant, re, im);
            symbols[c] = [.. re.Zip(im, (a, b) => new Complex(a, b))];
        }

        return symbols;
    }

    private Waveform Shape(string id, Complex[] symbols, double delay)
    {
        float[] symbolRe = [.. symbols.Select(s => (float)(StreamAmplitude * s.Real))], symbolIm = [.. symbols.Select(s => (float)(StreamAmplitude * s.Imaginary))];
        float[] re = new float[_pulse.LengthInSamples(symbols.Length)], im = new float[re.Length];
        _pulse.Shape(symbolRe, symbolIm, delay, re, im);
        return new Waveform(id, re, im);
    }

    private int Ticks(int device) => (int)Math.Round(_delays[device]);

    private double Fraction(int device) => Ticks(device) - _delays[device];
}
