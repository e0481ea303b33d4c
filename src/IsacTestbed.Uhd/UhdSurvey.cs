using System.Globalization;
using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>Asks an open device what it is and what it can do.</summary>
internal static class UhdSurvey
{
    // Facts that boards keep in their identification memory, as far as they have them; a module for foreign devices adds its own.
    private static readonly string[] BoardFacts = ["serial", "product", "revision", "hardware", "name", "radio_id", "model", "software"];

    /// <summary>Describes a device.</summary>
    /// <param name="usrp">The device.</param>
    /// <param name="arguments">What it was opened with.</param>
    /// <param name="quirks">How it behaves.</param>
    /// <param name="rxChannels">Receive channels in use.</param>
    /// <param name="txChannels">Transmit channels in use.</param>
    public static StreamingDeviceDescription Describe(
        Usrp usrp, string arguments, UhdQuirks quirks, IReadOnlyList<int> rxChannels, IReadOnlyList<int> txChannels)
    {
        int boards = usrp.BoardCount();
        bool isLockStep = quirks == UhdQuirks.Soapy && usrp.BoardFact(0, "clock_mode") == "lockstep";
        long? room = (long?)Number(usrp, quirks, "tx_buffer_samples");
        IEnumerable<string> known = Enumerable.Range(0, boards).Select(b => usrp.BoardFact(b, "serial") ?? string.Empty);
        string[] serials = [.. known.Where(s => s.Length > 0)];
        return new StreamingDeviceDescription(
            quirks == UhdQuirks.Soapy ? "uhd-soapy" : "uhd",
            serials.Length == 0 ? arguments : string.Join('+', serials),
            Hardware(usrp, boards, rxChannels, txChannels),
            txChannels.Count,
            rxChannels.Count,
            Rates(usrp, rxChannels, txChannels),
            Frequencies(usrp, rxChannels, txChannels),
            txChannels.Count == 0 ? default : Envelope(usrp.GainRanges(StreamDirection.Transmit, string.Empty, txChannels[0])),
            Envelope(usrp.GainRanges(StreamDirection.Receive, string.Empty, rxChannels[0])),
            usrp.ClockSources(0),
            usrp.TimeSources(0),
            isLockStep ? StreamClock.LockStep : StreamClock.RealTime,
            room ?? 0,
            AcknowledgesBursts: true)
        {
            FullScalePowerWatts = Number(usrp, quirks, "full_scale_power_watts"),
        };
    }

    /// <summary>The ranges that two lists share, in rising order.</summary>
    public static IReadOnlyList<SettingRange> Shared(IReadOnlyList<SettingRange> first, IReadOnlyList<SettingRange> second)
    {
        var shared = new SortedSet<(double Minimum, double Maximum, double Step)>();
        foreach (SettingRange a in first)
        {
            foreach (SettingRange b in second)
            {
                double minimum = Math.Max(a.Minimum, b.Minimum), maximum = Math.Min(a.Maximum, b.Maximum);
                if (minimum <= maximum)
                {
                    // Steps count from a range's own minimum: they survive only where both ranges agree.
                    shared.Add((minimum, maximum, a == b ? a.Step : 0));
                }
            }
        }

        return [.. shared.Select(r => new SettingRange(r.Minimum, r.Maximum, r.Step))];
    }

    /// <summary>A number that a SoapySDR device tells of itself, which reaches here as identification of the board.</summary>
    private static double? Number(Usrp usrp, UhdQuirks quirks, string key) =>
        quirks == UhdQuirks.Soapy && double.TryParse(usrp.BoardFact(0, key), CultureInfo.InvariantCulture, out double value) ? value : null;

    private static IReadOnlyList<SettingRange> Rates(Usrp usrp, IReadOnlyList<int> rxChannels, IReadOnlyList<int> txChannels)
    {
        IReadOnlyList<SettingRange> rates = usrp.Rates(StreamDirection.Receive, rxChannels[0]);
        rates = Shared(rates, txChannels.Count == 0 ? rates : usrp.Rates(StreamDirection.Transmit, txChannels[0]));
        return rates.Count > 0 ? rates : throw Incomplete("sample rate");
    }

    private static IReadOnlyList<SettingRange> Frequencies(Usrp usrp, IReadOnlyList<int> rxChannels, IReadOnlyList<int> txChannels)
    {
        IReadOnlyList<SettingRange>[] all =
        [
            .. rxChannels.Select(c => usrp.Frequencies(StreamDirection.Receive, c)),
            .. txChannels.Select(c => usrp.Frequencies(StreamDirection.Transmit, c)),
        ];
        IReadOnlyList<SettingRange> shared = all.Aggregate(all[0], Shared);

        // Tuning ranges reach below zero by the digital converter's share.
        shared = Shared(shared, [new SettingRange(1, double.MaxValue)]);
        return shared.Count > 0 ? shared : throw Incomplete("carrier");
    }

    private static StreamingDeviceException Incomplete(string what) => new(
        RadioFaultCode.NotSupported, $"receivers and transmitters have no {what} in common; use channels of one kind.");

    private static SettingRange Envelope(IReadOnlyList<SettingRange> ranges) => ranges.Count switch
    {
        0 => default,
        1 => ranges[0],
        _ => new SettingRange(ranges.Min(r => r.Minimum), ranges.Max(r => r.Maximum)),
    };

    private static Dictionary<string, string> Hardware(Usrp usrp, int boards, IReadOnlyList<int> rxChannels, IReadOnlyList<int> txChannels)
    {
        var hardware = new Dictionary<string, string>(StringComparer.Ordinal) { ["libuhd"] = Usrp.LibraryVersion };
        for (int b = 0; b < boards; b++)
        {
            string prefix = $"board{b}.";
            hardware[prefix + "name"] = usrp.BoardName(b);
            foreach (string key in BoardFacts)
            {
                if (usrp.BoardFact(b, key) is { Length: > 0 } value)
                {
                    hardware.TryAdd(prefix + key, value);
                }
            }

            hardware[prefix + "master_clock_rate_hz"] = usrp.MasterClockRate(b).ToString("G17", CultureInfo.InvariantCulture);
            hardware[prefix + "rx_subdev_spec"] = UhdText.OneLine(usrp.SubdevSpec(StreamDirection.Receive, b));
            hardware[prefix + "tx_subdev_spec"] = UhdText.OneLine(usrp.SubdevSpec(StreamDirection.Transmit, b));
        }

        foreach (int channel in rxChannels)
        {
            AddFrontend(hardware, usrp, StreamDirection.Receive, $"rx{channel}", channel);
        }

        foreach (int channel in txChannels)
        {
            AddFrontend(hardware, usrp, StreamDirection.Transmit, $"tx{channel}", channel);
        }

        return hardware;
    }

    private static void AddFrontend(Dictionary<string, string> hardware, Usrp usrp, StreamDirection direction, string name, int channel)
    {
        hardware[$"{name}.frontend"] = usrp.SubdevName(direction, channel);
        if (usrp.FrontendSerial(direction, channel) is { Length: > 0 } serial)
        {
            hardware[$"{name}.serial"] = serial;
        }
    }
}
