using System.Text.Json;
using System.Text.Json.Nodes;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Cli.Tests.Profiles;

/// <summary>The shipped profiles, their reader and their schema say the same.</summary>
public sealed class RadioProfileTests
{
    private const int Mutations = 2000;

    private static readonly string[] Shipped =
        [.. Directory.GetFiles(PathOf("radios")).Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Names => [.. Shipped];

    [Fact]
    public void Profiles_OfEveryRadioOfTheBench_AreShipped() =>
        Assert.Equal(["b210", "emulated", "limesdr", "n310", "pluto", "x310", "x410"], Shipped);

    [Theory]
    [MemberData(nameof(Names))]
    public void Profile_Shipped_ReadsAndNamesItsSchemaForEditors(string name)
    {
        string file = PathOf("radios", $"{name}.yaml");
        RadioProfile profile = RadioProfileReader.Read(DocumentFile.Read(file));
        Assert.Equal(name, profile.Name);
        Assert.False(profile.TriedOnHardware);
        Assert.StartsWith("# yaml-language-server: $schema=../schema/radio.schema.json\n", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Profile_OfARealRadio_TransmitsNothingByDefaultBeyondAMilliwattInBandsForEverybody(string name)
    {
        RadioProfile profile = RadioProfileReader.Read(DocumentFile.Read(PathOf("radios", $"{name}.yaml")));
        if (profile.Drivers.ContainsKey("emulated"))
        {
            return;
        }

        TransmitLimits limits = profile.TransmitLimits;
        Assert.Equal(1e-3, limits.MaxPowerWatts, 1e-9);
        Assert.All(limits.Bands, b => Assert.InRange(b.MaximumHz - b.MinimumHz, 1e6, 150e6));
        Assert.InRange(limits.MaxDutyCycle, 0, 0.1);
        Assert.Equal([profile.Transmit.AntennaPort], limits.AntennaPorts);

        // Full scale at the largest permitted gain is the largest permitted power: neither limit hides the other.
        Assert.Equal(limits.MaxPowerWatts, profile.FullScale.WattsAtZeroGain * Math.Pow(10, limits.MaxGainDb / 10), limits.MaxPowerWatts * 0.01);
    }

    [Fact]
    public void FullScalePower_OfTheB210_IsItsTenMilliwattsAtFullGain()
    {
        RadioProfile profile = RadioProfileReader.Read(DocumentFile.Read(PathOf("radios", "b210.yaml")));
        Assert.Equal(10e-3, profile.FullScale.WattsAtZeroGain * Math.Pow(10, 8.975), 1e-6);
    }

    [Theory]
    [InlineData("\"frequency\"", "\"frequencyMHz\"", "frequency")]
    [InlineData("\"minimumHz\":70000000", "\"minimumHz\":\"70 MHz\"", "transmit.frequency.minimumHz")]
    [InlineData("\"antennaPort\":\"RX2\"", "\"antennaPort\":\"RX3\"", "receive.antennaPort")]
    [InlineData("\"clockSource\":\"internal\"", "\"clockSource\":\"sun\"", "clocking.clockSource")]
    [InlineData("\"defaultHz\":30720000", "\"defaultHz\":70000000", "masterClock.defaultHz")]
    [InlineData("\"maxDutyCycle\":0.1", "\"maxDutyCycle\":10", "transmitLimits.maxDutyCycle")]
    [InlineData("\"minimumHz\":5725000000", "\"minimumHz\":5925000000", "transmitLimits.bands[2].minimumHz")]
    [InlineData("\"maximumHz\":434790000", "\"maximumHz\":34790000", "transmitLimits.bands[0]")]
    [InlineData("\"antennaPorts\":[\"TX/RX\"]}", "\"antennaPorts\":[\"J1\"]}", "transmitLimits.antennaPorts")]
    [InlineData("\"kind\":\"fpga\"", "\"kind\":\"bitfile\"", "kind")]
    [InlineData("\"soapy\"", "\"soapie\"", "soapie")]
    [InlineData("\"maximumDb\":76,", "\"maximumDb\":76,\"heldDb\":77,", "receive.gains[0].heldDb")]
    public void Mistake_InTheB210_IsNamedWithItsKey(string text, string replacement, string key)
    {
        // The document as compact JSON with plain numbers.
        string json = JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(Plain("b210")));
        Assert.Contains(text, json, StringComparison.Ordinal);
        string wrong = json.Replace(text, replacement, StringComparison.Ordinal);
        ConfigurationException refused = Assert.Throws<ConfigurationException>(() => RadioProfileReader.Read(ConfigurationObject.Parse(wrong, "b210")));
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void GainElement_Held_LetsTheRadioSetAllOfThem()
    {
        string plain = Plain("limesdr");
        JsonNode held = JsonNode.Parse(plain)!;
        held["receive"]!["gains"]![1]!["heldDb"] = 9;
        RadioProfile profile = RadioProfileReader.Read(ConfigurationObject.Parse(held.ToJsonString(), "limesdr"));
        Assert.Null(profile.Transmit.SetByElement);
        Assert.Equal(new SettingRange(-3, 58), profile.Receive.SetByElement!.RangeDb);
        Assert.Null(RadioProfileReader.Read(ConfigurationObject.Parse(plain, "limesdr")).Receive.SetByElement);
    }

    [SchemaFact]
    public async Task Profiles_Shipped_FitTheSchema() =>
        Assert.All(await SchemaFactAttribute.FitAsync(Shipped.Select(Plain)), Assert.True);

    [SchemaFact]
    public async Task Mutations_OfEveryProfile_AreAcceptedByTheReaderExactlyWhenByTheSchema()
    {
        // Two mutations of one place each; what only contradicts something elsewhere no schema can tell, so the reader's first stage is asked,
        // which reads each key by itself. Both answers must occur often, or the property would say nothing.
        var random = new CounterRandom(20261122, RandomPurpose.Test);
        var documents = new List<string>();
        for (ulong i = 0; i < Mutations; i++)
        {
            JsonNode document = JsonNode.Parse(Plain(Shipped[random.IntegerAt(5 * i, Shipped.Length)]))!;
            ProfileMutation.Apply(document, random.IntegerAt((5 * i) + 1, int.MaxValue), random.IntegerAt((5 * i) + 2, ProfileMutation.Kinds));

            // The second is none more often than not, so that single mistakes, which hide nothing, prevail.
            ProfileMutation.Apply(document, random.IntegerAt((5 * i) + 3, int.MaxValue), random.IntegerAt((5 * i) + 4, 3 * ProfileMutation.Kinds));
            documents.Add(document.ToJsonString());
        }

        IReadOnlyList<bool> fits = await SchemaFactAttribute.FitAsync(documents);

        Assert.Equal(Mutations, fits.Count);
        for (int i = 0; i < Mutations; i++)
        {
            bool reader = FitsReader(documents[i], out string problem);
            Assert.True(reader == fits[i], $"The reader {(reader ? "accepts what the schema refuses" : "refuses what the schema accepts")}: {problem} {documents[i]}");
        }

        Assert.InRange(fits.Count(f => f), Mutations / 20, Mutations - (Mutations / 20));
    }

    private static bool FitsReader(string json, out string problem)
    {
        try
        {
            RadioProfileReader.ReadKeys(ConfigurationObject.Parse(json, "mutated"));
            problem = string.Empty;
            return true;
        }
        catch (ConfigurationException exception)
        {
            problem = exception.Message;
            return false;
        }
    }

    private static string Plain(string name) => DocumentFile.ReadJson(PathOf("radios", $"{name}.yaml"));

    private static string PathOf(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "firmware-config", .. parts]);
}
