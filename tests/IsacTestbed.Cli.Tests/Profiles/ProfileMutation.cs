using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IsacTestbed.Cli.Tests.Profiles;

/// <summary>Small damages to a document, and changes that are none.</summary>
internal static class ProfileMutation
{
    /// <summary>Number of changes; a kind from here on changes nothing.</summary>
    public const int Kinds = 16;

    /// <summary>Changes one place of a document.</summary>
    /// <param name="document">The document, an object.</param>
    /// <param name="place">Any number at least 0: which place.</param>
    /// <param name="kind">Which change, from 0.</param>
    public static void Apply(JsonNode document, int place, int kind)
    {
        (JsonNode Parent, string? Key, int Index)[] places = [.. Places(document)];
        (JsonNode parent, string? key, int index) = places[place % places.Length];
        JsonNode? value = key is null ? parent[index] : parent[key];
        switch (kind)
        {
            case 0 when key is not null:
                parent.AsObject().Remove(key);
                break;
            case 1 when key is not null:
                parent.AsObject().Remove(key);
                parent.AsObject()[key + "X"] = value?.DeepClone();
                break;
            case 2:
                Set(-1);
                break;
            case 3:
                Set(0);
                break;
            case 4:
                Set(1e15);
                break;
            case 5:
                Set(1.5);
                break;
            case 6:
                Set("2.4 GHz");
                break;
            case 7:
                Set(string.Empty);
                break;
            case 8:
                Set(true);
                break;
            case 9:
                Set(new JsonArray());
                break;
            case 10:
                Set(new JsonObject());
                break;
            case 11 when value is JsonArray list:
                list.Add("one more");
                break;
            case 12 when value is JsonObject inner:
                inner["valuesHz"] = new JsonArray(1e6, 2e6);
                break;
            case 13 when value?.GetValueKind() == JsonValueKind.Number:
                Set(decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) + 1);
                break;
            case 14 when value?.GetValueKind() == JsonValueKind.String:
                Set(value.GetValue<string>() + "x");
                break;
            case 15 when value is JsonArray { Count: > 0 } list:
                list.RemoveAt(0);
                break;
            default:
                break;
        }

        void Set(JsonNode replacement)
        {
            if (key is null)
            {
                parent.AsArray()[index] = replacement;
            }
            else
            {
                parent.AsObject()[key] = replacement;
            }
        }
    }

    private static IEnumerable<(JsonNode Parent, string? Key, int Index)> Places(JsonNode node)
    {
        switch (node)
        {
            case JsonObject inner:
                foreach ((string key, JsonNode? value) in inner.ToArray())
                {
                    yield return (inner, key, 0);
                    foreach ((JsonNode, string?, int) place in value is null ? [] : Places(value))
                    {
                        yield return place;
                    }
                }

                break;
            case JsonArray list:
                for (int i = 0; i < list.Count; i++)
                {
                    yield return (list, null, i);
                    foreach ((JsonNode, string?, int) place in list[i] is { } value ? Places(value) : [])
                    {
                        yield return place;
                    }
                }

                break;
            default:
                break;
        }
    }
}
