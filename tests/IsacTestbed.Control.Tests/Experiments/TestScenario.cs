using System.Globalization;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Experiments;

/// <summary>Scenarios of varied shape.</summary>
internal static class TestScenario
{
    /// <summary>A scenario whose lengths and counts are drawn from a seed.</summary>
    public static Scenario Draw(ulong seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test);
        int Between(ulong index, int low, int high) => low + random.IntegerAt(index, high - low + 1);
        return Create(
            devices: Between(0, 1, 4),
            elements: Between(1, 1, 6),
            rounds: Between(2, 1, 9),
            snapshotSamples: Between(3, 100, 160),
            maxSnapshots: Between(4, 1, 40),
            referenceFrames: Between(5, 1, 50),
            deadlineSeconds: 0.005 + (0.01 * random.UniformAt(6)));
    }

    /// <summary>A scenario with the given shape.</summary>
    public static Scenario Create(
        int devices = 1, int elements = 4, int rounds = 4, int snapshotSamples = 100, int maxSnapshots = 16, int referenceFrames = 10, double deadlineSeconds = 0.01)
    {
        string list = string.Join(',', Enumerable.Range(1, devices).Select(k => $$"""
            { "id": "d{{k}}", "elements": {{elements}}, "targetDistanceMeters": {{15 * k}}, "serverDistanceMeters": 25, "antennaGainDbi": 10, "sensingFadingMean": 1,
              "uplinkFadingMean": 1, "sensingGainErrorDb": 0, "uplinkGainErrorDb": 0, "energyBudgetJoules": 1, "energyPerSampleJoules": 0, "trainingSeconds": 0.001 }
            """));
        string json = $$"""
            {
              "name": "test", "seed": 7, "rounds": {{rounds}},
              "radio": { "sampleRateHz": 10e6, "carrierFrequencyHz": 3.5e9, "fullScalePowerWatts": 40 },
              "sensing": { "durationSeconds": 0.02, "snapshotSamples": {{snapshotSamples}}, "pulseSamples": 64, "pulseBandwidthFraction": 0.7, "maxSnapshots": {{maxSnapshots}},
                "powerWatts": [0.01, 1.2], "noiseWatts": 2e-4, "pathLossExponent": 4, "rangeCells": 8, "angleCells": 16, "beams": 8, "sineLimit": 0.9,
                "referenceFrames": {{referenceFrames}} },
              "uplink": { "mode": "packets", "powerWatts": [0.01, 2.0], "noiseWatts": 1e-3, "deadlineSeconds": {{deadlineSeconds.ToString(CultureInfo.InvariantCulture)}},
                "samplesPerSymbol": 2, "modulation": "qpsk", "codeRate": "1/2", "payloadBytes": 256, "initialGapDb": 0 },
              "learning": { "data": "sensed", "partition": "iid", "dirichletAlpha": 0.5, "hiddenWidths": [8], "localSteps": 2, "batchSize": 8, "learningRate": 0.05,
                "testSamples": 10 },
              "server": { "id": "server" },
              "devices": [{{list}}]
            }
            """;
        return Scenario.Read(ConfigurationObject.Parse(json, "test"));
    }
}
