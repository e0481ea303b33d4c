using System.Text.Json;
using IsacTestbed.Core;

namespace IsacTestbed.Radio;

/// <summary>Reads a radio's profile: unknown keys, wrong kinds, values out of range and contradictions are refused by name.</summary>
public static class RadioProfileReader
{
    private static readonly string[] KnownDrivers = ["soapy", "uhd", "emulated"];

    /// <summary>Reads a profile.</summary>
    /// <param name="document">The document; its keys are those of firmware-config/schema/radio.schema.json.</param>
    /// <exception cref="ConfigurationException">Names the key, the value found and what would be right.</exception>
    public static RadioProfile Read(ConfigurationObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        RadioProfile profile = ReadKeys(document);
        RequireConsistent(document, profile);
        return profile;
    }

    /// <summary>Reads the keys, each by itself: as far as a schema can tell right from wrong.</summary>
    internal static RadioProfile ReadKeys(ConfigurationObject document)
    {
        ConfigurationObject clock = document.Object("masterClock");
        ConfigurationObject power = document.Object("fullScale");
        var profile = new RadioProfile(
            document.Text("name"),
            document.Text("model"),
            Flag(document, "triedOnHardware"),
            ReadDrivers(document.Object("drivers")),
            ReadValues(clock),
            clock.PositiveNumber("defaultHz"),
            ReadSampleRate(document.Object("sampleRate")),
            ReadSide(document.Object("transmit"), fewestChannels: 0),
            ReadSide(document.Object("receive"), fewestChannels: 1),
            new FullScalePower(power.Number("powerDbm", -200, 60), power.Number("atGainDb", -200, 200)),
            document.Integer("converterBits", 1, 32),
            ReadImages(document, "images"),
            ReadClocking(document.Object("clocking")),
            document.Number("leadTimeSeconds", 0, 10),
            ReadLimits(document.Object("transmitLimits")));
        clock.RejectUnknownKeys();
        power.RejectUnknownKeys();
        document.RejectUnknownKeys();
        return profile;
    }

    private static Dictionary<string, IReadOnlyDictionary<string, string>> ReadDrivers(ConfigurationObject drivers)
    {
        var read = new Dictionary<string, IReadOnlyDictionary<string, string>>();
        foreach (string driver in KnownDrivers.Where(drivers.Has))
        {
            ConfigurationObject arguments = drivers.Object(driver);
            read.Add(driver, arguments.Keys.ToDictionary(k => k, arguments.Text));
        }

        drivers.RejectUnknownKeys();
        return read.Count > 0
            ? read
            : throw new ConfigurationException(drivers.Path, string.Empty, $"found no driver; at least one of {string.Join(", ", KnownDrivers)} must stand here");
    }

    private static ValueSet ReadSampleRate(ConfigurationObject rates)
    {
        ValueSet read = ReadValues(rates);
        rates.RejectUnknownKeys();
        return read;
    }

    // Either valuesHz, or minimumHz with maximumHz.
    private static ValueSet ReadValues(ConfigurationObject set)
    {
        if (set.Has("valuesHz"))
        {
            if (set.Has("minimumHz") || set.Has("maximumHz"))
            {
                throw set.Error("valuesHz", "stands beside minimumHz or maximumHz; it must be either the list or the two bounds");
            }

            double[] values = set.Numbers("valuesHz", 0, exclusiveMinimum: true);
            return values.Length > 0 ? new ValueSet(values.Min(), values.Max(), values) : throw set.Error("valuesHz", "found an empty list; at least one value");
        }

        return new ValueSet(set.PositiveNumber("minimumHz"), set.PositiveNumber("maximumHz"), []);
    }

    private static RadioSide ReadSide(ConfigurationObject side, int fewestChannels)
    {
        var read = new RadioSide(
            side.Integer("channels", fewestChannels, 64),
            ReadBand(side.Object("frequency")),
            Texts(side, "antennaPorts"),
            side.Text("antennaPort"),
            [.. side.Objects("gains").Select(ReadGain)]);
        side.RejectUnknownKeys();
        return read;
    }

    private static FrequencyBand ReadBand(ConfigurationObject band)
    {
        var read = new FrequencyBand(band.Number("minimumHz", 0), band.PositiveNumber("maximumHz"));
        band.RejectUnknownKeys();
        return read;
    }

    private static GainElement ReadGain(ConfigurationObject gain)
    {
        var read = new GainElement(
            gain.Text("element"),
            new SettingRange(gain.Number("minimumDb", -200, 200), gain.Number("maximumDb", -200, 200), gain.Number("stepDb", 0, 100)),
            gain.Has("heldDb") ? gain.Number("heldDb", -200, 200) : null);
        gain.RejectUnknownKeys();
        return read;
    }

    private static List<RadioImage> ReadImages(ConfigurationObject document, string key)
    {
        // Emulated radios have none; the list must stand there all the same, so that it is not forgotten.
        if (document.Element(key, "a list of images, empty for none") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0)
        {
            return [];
        }

        var images = new List<RadioImage>();
        foreach (ConfigurationObject image in document.Objects(key))
        {
            images.Add(new RadioImage(image.Choice<RadioImageKind>("kind"), image.Text("file"), image.Text("version"), image.Text("load")));
            image.RejectUnknownKeys();
        }

        return images;
    }

    private static RadioClocking ReadClocking(ConfigurationObject clocking)
    {
        var read = new RadioClocking(
            Texts(clocking, "clockSources"), clocking.Text("clockSource"), Texts(clocking, "timeSources"), clocking.Text("timeSource"));
        clocking.RejectUnknownKeys();
        return read;
    }

    private static TransmitLimits ReadLimits(ConfigurationObject limits)
    {
        var read = new TransmitLimits
        {
            Bands = [.. limits.Objects("bands").Select(ReadBand)],
            MaxAmplitude = limits.Number("maxAmplitude", 0, 1),
            MaxPowerWatts = Math.Pow(10, (limits.Number("maxPowerDbm", -200, 60) - 30) / 10),
            MaxGainDb = limits.Number("maxGainDb", -200, 200),
            MaxDutyCycle = limits.Number("maxDutyCycle", 0, 1),
            DutyPeriod = TimeSpan.FromSeconds(limits.Number("dutyPeriodSeconds", 0, 86400)),
            AntennaPorts = Texts(limits, "antennaPorts", fewest: 0),
        };
        limits.RejectUnknownKeys();
        return read;
    }

    private static bool Flag(ConfigurationObject from, string key) =>
        from.Has(key) ? from.FlagOr(key, false) : throw from.Error(key, "the key is missing; it must be true or false");

    private static string[] Texts(ConfigurationObject from, string key, int fewest = 1)
    {
        string wanted = $"a list of texts{(fewest > 0 ? " with at least one entry" : string.Empty)}";
        JsonElement list = from.Element(key, wanted);
        return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() >= fewest
            && list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String && e.GetString()!.Length > 0)
            ? [.. list.EnumerateArray().Select(e => e.GetString()!)]
            : throw from.Error(key, $"found {list.GetRawText()}; it must be {wanted}");
    }

    // What no schema can say: values that are right by themselves and contradict each other.
    private static void RequireConsistent(ConfigurationObject document, RadioProfile profile)
    {
        void Require(bool holds, string key, string problem)
        {
            if (!holds)
            {
                throw document.Error(key, problem);
            }
        }

        Require(profile.MasterClock.Minimum <= profile.MasterClock.Maximum, "masterClock.minimumHz", "lies above maximumHz; swap them");
        Require(
            profile.MasterClock.Contains(profile.DefaultMasterClockHz),
            "masterClock.defaultHz",
            FormattableString.Invariant($"found {profile.DefaultMasterClockHz}; it must be one of the allowed master clocks"));
        Require(profile.SampleRate.Minimum <= profile.SampleRate.Maximum, "sampleRate.minimumHz", "lies above maximumHz; swap them");
        foreach ((string key, RadioSide side) in (ReadOnlySpan<(string, RadioSide)>)[("transmit", profile.Transmit), ("receive", profile.Receive)])
        {
            Require(side.Frequency.MinimumHz <= side.Frequency.MaximumHz, $"{key}.frequency.minimumHz", "lies above maximumHz; swap them");
            Require(
                side.AntennaPorts.Contains(side.AntennaPort),
                $"{key}.antennaPort",
                $"found \"{side.AntennaPort}\"; it must be one of the antennaPorts {string.Join(", ", side.AntennaPorts)}");
            for (int i = 0; i < side.Gains.Count; i++)
            {
                GainElement gain = side.Gains[i];
                Require(gain.RangeDb.Minimum <= gain.RangeDb.Maximum, $"{key}.gains[{i}].minimumDb", "lies above maximumDb; swap them");
                Require(
                    gain.HeldDb is not { } held || Math.Abs(gain.RangeDb.Round(held) - held) < 1e-9,
                    $"{key}.gains[{i}].heldDb",
                    FormattableString.Invariant($"found {gain.HeldDb}; it must be one of the values that {gain.Name} has"));
            }
        }

        RadioClocking clocking = profile.Clocking;
        Require(
            clocking.ClockSources.Contains(clocking.ClockSource),
            "clocking.clockSource",
            $"found \"{clocking.ClockSource}\"; it must be one of the clockSources {string.Join(", ", clocking.ClockSources)}");
        Require(
            clocking.TimeSources.Contains(clocking.TimeSource),
            "clocking.timeSource",
            $"found \"{clocking.TimeSource}\"; it must be one of the timeSources {string.Join(", ", clocking.TimeSources)}");
        RequireLimits(Require, profile);
    }

    private static void RequireLimits(Action<bool, string, string> require, RadioProfile profile)
    {
        TransmitLimits limits = profile.TransmitLimits;
        for (int i = 0; i < limits.Bands.Count; i++)
        {
            FrequencyBand band = limits.Bands[i];
            require(band.MinimumHz <= band.MaximumHz, $"transmitLimits.bands[{i}].minimumHz", "lies above maximumHz; swap them");
            require(
                band.MaximumHz >= profile.Transmit.Frequency.MinimumHz && band.MinimumHz <= profile.Transmit.Frequency.MaximumHz,
                $"transmitLimits.bands[{i}]",
                "lies outside of what the radio can be tuned to; leave it out");
        }

        require(
            limits.AntennaPorts.Count == 0 || limits.AntennaPorts.Contains(profile.Transmit.AntennaPort),
            "transmitLimits.antennaPorts",
            $"does not hold the port {profile.Transmit.AntennaPort} that transmit.antennaPort names; add it, or transmit through another");
    }
}
