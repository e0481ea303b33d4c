using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Planning.Tests.OtaFeel;

/// <summary>Cases over the whole range of sizes, with gains and noise over decades; feasible, some of them only just.</summary>
internal static class RandomCases
{
    public static OtaFeelCase Draw(ulong seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 1);
        ulong index = 0;
        int Whole(int low, int high) => low + random.IntegerAt(index++, high - low + 1);
        int devices = Whole(2, 20), antennas = Whole(2, 8), server = Whole(4, 32), tasks = Whole(1, antennas + 2);
        return Draw(seed, devices, antennas, server, tasks, devices + Whole(0, 12));
    }

    /// <summary>Faint noise, few antennas at the server and weights over three decades: the question is which devices are heard.</summary>
    public static OtaFeelCase DrawUneven(ulong seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 3);
        ulong index = 0;
        int Whole(int low, int high) => low + random.IntegerAt(index++, high - low + 1);
        int devices = Whole(6, 13), antennas = Whole(1, 3), server = Whole(2, 4), tasks = Whole(1, 3);
        OtaFeelCase drawn = Draw(seed, devices, antennas, server, tasks, devices + 2);
        double[][] weights = [.. drawn.Weights.Select(row => row.Select(_ => Math.Pow(1000, -random.UniformAt(index++))).ToArray())];
        return drawn with { NoiseVariance = 1e-3 * drawn.NoiseVariance, Weights = weights };
    }

    public static OtaFeelCase Draw(ulong seed, int devices, int antennas, int server, int tasks, int length, bool equalWeights = false)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 2);
        ulong index = 0;
        double Uniform(double low, double high) => low + ((high - low) * random.UniformAt(index++));
        double Decades(double low, double high) => Math.Exp(Uniform(Math.Log(low), Math.Log(high)));
        double power = Decades(0.1, 10), noise = Decades(1e-4, 1);
        double[] sensing = [.. Enumerable.Range(0, devices).Select(_ => Decades(1e-3, 1))];
        double[][] weights = [.. Enumerable.Range(0, devices).Select(_ => Enumerable.Range(0, tasks)
            .Select(_ => equalWeights ? 1.0 / devices : Uniform(0.01, 1)).ToArray())];
        ComplexMatrix[] channels =
        [
            .. Enumerable.Range(0, devices).Select(k =>
            {
                double gain = Math.Sqrt(Decades(0.1, 10) / 2);
                return ComplexMatrix.Create(server, antennas, (_, _) =>
                {
                    (double re, double im) = random.NormalPairAt(1_000_000 + index++);
                    return new Complex(gain * re, gain * im);
                });
            }),
        ];
        var loose = new OtaFeelCase(length, power, noise, sensing, Decades(1e-3, 1e3), 1, weights, channels, 1e-6, 100);

        // The limit asks for a share of the largest possible sum of powers.
        return loose with { SensingErrorLimit = loose.CrbLowerBound(devices * power * Uniform(0.3, 0.999)) };
    }
}
