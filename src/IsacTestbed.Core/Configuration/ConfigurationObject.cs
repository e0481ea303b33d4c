using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace IsacTestbed.Core;

/// <summary>
/// Strict reader of one object of a configuration document: every key is asked for by name, kind and range, and a key that nobody asked
/// for is an error.
/// </summary>
/// <remarks>
/// Usage: read all the keys, then call <see cref="RejectUnknownKeys"/>. Every complaint is a <see cref="ConfigurationException"/> with the
/// key's full path, the value found and what would be right. Not thread safe.
/// </remarks>
public sealed class ConfigurationObject
{
    private readonly JsonElement _element;
    private readonly string _source;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private ConfigurationObject(JsonElement element, string source, string path)
    {
        _element = element;
        _source = source;
        Path = path;
    }

    /// <summary>Path of this object in its document; empty at the root.</summary>
    public string Path { get; }

    /// <summary>Parses a JSON document whose root is an object.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">File name for messages.</param>
    /// <exception cref="ConfigurationException">Not JSON, not an object, or a key stands twice.</exception>
    public static ConfigurationObject Parse(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            JsonElement root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object
                ? new ConfigurationObject(root, source, string.Empty)
                : throw new ConfigurationException(source, string.Empty, $"the document is {Describe(root)}; it must be an object");
        }
        catch (JsonException exception)
        {
            throw JsonFault.Describe(json, source, exception);
        }
    }

    /// <summary>The names of all keys present. Looking at them asks for none: <see cref="RejectUnknownKeys"/> is unaffected.</summary>
    public IEnumerable<string> Keys => _element.EnumerateObject().Select(property => property.Name);

    /// <summary>SHA-256 of the document's content in hexadecimal: two files that differ only in white space have the same.</summary>
    public string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(_element)));

    /// <summary>Whether the key is present and not null.</summary>
    public bool Has(string key)
    {
        _known.Add(key);
        return _element.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <summary>A finite number within [<paramref name="minimum"/>, <paramref name="maximum"/>].</summary>
    /// <param name="key">The key.</param>
    /// <param name="minimum">Smallest allowed value.</param>
    /// <param name="maximum">Largest allowed value.</param>
    /// <param name="exclusiveMinimum">Whether the minimum itself is excluded.</param>
    public double Number(
        string key, double minimum = double.NegativeInfinity, double maximum = double.PositiveInfinity, bool exclusiveMinimum = false) =>
        CheckNumber(Require(key, Wanted("a number", minimum, maximum, exclusiveMinimum)), PathOf(key), minimum, maximum, exclusiveMinimum);

    /// <summary>A finite number above zero.</summary>
    public double PositiveNumber(string key) => Number(key, 0, double.PositiveInfinity, exclusiveMinimum: true);

    /// <summary>A finite number, or the default when the key is absent.</summary>
    public double NumberOr(
        string key,
        double defaultValue,
        double minimum = double.NegativeInfinity,
        double maximum = double.PositiveInfinity,
        bool exclusiveMinimum = false) => Has(key) ? Number(key, minimum, maximum, exclusiveMinimum) : defaultValue;

    /// <summary>A whole number within [<paramref name="minimum"/>, <paramref name="maximum"/>].</summary>
    public int Integer(string key, int minimum = int.MinValue, int maximum = int.MaxValue)
    {
        JsonElement value = Require(key, Wanted(
            "a whole number", minimum == int.MinValue ? double.NegativeInfinity : minimum, maximum == int.MaxValue ? double.PositiveInfinity : maximum, exclusiveMinimum: false));
        if (value.ValueKind != JsonValueKind.Number || !TryGetWhole(value, out int number))
        {
            throw Wrong(key, value, "a whole number");
        }

        return number >= minimum && number <= maximum
            ? number
            : throw Wrong(key, value, maximum == int.MaxValue ? $"at least {minimum}" : $"between {minimum} and {maximum}");
    }

    /// <summary>A whole number, or the default when the key is absent.</summary>
    public int IntegerOr(string key, int defaultValue, int minimum = int.MinValue, int maximum = int.MaxValue) =>
        Has(key) ? Integer(key, minimum, maximum) : defaultValue;

    /// <summary>A whole number from 0 to 2^64 - 1, such as a seed.</summary>
    public ulong UnsignedLong(string key)
    {
        const string Wanted = "a whole number from 0 to 2^64 - 1";
        JsonElement value = Require(key, Wanted);
        return value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong number) ? number : throw Wrong(key, value, Wanted);
    }

    /// <summary>A string that is not empty.</summary>
    public string Text(string key)
    {
        const string Wanted = "a text";
        JsonElement value = Require(key, Wanted);
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : throw Wrong(key, value, Wanted);
    }

    /// <summary>A string, or the default when the key is absent.</summary>
    public string TextOr(string key, string defaultValue) => Has(key) ? Text(key) : defaultValue;

    /// <summary>true or false, or the default when the key is absent.</summary>
    public bool FlagOr(string key, bool defaultValue)
    {
        if (!Has(key))
        {
            return defaultValue;
        }

        const string Wanted = "true or false";
        JsonElement value = Require(key, Wanted);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, value, Wanted);
    }

    /// <summary>One of the named values (written in camelCase) of an enumeration.</summary>
    public T Choice<T>(string key)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Where(name => name != "Unspecified").Select(JsonNamingPolicy.CamelCase.ConvertName)];
        string wanted = $"one of {string.Join(", ", names)}";
        JsonElement value = Require(key, wanted);
        int index = value.ValueKind == JsonValueKind.String ? Array.IndexOf(names, value.GetString()) : -1;
        return index >= 0 ? Enum.Parse<T>(names[index], ignoreCase: true) : throw Wrong(key, value, wanted);
    }

    /// <summary>One of the named values, or the default when the key is absent.</summary>
    public T ChoiceOr<T>(string key, T defaultValue)
        where T : struct, Enum => Has(key) ? Choice<T>(key) : defaultValue;

    /// <summary>
    /// A pair [minimum, maximum] with minimum not above maximum, both within [<paramref name="smallest"/>, <paramref name="largest"/>].
    /// </summary>
    public (double Minimum, double Maximum) Range(
        string key, double smallest = double.NegativeInfinity, double largest = double.PositiveInfinity)
    {
        const string Wanted = "two numbers, [minimum, maximum]";
        JsonElement list = Require(key, Wanted);
        double[] pair = Numbers(key, smallest, largest);
        if (pair.Length != 2)
        {
            throw Wrong(key, list, Wanted);
        }

        return pair[0] <= pair[1] ? (pair[0], pair[1]) : throw Wrong(key, list, "a minimum that is not above the maximum");
    }

    /// <summary>A list of finite numbers, each at least <paramref name="minimum"/>.</summary>
    public double[] Numbers(
        string key, double minimum = double.NegativeInfinity, double maximum = double.PositiveInfinity, bool exclusiveMinimum = false)
    {
        JsonElement list = RequireList(key, Wanted("a list of numbers", minimum, maximum, exclusiveMinimum));
        return [.. list.EnumerateArray().Select((e, i) => CheckNumber(e, $"{PathOf(key)}[{i}]", minimum, maximum, exclusiveMinimum))];
    }

    /// <summary>A nested object.</summary>
    public ConfigurationObject Object(string key)
    {
        const string Wanted = "an object";
        JsonElement value = Require(key, Wanted);
        return value.ValueKind == JsonValueKind.Object ? new ConfigurationObject(value, _source, PathOf(key)) : throw Wrong(key, value, Wanted);
    }

    /// <summary>A list of objects that is not empty.</summary>
    public IReadOnlyList<ConfigurationObject> Objects(string key)
    {
        const string Wanted = "a list with at least one entry";
        JsonElement list = RequireList(key, Wanted);
        var objects = new List<ConfigurationObject>();
        foreach (JsonElement element in list.EnumerateArray())
        {
            string path = $"{PathOf(key)}[{objects.Count}]";
            objects.Add(
                element.ValueKind == JsonValueKind.Object
                    ? new ConfigurationObject(element, _source, path)
                    : throw new ConfigurationException(_source, path, $"found {Describe(element)}; it must be an object"));
        }

        return objects.Count > 0 ? objects : throw Wrong(key, list, Wanted);
    }

    /// <summary>The raw element of a key, for shapes this reader has no method for.</summary>
    /// <param name="key">The key.</param>
    /// <param name="wanted">What it must be, for the message where the key is missing.</param>
    public JsonElement Element(string key, string wanted) => Require(key, wanted);

    /// <summary>A finite number somewhere below an <see cref="Element"/>, within [<paramref name="minimum"/>, <paramref name="maximum"/>].</summary>
    /// <param name="element">What must be the number.</param>
    /// <param name="path">Where it stands, from this object on, as in <c>weights[2][0]</c>.</param>
    /// <param name="minimum">Smallest allowed value.</param>
    /// <param name="maximum">Largest allowed value.</param>
    public double Number(JsonElement element, string path, double minimum, double maximum) =>
        CheckNumber(element, PathOf(path), minimum, maximum, exclusiveMinimum: false);

    /// <summary>A complaint about a key of this object.</summary>
    /// <param name="key">The key.</param>
    /// <param name="problem">What was found and what would be right.</param>
    public ConfigurationException Error(string key, string problem) => new(_source, PathOf(key), problem);

    /// <summary>Complains about the first key that nobody asked for.</summary>
    public void RejectUnknownKeys()
    {
        foreach (JsonProperty property in _element.EnumerateObject())
        {
            if (!_known.Contains(property.Name))
            {
                string nearest = _known.Order(StringComparer.Ordinal).MinBy(known => Distance(known, property.Name)) ?? string.Empty;
                throw new ConfigurationException(
                    _source,
                    PathOf(property.Name),
                    $"unknown key; {(nearest.Length > 0 && Distance(nearest, property.Name) <= 3 ? $"did you mean {nearest}? " : string.Empty)}known keys are {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
            }
        }
    }

    private static string Describe(JsonElement value)
    {
        string text = value.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => "nothing",
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => $"a list of {value.GetArrayLength()}: {value.GetRawText()}",
            _ => value.GetRawText(),
        };
        return text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(cost, Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[^1];
    }

    private string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    private JsonElement Require(string key, string wanted)
    {
        _known.Add(key);
        return !_element.TryGetProperty(key, out JsonElement value)
            ? throw Error(key, $"the key is missing; {(MisspeltAs(key) is { } near ? $"did you mean it by {near}?" : $"it must be {wanted}")}")
            : value.ValueKind != JsonValueKind.Null
                ? value
                : throw Error(key, $"found null; it must be {wanted}");
    }

    // A key that nobody has asked for and that is spelt almost like the missing one.
    private string? MisspeltAs(string key) => Keys.FirstOrDefault(k => !_known.Contains(k) && Distance(k, key) <= Math.Min(3, key.Length / 3));

    private JsonElement RequireList(string key, string wanted)
    {
        JsonElement value = Require(key, wanted);
        return value.ValueKind == JsonValueKind.Array ? value : throw Wrong(key, value, "a list");
    }

    private double CheckNumber(JsonElement value, string path, double minimum, double maximum, bool exclusiveMinimum)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !double.IsFinite(number))
        {
            throw new ConfigurationException(_source, path, $"found {Describe(value)}; it must be a finite number");
        }

        if (number < minimum || number > maximum || (exclusiveMinimum && number <= minimum))
        {
            throw new ConfigurationException(_source, path, $"found {Describe(value)}; it must be {Bounds(minimum, maximum, exclusiveMinimum)}");
        }

        return number;
    }

    // As in "a number, at least 0".
    private static string Wanted(string kind, double minimum, double maximum, bool exclusiveMinimum) =>
        double.IsNegativeInfinity(minimum) && double.IsPositiveInfinity(maximum) ? kind : $"{kind}, {Bounds(minimum, maximum, exclusiveMinimum)}";

    private static string Bounds(double minimum, double maximum, bool exclusiveMinimum) =>
        double.IsPositiveInfinity(maximum)
            ? string.Create(CultureInfo.InvariantCulture, $"{(exclusiveMinimum ? "greater than" : "at least")} {minimum}")
            : string.Create(CultureInfo.InvariantCulture, $"between {minimum}{(exclusiveMinimum ? " (excluded)" : string.Empty)} and {maximum}");

    // Programs write 5.0, and 5e3, for whole numbers.
    private static bool TryGetWhole(JsonElement value, out int number)
    {
        if (value.TryGetInt32(out number))
        {
            return true;
        }

        bool whole = value.TryGetDouble(out double real) && Math.Abs(real) <= int.MaxValue && real == Math.Truncate(real);
        number = whole ? (int)real : 0;
        return whole;
    }

    private ConfigurationException Wrong(string key, JsonElement value, string wanted) => Error(key, $"found {Describe(value)}; it must be {wanted}");
}
