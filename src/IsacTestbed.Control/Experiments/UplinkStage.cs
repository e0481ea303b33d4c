using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Learning;
using IsacTestbed.Control.Records;
using IsacTestbed.Control.Scheduling;
using IsacTestbed.Core;
using IsacTestbed.Learning.Federated;

namespace IsacTestbed.Control.Experiments;

/// <summary>The uploads of one round.</summary>
/// <param name="Measurements">Per device; null for one that had nothing to send.</param>
/// <param name="Arrived">The messages that arrived whole, as they were decoded.</param>
internal sealed record UplinkResult(IReadOnlyList<UploadMeasurement?> Measurements, IReadOnlyList<byte[]> Arrived);

/// <summary>The upload half of a round: local training, messages to packets, packets through the air, and what the server decodes of them.</summary>
internal sealed class UplinkStage
{
    private readonly Scenario _scenario;
    private readonly RadioBench _bench;
    private readonly UplinkChain _chain;
    private readonly UploadScheduler _scheduler;

    /// <summary>Prepares uploads.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="calendar">Its calendar.</param>
    /// <param name="bench">Executes schedules.</param>
    /// <param name="uploadBytes">Bytes that one device uploads in one round.</param>
    /// <exception cref="ConfigurationException">The packets do not fit the deadline, or need more than full scale.</exception>
    public UplinkStage(Scenario scenario, AirCalendar calendar, RadioBench bench, int uploadBytes)
    {
        _scenario = scenario;
        _bench = bench;
        _chain = new UplinkChain(scenario.Uplink);
        _scheduler = new UploadScheduler(scenario, calendar, _chain.PacketSamples);
        BytesOnAir = scenario.Uplink.Mode == UplinkMode.Probe ? _chain.BytesPerPacket : uploadBytes;
        RequireDeadline(_chain.PacketsOf(BytesOnAir), BytesOnAir);
        double largest = scenario.Radio.FullScalePowerWatts * UplinkChain.MeanPower;
        if (scenario.Uplink.MaxPowerWatts > largest)
        {
            throw new ConfigurationException(
                scenario.Name,
                "uplink.powerWatts",
                FormattableString.Invariant($"found a maximum of {scenario.Uplink.MaxPowerWatts}; packets reach {largest:G4} W at radio.fullScalePowerWatts {scenario.Radio.FullScalePowerWatts}"));
        }
    }

    /// <summary>Bytes that one device sends by radio in one round: its update, or in probe mode the probe.</summary>
    public int BytesOnAir { get; }

    /// <summary>SNR, linear, below which a packet goes undetected.</summary>
    public double DetectionSnr => _chain.DetectionSnr;

    /// <summary>Trains the devices and uploads what they learned.</summary>
    /// <param name="round">The round.</param>
    /// <param name="learner">Trains and writes messages.</param>
    /// <param name="collected">What each device has collected.</param>
    /// <param name="powersWatts">Uplink power of each device.</param>
    /// <param name="cancellationToken">Mutes the radios.</param>
    public async Task<UplinkResult> UploadRoundAsync(
        int round, FederatedLearner learner, IReadOnlyList<CollectedSamples> collected, IReadOnlyList<double> powersWatts, CancellationToken cancellationToken)
    {
        bool probe = _scenario.Uplink.Mode == UplinkMode.Probe;
        IReadOnlyList<byte[]?> messages = learner.TrainDevices(collected, probe ? UpdateEncoding.Exact : UpdateEncoding.Quantised);
        var orders = new UploadOrder[messages.Count];
        for (int device = 0; device < orders.Length; device++)
        {
            byte[]? onAir = messages[device] is null ? null : probe ? ProbeMessage(round, device) : messages[device];
            Waveform[] packets = onAir is null ? [] : _chain.Modulate(onAir, (uint)device);
            if (packets.Length > 0)
            {
                await _bench.UploadAsync(_scenario.Devices[device].Id, packets, cancellationToken).ConfigureAwait(false);
            }

            double amplitude = Math.Sqrt(powersWatts[device] / (_scenario.Radio.FullScalePowerWatts * UplinkChain.MeanPower));
            orders[device] = new UploadOrder([.. packets.Select(p => p.Id)], amplitude);
        }

        UploadPhase phase = _scheduler.CompileRound(round, orders);
        Dictionary<int, PacketWindow> expected = phase.Windows.ToDictionary(w => w.WindowId);
        List<PacketReading>[] readings = [.. messages.Select(_ => new List<PacketReading>())];
        PhaseReport report = await _bench.ExecuteAsync(
            phase.Schedules,
            (_, window) =>
            {
                PacketWindow packet = expected[window.WindowId];
                readings[packet.Device].Add(_chain.Receive(window, packet));
            },
            cancellationToken).ConfigureAwait(false);

        var measurements = new UploadMeasurement?[messages.Count];
        var arrived = new List<byte[]>();
        for (int device = 0; device < messages.Count; device++)
        {
            if (orders[device].Waveforms.Count == 0)
            {
                continue;
            }

            string id = _scenario.Devices[device].Id;
            measurements[device] = Judge(id, orders[device].Waveforms.Count, readings[device], report);
            if (measurements[device]!.Succeeded && (probe ? messages[device] : UplinkChain.Assemble(readings[device])) is { } whole)
            {
                arrived.Add(whole);
            }
        }

        return new UplinkResult(measurements, arrived);
    }

    private static UploadMeasurement Judge(string device, int sent, List<PacketReading> packets, PhaseReport report)
    {
        Verdict verdict = packets.Count == sent ? Verdict.Valid : Verdict.Faulted;
        string reason = verdict == Verdict.Valid ? string.Empty : $"receiver: {sent - packets.Count} windows never came";
        foreach (PacketReading packet in packets)
        {
            (Verdict own, string why) = report.Judge(packet.Flags, packet.HasGap, device, packet.BurstId);
            (verdict, reason) = own > verdict ? (own, why) : (verdict, reason);
        }

        PacketReading[] detected = [.. packets.Where(p => p.Detected)];
        return verdict == Verdict.Valid
            ? new UploadMeasurement(
                device, verdict, reason, detected.Length > 0, detected.Length == 0 ? 0 : detected.Average(p => p.Snr), sent, packets.Count(p => p.Payload is not null))
            : new UploadMeasurement(device, verdict, reason, false, 0, sent, 0);
    }

    private byte[] ProbeMessage(int round, int device)
    {
        var random = new CounterRandom(_scenario.Seed, RandomPurpose.PacketBits, (uint)device, (uint)round);
        byte[] message = new byte[_chain.BytesPerPacket];
        for (int i = 0; i < message.Length; i++)
        {
            message[i] = (byte)random.UInt64At((ulong)i);
        }

        return message;
    }

    private void RequireDeadline(int packets, int uploadBytes)
    {
        double rate = _scenario.Radio.SampleRateHz;
        for (int k = 0; k < _scenario.Devices.Count; k++)
        {
            double left = (_scenario.Uplink.DeadlineSeconds - _scenario.Devices[k].TrainingSeconds) * rate;
            double needed = (double)packets * _scheduler.PacketInterval;
            if (needed > left)
            {
                throw new ConfigurationException(
                    _scenario.Name,
                    "uplink.deadlineSeconds",
                    FormattableString.Invariant(
                        $"found {_scenario.Uplink.DeadlineSeconds}; {uploadBytes} bytes in {packets} packets need {needed / rate:G4} s behind the {_scenario.Devices[k].TrainingSeconds} s of training of {_scenario.Devices[k].Id}. Allow more time, a smaller model or a denser modulation, or choose uplink.mode probe"));
            }
        }
    }
}
