using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Planning.Tests.OtaFeel;

/// <summary>Rings of devices as in Section V-A of the paper, around a server at the origin.</summary>
internal static class LocalisationScenes
{
    public static readonly Location Target = new(104, 3, 1.7);

    public static readonly SearchRegion Region = new(new Location(95, -20, 0), new Location(112, 20, 3), 8, 16, 5);

    public static SensingScene Draw(ulong seed, int devices, int antennas)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 8);
        return new SensingScene(
            [
                .. Enumerable.Range(0, devices).Select(k =>
                {
                    double radius = Math.Sqrt(2500 + (7500 * random.UniformAt((ulong)(2 * k))));
                    double angle = (random.UniformAt((ulong)((2 * k) + 1)) - 0.5) * 20 * Math.PI / 180;
                    return new Location(radius * Math.Cos(angle), radius * Math.Sin(angle), 0);
                }),
            ],
            antennas);
    }

    public static ComplexMatrix[] Precoders(ulong seed, int devices, int antennas, int streams, double power) =>
    [
        .. Enumerable.Range(0, devices).Select(k =>
        {
            var random = new CounterRandom(seed, RandomPurpose.Test, 9, (uint)k);
            var drawn = ComplexMatrix.Create(antennas, streams, (m, i) => Normal(random, (ulong)((m * streams) + i)));
            double scale = Math.Sqrt(power / drawn.SquaredFrobeniusNorm());
            return ComplexMatrix.Create(antennas, streams, (m, i) => scale * drawn[m, i]);
        }),
    ];

    /// <summary>Complex normal of variance one.</summary>
    public static Complex Normal(CounterRandom random, ulong index)
    {
        (double re, double im) = random.NormalPairAt(index);
        return new Complex(re / Math.Sqrt(2), im / Math.Sqrt(2));
    }
}
