using System.Text.Json;
using System.Text.Json.Nodes;
using IsacTestbed.Core;

namespace IsacTestbed.Planning.Tests;

/// <summary>
/// One rule for the numbers of all families: outside of its range a value is refused by its key; at the ends of the range every method
/// answers with finite figures, with reasons why there is no plan, or says that there are no finite figures. Nothing else may come.
/// </summary>
public sealed class ExtremeValueTests
{
    private const string IsacFl = """
        {
          "rounds": 10, "sensingDurationSeconds": 2, "roundDeadlineSeconds": 0.3, "pathLossExponent": 4, "sensingNoiseWatts": 0.01,
          "uplinkNoiseWatts": 0.0006, "modelBits": 270000, "sensingPowerWatts": [0.1, 2], "uplinkPowerWatts": [0.01, 2], "maxSnapshots": 50,
          "devices": [{ "id": "a", "snapshotSeconds": 1e-2, "targetDistanceMeters": 20, "serverDistanceMeters": 25, "antennaGainDbi": 10,
            "sensingFadingMean": 1, "uplinkFadingMean": 2, "energyBudgetJoules": 50, "energyPerSampleJoules": 1e-4, "bandwidthHz": 1e6,
            "trainingSeconds": 0.1 }]
        }
        """;

    private const string Iscc = """
        {
          "bandwidthHz": 2e7, "maxPowerWatts": 1, "apNoiseWatts": 0.01, "sensingNoiseWatts": 0.01, "sensingSinrThresholdDb": 0,
          "taskBits": [1e6, 1e6], "latencySeconds": [0.5, 0.5], "cyclesPerBit": [1000, 1000], "ueCyclesPerSecond": [1e9, 1e9],
          "ueCapacitance": [1e-28, 1e-28], "apCapacitance": [1e-28, 1e-28], "energyCostRatio": [0.1, 0.1], "apCyclesPerSecond": 1e10,
          "channels": [[[[1, 0], [0, 1]], [[0.5, 0], [0, -1]]], [[[1, 1], [0.3, 1]], [[0.5, 2], [0, -1]]]],
          "sensingChannels": [[[[1, 0], [1, 0]], [[1, 0], [0.4, 1]]], [[[0.5, 0], [1, 0]], [[1, 0], [2, 0]]]]
        }
        """;

    private const string OtaFeel = """
        {
          "pulseLength": 4, "powerWatts": 1.5, "noiseVariance": 0.1, "sensingNoise": [0.2, 0.4], "sensingErrorConstant": 0.3,
          "sensingErrorLimit": 0.7, "weights": [[1, 0.5], [0.25, 1]], "channels": [[[[1, 2], [3, 4]], [[1, 0], [0.5, 1]]], [[[5, 6], [7, 8]], [[1, 0], [0, 1]]]],
          "tolerance": 1e-6, "maxIterations": 50
        }
        """;

    private const string VflBeamforming = """
        {
          "powerWatts": 2, "userNoiseWatts": 0.5, "sensingNoiseWatts": 0.25, "rho": 0.75,
          "channels": [[[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]], [[[[9, 10], [11, 12]]], [[[13, 14], [15, 16]]]]],
          "sensingChannels": [[[[[1, 0], [0, 1]]], [[[3, 0], [0, 3]]]], [[[[5, 0], [0, 5]]], [[[7, 0], [0, 7]]]]]
        }
        """;

    public static TheoryData<string, string> Cases => new() { { "isac-fl", IsacFl }, { "iscc", Iscc }, { "ota-feel", OtaFeel }, { "vfl-beamforming", VflBeamforming } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Solve_AnyNumberFarOutsideItsRange_IsRefusedByItsKey(string family, string valid)
    {
        foreach (string path in NumbersOf(valid))
        {
            foreach (double value in (double[])[1e308, 1e40, 5e-324])
            {
                ConfigurationObject document = With(valid, (path, value));
                try
                {
                    PlannerOf(family).Solve(document, PlannerOf(family).Methods[0], CancellationToken.None);
                    Assert.True(value == 5e-324, $"{path} of {value} was accepted");
                }
                catch (ConfigurationException refusal)
                {
                    Assert.StartsWith(refusal.Key, path, StringComparison.Ordinal);
                    Assert.Contains("it must be", refusal.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Solve_NumbersAtTheEndsOfTheirRanges_AnswersFiniteOrSaysThatItCannot(string family, string valid)
    {
        IPlanner planner = PlannerOf(family);
        string[] paths = [.. NumbersOf(valid)];
        double[] ends = [CaseNumbers.Least, CaseNumbers.Most, CaseNumbers.MostAmplitude, 0];
        foreach ((int place, string method) in planner.Methods.Except(planner.LearnedMethods).Index())
        {
            // Every end of every number with the first method; of the others, which share their parts, each sees another end of it.
            for (int i = 0; i < paths.Length * ends.Length; i++)
            {
                (string path, double value) = (paths[i / ends.Length], ends[i % ends.Length]);
                if (place == 0 || ((i / ends.Length) + place) % ends.Length == i % ends.Length)
                {
                    AssertAnswers(planner, method, With(valid, (path, value)), $"{method}, {path} = {value}");
                }
            }

            // All at their ends at once: small against large noise, and the other way round.
            string[] noise = [.. paths.Where(p => p.Contains("oise", StringComparison.Ordinal))];
            string[] power = [.. paths.Where(p => p.Contains("ower", StringComparison.Ordinal))];
            string[] amplitudes = [.. paths.Where(p => p.Contains("hannels", StringComparison.Ordinal) || p.Contains("weights", StringComparison.Ordinal))];
            (string, double)[] loud = [.. noise.Select(p => (p, CaseNumbers.Least)), .. power.Select(p => (p, CaseNumbers.Most)), .. amplitudes.Select(p => (p, CaseNumbers.MostAmplitude))];
            AssertAnswers(planner, method, With(valid, loud), $"{method}, loud");
            (string, double)[] quiet = [.. noise.Select(p => (p, CaseNumbers.Most)), .. power.Select(p => (p, CaseNumbers.Least)), .. amplitudes.Select(p => (p, CaseNumbers.Least))];
            AssertAnswers(planner, method, With(valid, quiet), $"{method}, quiet");
        }
    }

    /// <summary>Distances to the power of twenty: an SNR that is infinite, or zero, over which no search would end.</summary>
    [Theory]
    [InlineData(1e-40, "Infinity")]
    [InlineData(1e30, "comes to 0 per watt")]
    public void Solve_SnrBeyondDoublePrecision_IsSaidAndNotSearched(double meters, string expected)
    {
        ConfigurationObject document = With(IsacFl, ("pathLossExponent", 20), ("devices[0].targetDistanceMeters", meters));
        foreach (string method in PlannerOf("isac-fl").Methods)
        {
            var exception = Assert.Throws<ArithmeticException>(() => PlannerOf("isac-fl").Solve(document, method, CancellationToken.None));
            Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Two devices at 1.5 W have 3 W; with epsilon_0 smaller by a millionth than what these reach, they want 3 microwatts more.</summary>
    [Fact]
    public void Solve_InfeasibleByAHair_SaysByHowMuch()
    {
        ConfigurationObject document = With(OtaFeel, ("sensingErrorLimit", 0.3 / 7.5 / 4 / 3 / (1 + 1e-6)));

        PlannerAnswer answer = PlannerOf("ota-feel").Solve(document, "bcd", CancellationToken.None);

        Assert.Contains("3E-06 W more than 2 devices at 1.5 W have", Assert.Single(answer.Reasons), StringComparison.Ordinal);
    }

    private static void AssertAnswers(IPlanner planner, string method, ConfigurationObject document, string what)
    {
        try
        {
            PlannerAnswer answer = planner.Solve(document, method, CancellationToken.None);
            using var json = JsonDocument.Parse(answer.Json);
            Assert.True(
                answer.Feasible ? json.RootElement.GetProperty("objective").ValueKind == JsonValueKind.Number : answer.Reasons.Count > 0,
                $"{what}: {answer.Json}");
            Assert.All(answer.Reasons, reason => Assert.DoesNotContain("Infinity", reason, StringComparison.Ordinal));
            Assert.All(answer.Reasons, reason => Assert.DoesNotContain("NaN", reason, StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is ConfigurationException or ArithmeticException)
        {
            // Refused by its key, or said to have no finite figures.
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(what, exception);
        }
    }

    private static IPlanner PlannerOf(string family) => new PlannerCatalog(TimeProvider.System).Planners.Single(p => p.Family == family);

    // Every number once, of lists the first.
    private static IEnumerable<string> NumbersOf(string json)
    {
        var all = new List<string>();
        Collect(JsonNode.Parse(json)!, string.Empty, all);
        return all.GroupBy(path => path.Split('[')[0]).Select(group => group.First());
    }

    private static void Collect(JsonNode? node, string path, List<string> numbers)
    {
        switch (node)
        {
            case JsonObject o:
                foreach ((string key, JsonNode? value) in o)
                {
                    Collect(value, path.Length == 0 ? key : $"{path}.{key}", numbers);
                }

                break;
            case JsonArray a:
                for (int i = 0; i < a.Count; i++)
                {
                    Collect(a[i], $"{path}[{i}]", numbers);
                }

                break;
            case JsonValue v when v.GetValueKind() == JsonValueKind.Number:
                numbers.Add(path);
                break;
        }
    }

    private static ConfigurationObject With(string json, params (string Path, double Value)[] changes)
    {
        JsonNode root = JsonNode.Parse(json)!;
        foreach ((string path, double value) in changes)
        {
            JsonNode at = root;
            string[] steps = path.Replace("]", string.Empty, StringComparison.Ordinal).Split('.', '[');
            foreach (string step in steps[..^1])
            {
                at = at is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : at[step]!;
            }

            if (at is JsonArray last)
            {
                last[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = value;
            }
            else
            {
                at[steps[^1]] = value;
            }
        }

        return ConfigurationObject.Parse(root.ToJsonString(), "case.json");
    }
}
