using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Experiments;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>Lets all base stations send all users' streams at once, and reads what users and base stations receive. Not thread safe.</summary>
/// <remarks>
/// Streams are complex Gaussian symbols, for which log2(1 + SINR) is a rate. All base stations start at one tick; what differs in the ways to
/// a receiver is short against a symbol, as in (2) and (4), which know no delays but whole ones.
/// </remarks>
internal sealed class DownlinkTransmission
{
    // A stream of unit power is this far below full scale; Gaussian symbols peak at some four times their root mean square.
    private const double StreamAmplitude = 0.125;

    private readonly VflBeamformingScenario _scenario;
    private readonly SymbolPulse _pulse;
    private readonly long _tick;
    private readonly BeamLayer[][] _layers;
    private readonly DownlinkMeter _meter;

    /// <summary>Prepares the streams.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="pulse">Pulse of all streams.</param>
    /// <param name="combiners">Per base station how it listens.</param>
    /// <param name="channels">The sounded channels.</param>
    /// <param name="beamformers">W_m per base station, in square root watts.</param>
    /// <param name="round">The round, which keys the symbols.</param>
    /// <param name="tick">Tick at which all base stations start.</param>
    public DownlinkTransmission(
        VflBeamformingScenario scenario,
        SymbolPulse pulse,
        IReadOnlyList<EchoCombiners> combiners,
        SoundedChannels channels,
        IReadOnlyList<ComplexMatrix> beamformers,
        int round,
        long tick)
    {
        (_scenario, _pulse, _tick) = (scenario, pulse, tick);
        _layers =
        [
            .. beamformers.Select((beams, m) => Enumerable.Range(0, beams.Columns).Select(k => new BeamLayer(
                Shape(m, k, round), StreamAmplitude * StreamAmplitude, [.. Enumerable.Range(0, beams.Rows).Select(i => beams[i, k])])).ToArray()),
        ];
        _meter = new DownlinkMeter(scenario, pulse, combiners, channels, _layers);
    }

    /// <summary>Ticks from the start to the end of the windows.</summary>
    public static long TicksOf(VflBeamformingScenario scenario, SymbolPulse pulse) =>
        pulse.LengthInSamples(scenario.Downlink.Symbols) + scenario.Run.Sounding.MaxDelaySamples;

    /// <summary>Sends and measures.</summary>
    /// <exception cref="Radio.RadioException">A radio or the way to it failed.</exception>
    /// <exception cref="ConfigurationException">The beams exceed full scale.</exception>
    public async Task<DownlinkReadings> ExecuteAsync(IArrayBench bench, CancellationToken cancellationToken)
    {
        IReadOnlyList<CellSection> cells = _scenario.Cells;
        var window = new RxWindow(0, _tick, (int)TicksOf(_scenario, _pulse));
        var schedules = new List<BurstSchedule>();
        var senders = new List<string>();
        for (int m = 0; m < cells.Count; m++)
        {
            string id = cells[m].Station.Id;
            await bench.UploadAsync(id, [.. _layers[m].Select(l => l.Waveform)], cancellationToken).ConfigureAwait(false);
            TxBurst? burst = BeamLayer.Compile(0, _tick, _layers[m], _scenario.Run.Radio.FullScalePowerWatts);
            if (burst is not null)
            {
                senders.Add(id);
            }

            schedules.Add(new BurstSchedule(id, burst is null ? [] : [burst], [window]));
            schedules.AddRange(cells[m].Users.Select(u => new BurstSchedule(u.Id, [], [window])));
        }

        UserReading?[][] users = [.. cells.Select(c => new UserReading?[c.Users.Count])];
        EchoReading?[][] targets = [.. cells.Select(c => new EchoReading?[c.Targets.Count])];
        var conditions = new Dictionary<string, (CaptureFlags Flags, bool HasGap)>();
        PhaseReport report = await bench.ExecuteAsync(
            schedules,
            (radio, captured) =>
            {
                conditions[radio] = (captured.Flags, captured.HasGap);
                int cell = cells.TakeWhile(c => c.Station.Id != radio && c.Users.All(u => u.Id != radio)).Count();
                if (cells[cell].Station.Id == radio)
                {
                    targets[cell] = _meter.OfEchoes(cell, captured);
                }
                else
                {
                    int user = cells[cell].Users.TakeWhile(u => u.Id != radio).Count();
                    users[cell][user] = _meter.OfUser(cell, user, captured);
                }
            },
            cancellationToken).ConfigureAwait(false);

        // Everybody's signal is in everybody's window: one that did not leave spoils all of them.
        (Verdict, string) Judge(string receiver) => conditions.TryGetValue(receiver, out (CaptureFlags Flags, bool HasGap) found)
            ? senders.Select(sender => report.Judge(found.Flags, found.HasGap, sender, 0)).Append((Verdict.Valid, string.Empty)).MaxBy(j => j.Item1)
            : (Verdict.Faulted, $"receiver: no window of {receiver}");

        return new DownlinkReadings(
            users, [.. cells.Select(c => c.Users.Select(u => Judge(u.Id)).ToArray())], targets, [.. cells.Select(c => Judge(c.Station.Id))]);
    }

    private Waveform Shape(int station, int stream, int round)
    {
        var random = new CounterRandom(_scenario.Run.Seed, RandomPurpose.SensingSymbols, (uint)station, (uint)round);
        int symbols = _scenario.Downlink.Symbols;
        float[] symbolRe = new float[symbols], symbolIm = new float[symbols];
        double scale = StreamAmplitude / Math.Sqrt(2);
        for (int n = 0; n < symbols; n++)
        {
            (double re, double im) = random.NormalPairAt(((ulong)stream << 32) + (ulong)n);
            (symbolRe[n], symbolIm[n]) = ((float)(scale * re), (float)(scale * im));
        }

        float[] sampleRe = new float[_pulse.LengthInSamples(symbols)], sampleIm = new float[sampleRe.Length];
        _pulse.Shape(symbolRe, symbolIm, 0, sampleRe, sampleIm);
        return new Waveform($"stream-{stream}", sampleRe, sampleIm);
    }
}
