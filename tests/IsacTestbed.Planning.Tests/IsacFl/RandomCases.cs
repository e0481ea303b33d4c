using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Planning.Tests.IsacFl;

/// <summary>Cases drawn over decades of every parameter, some without slack, some infeasible.</summary>
internal static class RandomCases
{
    public static IsacFlCase Draw(ulong seed, int devices, int maxSnapshots)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test);
        ulong index = 0;
        double Uniform(double low, double high) => low + ((high - low) * random.UniformAt(index++));
        double Decades(double low, double high) => Math.Exp(Uniform(Math.Log(low), Math.Log(high)));

        const double duration = 20, deadline = 0.3;
        double exponent = Uniform(2, 4.5);
        double sensingMax = Decades(0.5, 8), uplinkMax = Decades(0.5, 8);
        double sensingMin = random.UniformAt(index++) < 0.25 ? 0 : sensingMax * Decades(1e-4, 0.3);
        double uplinkMin = random.UniformAt(index++) < 0.25 ? 0 : uplinkMax * Decades(1e-4, 0.3);
        double noise = Decades(1e-9, 1e-6), bits = Decades(1e4, 5e6);
        var list = new List<IsacFlDevice>();
        for (int k = 0; k < devices; k++)
        {
            double snapshot = Decades(1e-5, 1e-2);
            double kappa = random.UniformAt(index++) < 0.1 ? 0 : Decades(1e-7, 1e-2);
            list.Add(
                new IsacFlDevice(
                    $"d{k}", snapshot, Uniform(10, 30), Uniform(20, 35), Uniform(0, 15), Decades(0.1, 10), Decades(0.1, 10),
                    Decades(20, 300), kappa, Decades(2e5, 5e6), Uniform(0, 0.25)));
        }

        // The uplink noise is chosen so that q at full power is of moderate size for a typical device.
        return new IsacFlCase(
            100, duration, deadline, exponent, noise, Decades(1e-7, 1e-4), bits,
            new PowerRange(sensingMin, sensingMax), new PowerRange(uplinkMin, uplinkMax), maxSnapshots, list);
    }
}
