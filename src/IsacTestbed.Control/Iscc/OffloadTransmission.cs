using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Experiments;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Control.Iscc;

/// <summary>
/// Executes a plan: in each slot every user sends a packet and its sensing stream at once, the access point captures all users together and
/// each user its echoes. Packets that did not decode are sent again. For one round; not thread safe.
/// </summary>
/// <remarks>
/// A retransmission follows right behind, as if the access point's answer took no time; the radios' clock is set back to where the calendar
/// has the slot. A user that has sent everything falls silent, so SINRs are measured in the slots in which all are on the air.
/// </remarks>
/// <param name="scenario">The scenario.</param>
/// <param name="plan">The plan.</param>
/// <param name="bands">The users' bands.</param>
/// <param name="messages">What each user offloads; null for nothing.</param>
/// <param name="channels">The sounded channels, for their delays.</param>
/// <param name="round">The round.</param>
/// <param name="firstTick">Tick at which the first slot arrives at the access point.</param>
internal sealed class OffloadTransmission(
    IsccScenario scenario,
    IsccPlan plan,
    UserBands bands,
    IReadOnlyList<OffloadMessage?> messages,
    SoundedChannels channels,
    int round,
    long firstTick)
{
    private readonly SymbolPulse _pulse = new(scenario.Offload.SamplesPerSymbol);
    private readonly PacketDemodulator _demodulator = new(new PacketFormat(Modulation.Qpsk, CodeRate.Half, scenario.Offload.SamplesPerSymbol));
    private readonly BandReceiver _receiver = new();
    private readonly Dictionary<int, SlotTransmission[]> _sent = [];
    private readonly List<(SlotReading Reading, PhaseReport Report)> _readings = [];
    private readonly List<(int Slot, int User, bool Decoded, Verdict Verdict, string Reason)> _packets = [];
    private int _nextSlot;

    /// <summary>Slots in which all users are on the air.</summary>
    private int CommonSlots =>
        messages.Any(m => m is not null) ? messages.Min(m => m?.Packets ?? int.MaxValue) : scenario.Offload.SensingSlots;

    /// <summary>Slots in which SINRs are measured.</summary>
    private int MeasuredSlots => Math.Min(CommonSlots, scenario.Offload.MeasuredSlots);

    /// <summary>Ticks that the first transmission of all packets takes.</summary>
    public long FirstAttemptTicks => (long)Math.Max(CommonSlots, messages.Max(m => m?.Packets ?? 0)) * scenario.Offload.SlotSamples;

    /// <summary>Sends everything, and what is lost again.</summary>
    /// <param name="bench">The radios.</param>
    /// <param name="endTick">Nothing is sent again beyond this tick.</param>
    /// <param name="cancellationToken">Mutes the radios.</param>
    public async Task<IsccReadings> ExecuteAsync(IArrayBench bench, long endTick, CancellationToken cancellationToken)
    {
        var composer = new SlotComposer(scenario, _pulse);
        for (int attempt = 0; attempt < scenario.Offload.Attempts; attempt++)
        {
            int[][] queues = [.. messages.Select(m => m?.Missing ?? [])];
            int slots = Math.Max(queues.Max(q => q.Length), attempt == 0 ? CommonSlots : 0);
            if (slots == 0 || SlotTick(_nextSlot + slots) > endTick)
            {
                break;
            }

            int first = _nextSlot;
            for (int slot = first; slot < first + slots; slot++)
            {
                int place = slot - first;
                _sent[slot] =
                [
                    .. Enumerable.Range(0, messages.Count)
                        .Where(k => place < queues[k].Length || (attempt == 0 && place < CommonSlots))
                        .Select(k => composer.Compose(
                            new SlotOrder(k, round, slot, SlotTick(slot), ToAccessPoint(k)),
                            plan,
                            bands[k],
                            messages[k],
                            place < queues[k].Length ? queues[k][place] : -1)),
                ];
            }

            _nextSlot += slots;
            await SendAsync(bench, composer.LeadSamples, first, slots, cancellationToken).ConfigureAwait(false);
        }

        return Collect();
    }

    private long SlotTick(int slot) => firstTick + ((long)slot * scenario.Offload.SlotSamples);

    private string RadioOf(int user) => scenario.Users[user].Site.Id;

    private double ToAccessPoint(int user) => channels.Between(RadioOf(user), scenario.AccessPoint.Id).DelaySamples;

    private double[,] EchoDelays()
    {
        double[,] delays = new double[scenario.Users.Count, scenario.Users.Count];
        for (int j = 0; j < scenario.Users.Count; j++)
        {
            for (int k = 0; k < scenario.Users.Count; k++)
            {
                delays[j, k] = channels.Between(RadioOf(j), RadioOf(k)).DelaySamples;
            }
        }

        return delays;
    }

    private async Task SendAsync(IArrayBench bench, int lead, int first, int slots, CancellationToken cancellationToken)
    {
        var schedules = new List<BurstSchedule>();
        RxWindow Window(int slot) => new(slot, SlotTick(slot) - lead, scenario.Offload.SlotSamples);
        for (int k = 0; k < messages.Count; k++)
        {
            SlotTransmission[] own = [.. Enumerable.Range(first, slots).SelectMany(s => _sent[s]).Where(t => t.User == k)];
            if (own.Length > 0)
            {
                Waveform[] waveforms = [.. own.SelectMany(t => t.Layers).Select(l => l.Waveform)];
                await bench.UploadAsync(RadioOf(k), waveforms, cancellationToken).ConfigureAwait(false);
                TxBurst?[] bursts = [.. own.Select(t => BeamLayer.Compile(t.Slot, t.StartTick, t.Layers, scenario.Run.Radio.FullScalePowerWatts))];
                RxWindow[] windows = [.. Enumerable.Range(first, slots).Where(s => s < MeasuredSlots).Select(Window)];
                schedules.Add(new BurstSchedule(RadioOf(k), [.. bursts.OfType<TxBurst>()], windows));
            }
        }

        schedules.Add(new BurstSchedule(scenario.AccessPoint.Id, [], [.. Enumerable.Range(first, slots).Select(Window)]));
        var meters = new SlotMeters(plan, bands, EchoDelays(), _pulse);
        var readings = new List<SlotReading>();
        var decoded = new List<(int Slot, int User, bool Decoded, CaptureFlags Flags, bool HasGap)>();
        PhaseReport report = await bench.ExecuteAsync(
            schedules,
            (radio, window) =>
            {
                int slot = window.WindowId;
                long tick = SlotTick(slot) - lead;
                if (radio != scenario.AccessPoint.Id)
                {
                    int user = Enumerable.Range(0, messages.Count).First(k => RadioOf(k) == radio);
                    readings.Add(meters.AtUser(radio, user, window, tick, _sent[slot]));
                    return;
                }

                if (slot < MeasuredSlots)
                {
                    readings.Add(meters.AtAccessPoint(radio, window, tick, SlotTick(slot), _sent[slot]));
                }

                decoded.AddRange(_sent[slot]
                    .Where(t => t.Data is not null)
                    .Select(t => (slot, t.User, Decode(window, t, lead), window.Flags, window.HasGap)));
            },
            cancellationToken).ConfigureAwait(false);
        _readings.AddRange(readings.Select(r => (r, report)));
        foreach ((int slot, int user, bool success, CaptureFlags flags, bool hasGap) in decoded)
        {
            (Verdict verdict, string reason) = report.Judge(flags, hasGap, RadioOf(user), slot);
            _packets.Add((slot, user, success, verdict, reason));
        }
    }

    private bool Decode(CapturedWindow window, SlotTransmission sent, int lead)
    {
        UserBand band = bands[sent.User];
        _receiver.Receive(window, plan.ApCombiners[sent.User], band);
        PacketReception reception = _demodulator.Receive(_receiver.Real, _receiver.Imaginary, band.AtModem(2 * (lead + TimingAdvance.Margin)));
        return messages[sent.User]!.Accept(reception);
    }

    private IsccReadings Collect()
    {
        int users = messages.Count;
        var echoes = new Judged<SeparatedStreams>?[users, users];
        for (int j = 0; j < users; j++)
        {
            foreach (int k in Enumerable.Range(0, users).Where(k => bands.Meet(j, k)))
            {
                echoes[j, k] = Merge(RadioOf(j), r => r.Separators[k]!, (sum, part) => sum.Add(part), sum => sum.Read());
            }
        }

        return new IsccReadings(
            [
                .. Enumerable.Range(0, users).Select(k => messages[k] is null
                    ? null
                    : Merge(scenario.AccessPoint.Id, r => r.Streams[k]!, (sum, part) => sum.Add(part), sum => sum.Read())),
            ],
            [.. Enumerable.Range(0, users).Select(k => Merge(RadioOf(k), r => r.Streams[0]!, (sum, part) => sum.Add(part), sum => sum.Read()))],
            echoes,
            [.. Enumerable.Range(0, users).Select(k => messages[k] is { } message ? Upload(k, message) : null)],
            [.. Enumerable.Range(0, users).Select(StreamsAt)]);
    }

    private (int User, bool IsData)[] StreamsAt(int user) =>
        [.. _sent[0].Where(t => bands.Meet(t.User, user)).SelectMany(t => t.Layers.Select(l => (t.User, ReferenceEquals(l, t.Data))))];

    // Adds up the slots in which everything went as ordered; what else came in is dropped.
    private Judged<TResult> Merge<TPart, TResult>(
        string receiver, Func<SlotReading, TPart> part, Action<TPart, TPart> add, Func<TPart, TResult> read)
        where TPart : class
        where TResult : class
    {
        TPart? sum = null;
        (Verdict Verdict, string Reason) worst = (Verdict.Faulted, "receiver: the window never came");
        foreach ((SlotReading reading, PhaseReport report) in _readings.Where(r => r.Reading.Receiver == receiver))
        {
            (Verdict Verdict, string Reason) verdict = _sent[reading.Slot]
                .Select(t => report.Judge(reading.Flags, reading.HasGap, RadioOf(t.User), t.Slot))
                .MaxBy(v => v.Verdict);
            if (verdict.Verdict != Verdict.Valid)
            {
                worst = verdict;
            }
            else if (sum is null)
            {
                sum = part(reading);
            }
            else
            {
                add(sum, part(reading));
            }
        }

        return sum is null ? new Judged<TResult>(null, worst.Verdict, worst.Reason) : Judged<TResult>.Valid(read(sum));
    }

    private Judged<UploadReading> Upload(int user, OffloadMessage message)
    {
        var packets = _packets.Where(p => p.User == user).ToList();
        if (packets.FirstOrDefault(p => p.Verdict != Verdict.Valid) is { Reason.Length: > 0 } unfit)
        {
            // A packet that a fault cost is sent again too, but the time that it took says nothing about the channel.
            return new Judged<UploadReading>(null, unfit.Verdict, unfit.Reason);
        }

        int[] arrived = [.. packets.Where(p => p.Decoded).Select(p => p.Slot)];
        long ticks = 0;
        if (message.IsWhole)
        {
            SlotTransmission first = Own(packets.Min(p => p.Slot), user), last = Own(arrived.Max(), user);
            ticks = SlotTick(last.Slot) + last.Data!.Waveform.Length - (2 * TimingAdvance.Margin) - first.StartTick;
        }

        double joules = packets.Sum(p => Own(p.Slot, user).RadiatedJoules(scenario.Run.Radio.SampleRateHz));
        return Judged<UploadReading>.Valid(new UploadReading(ticks, packets.Count, message.ArrivedBits, message.IsWhole, joules));
    }

    private SlotTransmission Own(int slot, int user) => _sent[slot].Single(t => t.User == user);
}
