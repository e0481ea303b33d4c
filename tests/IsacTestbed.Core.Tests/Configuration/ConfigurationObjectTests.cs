namespace IsacTestbed.Core.Tests.Configuration;

/// <summary>Every complaint names the file, the key's full path, what was found, and what would be right.</summary>
public sealed class ConfigurationObjectTests
{
    private enum Colour
    {
        Unspecified,
        DeepBlue,
        Red,
    }

    private static void Inner(ConfigurationObject o) => o.Number(o.Element("a", "a number")[1][0], "a[1][0]", -5, 5);

    public static TheoryData<string, string, Action<ConfigurationObject>> Complaints => new()
    {
        { "{}", "file: a: the key is missing; it must be a number", o => o.Number("a") },
        { """{"a": null}""", "file: a: found null; it must be a number", o => o.Number("a") },
        { """{"a": 1e308}""", "file: a: found 1e308; it must be between 1E-40 and 1E+30", o => o.Number("a", 1e-40, 1e30) },
        { """{"a": [1, 1e31]}""", "file: a[1]: found 1e31; it must be between 0 and 1E+30", o => o.Range("a", 0, 1e30) },
        { """{"b": {"a": [[1], [7]]}}""", "file: b.a[1][0]: found 7; it must be between -5 and 5", o => Inner(o.Object("b")) },
        { """{"other": 1, "raunds": 1}""", "file: rounds: the key is missing; did you mean it by raunds?", o => o.Integer("rounds") },
        { """{"a": "x"}""", "file: a: found \"x\"; it must be a finite number", o => o.Number("a") },
        { """{"a": ".inf"}""", "file: a: found \".inf\"; it must be a finite number", o => o.Number("a") },
        { """{"a": 1e999}""", "file: a: found 1e999; it must be a finite number", o => o.Number("a") },
        { """{"a": -1}""", "file: a: found -1; it must be at least 0", o => o.Number("a", 0) },
        { """{"a": 0}""", "file: a: found 0; it must be greater than 0", o => o.PositiveNumber("a") },
        { """{"a": 2.5}""", "file: a: found 2.5; it must be between 0 and 1", o => o.Number("a", 0, 1) },
        { """{"a": 0}""", "file: a: found 0; it must be between 0 (excluded) and 1", o => o.Number("a", 0, 1, exclusiveMinimum: true) },
        { """{"a": 1.5}""", "file: a: found 1.5; it must be a whole number", o => o.Integer("a") },
        { """{"a": 3000000000}""", "file: a: found 3000000000; it must be a whole number", o => o.Integer("a") },
        { """{"a": 0}""", "file: a: found 0; it must be at least 1", o => o.Integer("a", 1) },
        { """{"a": 9}""", "file: a: found 9; it must be between 1 and 8", o => o.Integer("a", 1, 8) },
        { "{}", "file: a: the key is missing; it must be a number, greater than 0", o => o.PositiveNumber("a") },
        { "{}", "file: a: the key is missing; it must be a whole number, at least 1", o => o.Integer("a", 1) },
        { "{}", "file: a: the key is missing; it must be a list of numbers, between 0 and 2", o => o.Numbers("a", 0, 2) },
        { """{"a": -1}""", "file: a: found -1; it must be a whole number from 0 to 2^64 - 1", o => o.UnsignedLong("a") },
        { """{"a": ""}""", "file: a: found \"\"; it must be a text", o => o.Text("a") },
        { """{"a": 5}""", "file: a: found 5; it must be a text", o => o.Text("a") },
        { """{"a": "yes"}""", "file: a: found \"yes\"; it must be true or false", o => o.FlagOr("a", false) },
        { """{"a": "blue"}""", "file: a: found \"blue\"; it must be one of deepBlue, red", o => o.Choice<Colour>("a") },
        { """{"a": "unspecified"}""", "file: a: found \"unspecified\"; it must be one of deepBlue, red", o => o.Choice<Colour>("a") },
        { """{"a": 1}""", "file: a: found 1; it must be one of deepBlue, red", o => o.Choice<Colour>("a") },
        { """{"a": [1]}""", "file: a: found a list of 1: [1]; it must be two numbers, [minimum, maximum]", o => o.Range("a") },
        { """{"a": [2, 1]}""", "file: a: found a list of 2: [2, 1]; it must be a minimum that is not above the maximum", o => o.Range("a") },
        { """{"a": [1, "b"]}""", "file: a[1]: found \"b\"; it must be a finite number", o => o.Range("a") },
        { """{"a": 1}""", "file: a: found 1; it must be a list", o => o.Numbers("a") },
        { """{"a": [1, -2]}""", "file: a[1]: found -2; it must be at least 0", o => o.Numbers("a", 0) },
        { """{"a": []}""", "file: a: found a list of 0: []; it must be a list with at least one entry", o => o.Objects("a") },
        { """{"a": [{}, 3]}""", "file: a[1]: found 3; it must be an object", o => o.Objects("a") },
        { """{"a": [1]}""", "file: a: found a list of 1: [1]; it must be an object", o => o.Object("a") },
        { """{"a": [{}, {"b": "x"}]}""", "file: a[1].b: found \"x\"; it must be a whole number", o => o.Objects("a")[1].Integer("b") },
        { """{"a": {"b": {}}}""", "file: a.b.c: the key is missing; it must be a text", o => o.Object("a").Object("b").Text("c") },
    };

    [Theory]
    [MemberData(nameof(Complaints))]
    public void Read_WrongValue_NamesKeyValueAndRemedy(string json, string message, Action<ConfigurationObject> read) =>
        Assert.Equal(message, Assert.Throws<ConfigurationException>(() => read(ConfigurationObject.Parse(json, "file"))).Message);

    [Theory]
    [InlineData("[1]", "file: the document is a list of 1: [1]; it must be an object")]
    [InlineData("3", "file: the document is 3; it must be an object")]
    public void Parse_RootThatIsNoObject_IsRefused(string json, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigurationException>(() => ConfigurationObject.Parse(json, "file")).Message);

    [Theory]
    [InlineData("", "file: not valid JSON at line 1, column 1: the document is empty; it must be an object")]
    [InlineData("{", "file: not valid JSON at line 1, column 2: the document ends before all that was opened is closed")]
    [InlineData("{\n\"a\": 1\n}\nx", "file: not valid JSON at line 4, column 1: 'x' is invalid")]
    [InlineData("""{"a": 1,}""", "file: not valid JSON at line 1, column 9: a comma stands before the closing bracket; remove it")]
    [InlineData("""{"a": tru}""", "file: a: not valid JSON at line 1, column 10: ")]
    [InlineData("""{"a": {"b": [1, {}, [2, x]]}}""", "file: a.b[2][1]: not valid JSON at line 1, column 25: 'x' is an invalid start")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "file: not valid JSON at line 1, column 65: The maximum")]
    [InlineData("""{"a": NaN}""", "file: a: found NaN at line 1; it must be a finite number")]
    [InlineData("{\"a\": [[1, 2],\n[3, -Infinity]]}", "file: a[1][1]: found -Infinity at line 2; it must be a finite number")]
    [InlineData("{\"a\": {},\n\n\"b\": {\"c\": Infinity}}", "file: b.c: found Infinity at line 3; it must be a finite number")]
    [InlineData("{\"sensingErrorConstant\": 1,\n\"sensingErrorConstant\": 2}", "file: sensingErrorConstant: the key stands twice, the second time at line 2")]
    [InlineData("""{"b": [0, {"a": 1, "a": 2}]}""", "file: b[1].a: the key stands twice, the second time at line 1")]
    public void Parse_NotJsonOrAKeyTwice_SaysWhere(string json, string expected)
    {
        string message = Assert.Throws<ConfigurationException>(() => ConfigurationObject.Parse(json, "file")).Message;
        Assert.StartsWith(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain("LineNumber", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5.0", 5)]
    [InlineData("2e3", 2000)]
    [InlineData("-3.0", -3)]
    public void Integer_WholeNumberWrittenAsAFraction_IsRead(string written, int expected) =>
        Assert.Equal(expected, ConfigurationObject.Parse($$"""{"a": {{written}}}""", "file").Integer("a"));

    [Fact]
    public void RejectUnknownKeys_Misspelt_SuggestsTheNearest()
    {
        ConfigurationObject document = ConfigurationObject.Parse("""{"rounds": 1, "sead": 2}""", "file");
        document.Integer("rounds");
        document.Has("seed");
        Assert.Equal(
            "file: sead: unknown key; did you mean seed? known keys are rounds, seed",
            Assert.Throws<ConfigurationException>(document.RejectUnknownKeys).Message);
    }

    [Fact]
    public void RejectUnknownKeys_NothingNear_SuggestsNothing()
    {
        ConfigurationObject document = ConfigurationObject.Parse("""{"somethingElse": 2}""", "file");
        document.Has("seed");
        string message = Assert.Throws<ConfigurationException>(document.RejectUnknownKeys).Message;
        Assert.DoesNotContain("did you mean", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Complaint_AboutALongValue_StaysShort()
    {
        string json = $$"""{"a": "{{new string('x', 5000)}}"}""";
        Assert.InRange(Assert.Throws<ConfigurationException>(() => ConfigurationObject.Parse(json, "file").Number("a")).Message.Length, 50, 150);
    }

    [Fact]
    public void Defaults_OfAbsentKeys_AreTaken_AndPresentOnesAreChecked()
    {
        ConfigurationObject document = ConfigurationObject.Parse("""{"n": 5, "nothing": null}""", "file");
        Assert.Equal(5, document.NumberOr("n", 1));
        Assert.Equal(1, document.NumberOr("m", 1));
        Assert.Equal(1, document.NumberOr("nothing", 1));
        Assert.Throws<ConfigurationException>(() => document.IntegerOr("n", 1, 6));
    }

    [Fact]
    public void Fingerprint_DependsOnContent_NotOnWhiteSpace()
    {
        string one = ConfigurationObject.Parse("""{"a": 1, "b": [1, 2]}""", "x").Fingerprint();
        Assert.Equal(one, ConfigurationObject.Parse("""
            { "a": 1,
              "b": [1,2] }
            """, "y").Fingerprint());
        Assert.NotEqual(one, ConfigurationObject.Parse("""{"a": 1, "b": [1, 3]}""", "x").Fingerprint());
    }
}
