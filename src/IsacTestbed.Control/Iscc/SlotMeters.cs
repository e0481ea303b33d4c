using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Chains;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Control.Iscc;

/// <summary>What one window of one slot measured, until it is judged.</summary>
/// <param name="Receiver">The radio.</param>
/// <param name="Slot">The slot.</param>
/// <param name="Flags">Degradations of the window.</param>
/// <param name="HasGap">Whether samples are missing.</param>
/// <param name="Streams">At the access point: per user the meter of its data, null for none. At a user: one meter, of its own sensing stream.</param>
/// <param name="Separators">At a user: per user's echo combiner, what each stream is behind it; null for users in other bands. Empty at the access point.</param>
internal sealed record SlotReading(
    string Receiver, int Slot, CaptureFlags Flags, bool HasGap, IReadOnlyList<StreamMeter?> Streams, IReadOnlyList<StreamSeparator?> Separators);

/// <summary>Reads the SINRs of slots from the windows of the access point and of the users. Not thread safe.</summary>
/// <remarks>Each user's streams are read in the band of that user; in a band of its own it meets nobody else, and nobody else is looked for there.</remarks>
/// <param name="plan">The plan that is executed.</param>
/// <param name="bands">The users' bands.</param>
/// <param name="delays">Delay from user (first index) to user (second), as sounded.</param>
/// <param name="pulse">Pulse of all streams.</param>
internal sealed class SlotMeters(IsccPlan plan, UserBands bands, double[,] delays, SymbolPulse pulse)
{
    private readonly BandReceiver _receiver = new();

    /// <summary>The data streams of a slot behind the access point's combiners. All arrive at one tick.</summary>
    /// <param name="receiver">The access point.</param>
    /// <param name="window">Its window.</param>
    /// <param name="windowTick">Tick of its first sample.</param>
    /// <param name="slotTick">Tick at which the slot arrives.</param>
    /// <param name="sent">What the users sent.</param>
    public SlotReading AtAccessPoint(string receiver, CapturedWindow window, long windowTick, long slotTick, IReadOnlyList<SlotTransmission> sent)
    {
        var meters = new StreamMeter?[plan.Offloading.Count];
        foreach (SlotTransmission own in sent.Where(t => t.Data is not null))
        {
            UserBand band = bands[own.User];
            int symbols = Heard(own.User, sent).Min(t => t.DataSymbols);
            _receiver.Receive(window, plan.ApCombiners[own.User], band);
            (float[] re, float[] im) = Observe(band, slotTick - windowTick + FirstInstant(band, 0), symbols);
            (float[] knownRe, float[] knownIm) = Known(band, own.Data!, FirstInstant(band, own.Advance.Fraction), symbols);
            meters[own.User] = new StreamMeter();
            meters[own.User]!.Add(Payload(re), Payload(im), Payload(knownRe), Payload(knownIm));
        }

        return new SlotReading(receiver, sent[0].Slot, window.Flags, window.HasGap, meters, []);
    }

    /// <summary>The echoes of a slot at one user: its own sensing stream, and every stream behind every user's echo combiner.</summary>
    /// <param name="receiver">The user's radio.</param>
    /// <param name="user">The user.</param>
    /// <param name="window">Its window.</param>
    /// <param name="windowTick">Tick of its first sample.</param>
    /// <param name="sent">What the users sent; all of them.</param>
    public SlotReading AtUser(string receiver, int user, CapturedWindow window, long windowTick, IReadOnlyList<SlotTransmission> sent)
    {
        UserBand band = bands[user];
        SlotTransmission[] heard = Heard(user, sent);
        int symbols = heard.Min(t => t.DataSymbols);
        SlotTransmission own = sent.Single(t => t.User == user);

        // The instant of the own echo's first symbol, and from it what every stream was when it left.
        double instant = own.StartTick + FirstInstant(band, own.Advance.Fraction) + delays[user, user];
        (float[] Re, float[] Im)[] known =
        [
            .. heard.SelectMany(t => t.Layers.Select(
                layer => Known(band, layer, instant - delays[t.User, user] - t.StartTick, symbols))),
        ];
        int ownSensing = heard.TakeWhile(t => t.User != user).Sum(t => t.Layers.Count) + own.Layers.Count - 1;
        var meter = new StreamMeter();
        var separators = new StreamSeparator?[plan.Offloading.Count];
        foreach (int k in Enumerable.Range(0, separators.Length).Where(k => bands.Meet(k, user)))
        {
            _receiver.Receive(window, plan.UeCombiners[k], band);
            (float[] re, float[] im) = Observe(band, instant - windowTick, symbols);
            var separator = new StreamSeparator(known.Length);
            separator.Add(re, im, known);
            separators[k] = separator;
            if (k == user)
            {
                meter.Add(Payload(re), Payload(im), Payload(known[ownSensing].Re), Payload(known[ownSensing].Im));
            }
        }

        return new SlotReading(receiver, own.Slot, window.Flags, window.HasGap, [meter], separators);
    }

    private SlotTransmission[] Heard(int user, IReadOnlyList<SlotTransmission> sent) => [.. sent.Where(t => bands.Meet(t.User, user))];

    // Samples of the radios from a waveform's first to the instant of its first symbol.
    private double FirstInstant(UserBand band, double fraction) => TimingAdvance.Margin + (pulse.HalfSpanSamples / band.Share) + fraction;

    // Preamble, header and pilots are the same in the packets of all users, so that behind a combiner they add up in amplitude and not in power. (7)
    // and (8) are about symbols that have nothing to do with each other: those of the payload.
    private static float[] Payload(float[] symbols)
    {
        const int header = PacketLayout.PreambleSymbols + PacketLayout.HeaderSymbols + (PacketLayout.HeaderSymbols / (PacketLayout.PilotSpacing - 1)) + 1;
        return [.. symbols.Skip(header).Where((_, n) => (header - PacketLayout.PreambleSymbols + n) % PacketLayout.PilotSpacing != 0)];
    }

    // Instants count in samples of the radios. A sub-band's carrier has phase zero at the first sample of the window here and of the waveform below:
    // between them a phase is left that is the same in all slots of a round, which the gains of the user's streams have in common.
    private (float[] Re, float[] Im) Observe(UserBand band, double firstInstant, int symbols)
    {
        float[] re = new float[symbols], im = new float[symbols];
        pulse.Match(_receiver.Real, _receiver.Imaginary, band.Share * firstInstant, re, im);
        return (re, im);
    }

    private (float[] Re, float[] Im) Known(UserBand band, BeamLayer layer, double firstInstant, int symbols) =>
        (layer with { Waveform = band.ToModem(layer.Waveform) }).SymbolsAt(pulse, band.Share * firstInstant, symbols);
}
