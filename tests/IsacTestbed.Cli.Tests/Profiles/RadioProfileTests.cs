using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using Json.Schema;

namespace IsacTestbed.Cli.Tests.Profiles;

/// <summary>The shipped profiles, their reader and their schema say the same.</summary>
public sealed class RadioProfileTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(PathOf("schema", "radio.schema.json")));

    private static readonly string[] Shipped =
        [.. Directory.GetFiles(PathOf("radios")).Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Names => [.. Shipped];

    [Fact]
    public void Profiles_OfEveryRadioOfTheBench_AreShipped() =>
        Assert.Equal(["b210", "emulated", "limesdr", "n310", "pluto", "x310", "x410"], Shipped);

    [Theory]
    [MemberData(nameof(Names))]
    public void Profile_Shipped_ReadsAndFitsTheSchema(string name)
    {
        string file = PathOf("radios", $"{name}.yaml");
        RadioProfile profile = RadioProfileReader.Read(DocumentFile.Read(file));
        Assert.Equal(name, profile.Name);
        Assert.False(profile.TriedOnHardware);
        Assert.True(FitsSchema(JsonNode.Parse(DocumentFile.ReadJson(file))!));
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
    public void Mutations_OfEveryProfile_AreAcceptedByTheReaderExactlyWhenByTheSchema()
    {
        // One or two mutations of one place each; what only contradicts something elsewhere no schema can tell, so the reader's first stage is
        // asked, which reads each key by itself. Both answers must occur, or the property would say nothing.
        JsonNode[] documents = [.. Shipped.Select(n => JsonNode.Parse(Plain(n))!)];
        int accepted = 0, refused = 0;
        Gen<(int, int, int, int, int)> mutations =
            from document in Gen.Choose(0, documents.Length - 1)
            from place in Gen.Choose(0, 1_000_000)
            from kind in Gen.Choose(0, 15)
            from secondPlace in Gen.Choose(0, 1_000_000)
            from secondKind in Gen.Choose(0, 40)
            select (document, place, kind, secondPlace, secondKind);
        Prop.ForAll(mutations.ToArbitrary(), m =>
        {
            JsonNode mutated = documents[m.Item1].DeepClone();
            ProfileMutation.Apply(mutated, m.Item2, m.Item3);
            ProfileMutation.Apply(mutated, m.Item4, m.Item5);
            bool reader = FitsReader(mutated.ToJsonString(), out string problem), schema = FitsSchema(mutated);
            accepted += reader ? 1 : 0;
            refused += reader ? 0 : 1;
            Assert.True(reader == schema, $"The reader {(reader ? "accepts" : "refuses")} what the schema does not: {problem} {mutated.ToJsonString()}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261122, 1));
        Assert.InRange(accepted, 50, 1950);
        Assert.InRange(refused, 50, 1950);
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

    private static bool FitsSchema(JsonNode document) => Schema.Evaluate(JsonSerializer.SerializeToElement(document)).IsValid;

    private static string Plain(string name) => DocumentFile.ReadJson(PathOf("radios", $"{name}.yaml"));

    private static string PathOf(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "firmware-config", .. parts]);
}
