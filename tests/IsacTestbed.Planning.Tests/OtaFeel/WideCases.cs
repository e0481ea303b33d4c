using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Planning.Tests.OtaFeel;

/// <summary>
/// Cases that are solved for thousands of iterations: 1 to 16 devices, antennas at either end and tasks, 0 to 60 dB, weights over three
/// decades, tolerances of 1e-9 to 1e-12. Where the sensing limit leaves the choice, weak devices of unequal weight lose a factor of
/// their power in every iteration, down to nothing.
/// </summary>
internal static class WideCases
{
    public static OtaFeelCase Draw(ulong seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 11);
        int Whole(ulong index, int high) => 1 + random.IntegerAt(index, high);
        return Draw(seed, Whole(0, 16), Whole(1, 16), Whole(2, 16), Whole(3, 16), 60 * random.UniformAt(4));
    }

    public static OtaFeelCase Draw(ulong seed, int devices, int server, int antennas, int tasks, double signalToNoiseDb)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 12);
        ulong index = 0;
        double Decades(double low, double high) => Math.Pow(10, low + ((high - low) * random.UniformAt(index++)));
        double share = random.UniformAt(index++) < 0.7 ? 0.02 : 0.9, tolerance = Decades(-12, -9), power = Decades(-3, 3);
        double[][] weights = [.. Enumerable.Range(0, devices).Select(_ => Enumerable.Range(0, tasks).Select(_ => Decades(-3, 0)).ToArray())];
        ComplexMatrix[] channels =
        [
            .. Enumerable.Range(0, devices).Select(k =>
            {
                double gain = Math.Sqrt(Decades(-1, 1) / 2);
                return ComplexMatrix.Create(server, antennas, (_, _) =>
                {
                    (double re, double im) = random.NormalPairAt(1_000_000 + index++);
                    return new Complex(gain * re, gain * im);
                });
            }),
        ];
        double noise = power * Math.Pow(10, -0.1 * signalToNoiseDb);
        var loose = new OtaFeelCase(devices + 2, power, noise, [.. Enumerable.Repeat(0.1, devices)], 1, 1, weights, channels, tolerance, 3000);
        return loose with { SensingErrorLimit = loose.CrbLowerBound(devices * power * share) };
    }
}
