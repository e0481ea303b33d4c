using System.Numerics;
using IsacTestbed.Control.Experiments;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Control.Arrays;

/// <summary>The channels that one sounding found, by transmitter and receiver.</summary>
/// <param name="estimates">All of them.</param>
public sealed class SoundedChannels(IReadOnlyList<ChannelEstimate> estimates)
{
    /// <summary>All estimates, by transmitter and then by receiver.</summary>
    public IReadOnlyList<ChannelEstimate> All => estimates;

    /// <summary>The channel between two radios; a radio's own echo where both are the same.</summary>
    /// <exception cref="ArgumentException">It was not sounded.</exception>
    public ChannelEstimate Between(string transmitterId, string receiverId) =>
        estimates.FirstOrDefault(e => e.TransmitterId == transmitterId && e.ReceiverId == receiverId)
        ?? throw new ArgumentException($"The channel from {transmitterId} to {receiverId} was not sounded.", nameof(transmitterId));

    /// <summary>The worst verdict of all channels; valid when every one may be used.</summary>
    public (Verdict Verdict, string Reason) Judge()
    {
        ChannelEstimate worst = estimates.MaxBy(e => e.Verdict)!;
        return worst.Verdict == Verdict.Valid
            ? (Verdict.Valid, string.Empty)
            : (worst.Verdict, $"sounding {worst.TransmitterId} to {worst.ReceiverId}: {worst.Reason}");
    }
}

/// <summary>
/// Sounds the channels between radios with arrays: each transmitter in turn sends the orthogonal pilots of all its elements at once, every
/// radio that receives captures them, the transmitter its own echo. Not thread safe.
/// </summary>
public sealed class ChannelSounder
{
    private readonly SoundingSection _section;
    private readonly double _fullScalePowerWatts;
    private readonly ArrayRadio[] _transmitters;
    private readonly ArrayRadio[] _receivers;
    private readonly Dictionary<string, Waveform[]> _pilots = [];
    private readonly Dictionary<string, PilotReceiver> _estimators = [];
    private readonly int _windowSamples;

    /// <summary>Prepares pilots and estimators.</summary>
    /// <param name="section">Length, power and search.</param>
    /// <param name="pulse">Pulse of the pilots.</param>
    /// <param name="tuning">Full scale of the radios.</param>
    /// <param name="radios">The radios.</param>
    /// <exception cref="ConfigurationException">Too few symbols for the elements or for the delays.</exception>
    public ChannelSounder(SoundingSection section, SymbolPulse pulse, RadioSection tuning, IReadOnlyList<ArrayRadio> radios)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(pulse);
        ArgumentNullException.ThrowIfNull(tuning);
        _section = section;
        _fullScalePowerWatts = tuning.FullScalePowerWatts;
        _transmitters = [.. radios.Where(r => r.TransmitElements > 0)];
        _receivers = [.. radios.Where(r => r.ReceiveElements > 0)];
        foreach (ArrayRadio radio in _transmitters)
        {
            // Below one shift, pilots that come late are told from their neighbours; one symbol of margin for the fraction.
            int needed = radio.TransmitElements * ((section.MaxDelaySamples / pulse.SamplesPerSymbol) + 2);
            if (section.Symbols < needed)
            {
                throw new ConfigurationException(
                    "scenario",
                    "sounding.symbols",
                    $"found {section.Symbols}; {radio.TransmitElements} elements of {radio.Id} and delays of up to {section.MaxDelaySamples} samples "
                    + $"need at least {needed}");
            }

            var pilots = new OrthogonalPilots(radio.TransmitElements, section.Symbols);
            _pilots.Add(radio.Id, [.. Enumerable.Range(0, radio.TransmitElements).Select(m => pilots.Waveform(m, pulse))]);
            _estimators.Add(radio.Id, new PilotReceiver(pilots, pulse, section.MaxDelaySamples));
        }

        _windowSamples = _pilots.Values.Max(p => p[0].Length) + section.MaxDelaySamples;
    }

    /// <summary>Ticks from the first sample of a sounding to the end of its last window.</summary>
    public long Ticks => (long)_transmitters.Length * _windowSamples;

    /// <summary>Stores the pilots in the radios; once per run.</summary>
    /// <exception cref="Radio.RadioException">A radio or the way to it failed.</exception>
    public async Task UploadAsync(IArrayBench bench, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bench);
        foreach ((string radio, Waveform[] pilots) in _pilots)
        {
            await bench.UploadAsync(radio, pilots, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sounds all channels.</summary>
    /// <param name="bench">The radios, with the pilots stored.</param>
    /// <param name="startTick">First tick.</param>
    /// <param name="cancellationToken">Mutes the radios.</param>
    /// <exception cref="Radio.RadioException">A radio or the way to it failed.</exception>
    /// <exception cref="ConfigurationException">The power exceeds full scale.</exception>
    public async Task<SoundedChannels> SoundAsync(IArrayBench bench, long startTick, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bench);
        var found = new Dictionary<(int Transmitter, string Receiver), PilotReading>();
        PhaseReport report = await bench.ExecuteAsync(
            Compile(startTick),
            (receiver, window) =>
            {
                PilotReceiver estimator = _estimators[_transmitters[window.WindowId].Id];
                found[(window.WindowId, receiver)] = estimator.Estimate(window, _section.PowerWatts);
            },
            cancellationToken).ConfigureAwait(false);

        var estimates = new List<ChannelEstimate>();
        for (int t = 0; t < _transmitters.Length; t++)
        {
            ArrayRadio transmitter = _transmitters[t];
            foreach (ArrayRadio receiver in _receivers)
            {
                if (!found.TryGetValue((t, receiver.Id), out PilotReading? reading))
                {
                    ComplexMatrix none = ComplexMatrix.Create(receiver.ReceiveElements, transmitter.TransmitElements, (_, _) => Complex.Zero);
                    estimates.Add(new ChannelEstimate(
                        transmitter.Id, receiver.Id, none, 0, 0, 0, Verdict.Faulted, "receiver: the window never came"));
                    continue;
                }

                (Verdict verdict, string reason) = report.Judge(reading.Flags, reading.HasGap, transmitter.Id, 0);
                double variance = reading.Noise * transmitter.TransmitElements / (_section.Symbols * _section.PowerWatts);
                estimates.Add(new ChannelEstimate(
                    transmitter.Id, receiver.Id, reading.Channel, reading.Delay, reading.Noise, variance, verdict, reason));
            }
        }

        return new SoundedChannels(estimates);
    }

    private List<BurstSchedule> Compile(long startTick)
    {
        var schedules = new List<BurstSchedule>();
        foreach (string id in _transmitters.Select(t => t.Id).Union(_receivers.Select(r => r.Id)))
        {
            int turn = Array.FindIndex(_transmitters, t => t.Id == id);
            long Tick(int transmitter) => startTick + ((long)transmitter * _windowSamples);
            TxBurst[] bursts = turn < 0 ? [] : [Burst(_transmitters[turn], Tick(turn))];
            RxWindow[] windows = _receivers.Any(r => r.Id == id)
                ? [.. Enumerable.Range(0, _transmitters.Length).Select(t => new RxWindow(t, Tick(t), _windowSamples))]
                : [];
            schedules.Add(new BurstSchedule(id, bursts, windows));
        }

        return schedules;
    }

    private TxBurst Burst(ArrayRadio radio, long tick)
    {
        double root = Math.Sqrt(_section.PowerWatts / radio.TransmitElements);
        Complex[] Only(int element) => [.. Enumerable.Range(0, radio.TransmitElements).Select(c => c == element ? new Complex(root, 0) : Complex.Zero)];
        BeamLayer[] layers = [.. _pilots[radio.Id].Select((pilot, m) => new BeamLayer(pilot, OrthogonalPilots.MeanPower, Only(m)))];
        return BeamLayer.Compile(0, tick, layers, _fullScalePowerWatts)!;
    }
}
