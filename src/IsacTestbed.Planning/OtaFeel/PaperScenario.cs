using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>A drawn scenario of Section V-A of ota-feel: places, channels and weights.</summary>
/// <param name="Case">The planner's case.</param>
/// <param name="Scene">The devices that sense.</param>
/// <param name="Target">Where the target is.</param>
/// <param name="Region">Where it is looked for: the part of the ring around the arc of the devices, with a margin.</param>
public sealed record PaperScenario(OtaFeelCase Case, SensingScene Scene, Location Target, SearchRegion Region)
{
    private const double ArcDegrees = 20;

    /// <summary>Sizes and open figures of a scenario.</summary>
    /// <param name="Devices">K.</param>
    /// <param name="DeviceAntennas">M.</param>
    /// <param name="ServerAntennas">N.</param>
    /// <param name="Tasks">I; the first is localisation.</param>
    /// <param name="PulseLength">T.</param>
    public sealed record Settings(int Devices = 15, int DeviceAntennas = 4, int ServerAntennas = 16, int Tasks = 2, int PulseLength = 16)
    {
        /// <summary>P.</summary>
        public double PowerWatts { get; init; } = 1;

        /// <summary>sigma^2, with channels of mean power one per entry.</summary>
        public double NoiseVariance { get; init; } = 0.1;

        /// <summary>Trace of the inverse of (22) at full power spread evenly over the antennas, in square metres; it sets varsigma^2.</summary>
        public double LocalisationBound { get; init; } = 0.01;

        /// <summary>Share of the power of all devices that the sensing limit asks for.</summary>
        public double SensingShare { get; init; } = 0.8;

        /// <summary>Concentration of the Dirichlet distribution of the learning tasks' weights; the localisation task has equal ones.</summary>
        public double Concentration { get; init; } = 0.4;
    }

    /// <summary>Draws a scenario.</summary>
    /// <param name="seed">One seed gives one scenario; more devices leave the places and channels of the first ones as they are.</param>
    /// <param name="settings">Sizes and open figures; the paper's where it gives any.</param>
    /// <remarks>
    /// From the paper: the rings, the arc, the height of the target, sizes, alpha_0 = 1, Dirichlet weights. Open there: P, both noises, rho,
    /// epsilon_0. Gains are normalised to one; varsigma^2 is set by the bound wanted; rho is the constant for which Theorem 2 is proven here.
    /// </remarks>
    public static PaperScenario Create(ulong seed, Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var places = new CounterRandom(seed, RandomPurpose.Placement);
        Location target = OnArc(places.UniformAt(0), places.UniformAt(1), 100, 110, 3 * places.UniformAt(2));
        Location[] devices = [.. Enumerable.Range(1, settings.Devices).Select(k =>
            OnArc(places.UniformAt((ulong)(3 * k)), places.UniformAt((ulong)((3 * k) + 1)), 50, 100, 0))];
        var scene = new SensingScene(devices, settings.DeviceAntennas);

        // Even power over all antennas: C_k C_k^H = P / M I.
        ComplexMatrix even = ComplexMatrix.Create(
            settings.DeviceAntennas, settings.DeviceAntennas, (i, j) => i == j ? Math.Sqrt(settings.PowerWatts / settings.DeviceAntennas) : 0);
        double atUnitNoise = FisherInformation.Of(
            scene, target, [.. devices.Select(_ => even)], settings.PulseLength, [.. devices.Select(_ => 1.0)]).CramerRaoBound();
        double sensingNoise = settings.LocalisationBound / atUnitNoise;
        var loose = new OtaFeelCase(
            settings.PulseLength,
            settings.PowerWatts,
            settings.NoiseVariance,
            [.. devices.Select(_ => sensingNoise)],
            EchoEnergy.TheoremConstant(scene, target),
            1,
            Weights(seed, settings),
            [.. Enumerable.Range(0, settings.Devices).Select(k => Channel(seed, k, settings))],
            1e-6,
            500);
        double required = settings.SensingShare * settings.Devices * settings.PowerWatts;
        double sine = Math.Sin(ArcDegrees / 2 * Math.PI / 180);
        var region = new SearchRegion(new Location(95, -112 * sine, 0), new Location(112, 112 * sine, 3), 8, 16, 5);
        return new PaperScenario(loose with { SensingErrorLimit = loose.CrbLowerBound(required) }, scene, target, region);
    }

    // Even over the area of the ring.
    private static Location OnArc(double first, double second, double inner, double outer, double height)
    {
        double radius = Math.Sqrt((inner * inner) + (((outer * outer) - (inner * inner)) * first));
        (double sine, double cosine) = Math.SinCos((second - 0.5) * ArcDegrees * Math.PI / 180);
        return new Location(radius * cosine, radius * sine, height);
    }

    private static ComplexMatrix Channel(ulong seed, int device, Settings settings)
    {
        var random = new CounterRandom(seed, RandomPurpose.LinkFading, (uint)device);
        return ComplexMatrix.Create(settings.ServerAntennas, settings.DeviceAntennas, (n, m) =>
        {
            (double re, double im) = random.NormalPairAt((ulong)((n << 16) + m));
            return new Complex(re, im) / Math.Sqrt(2);
        });
    }

    // The share of each device in the data of a task; a Dirichlet draw is a set of gamma draws over their sum.
    private static double[][] Weights(ulong seed, Settings settings)
    {
        double[][] weights = [.. Enumerable.Range(0, settings.Devices).Select(_ => new double[settings.Tasks])];
        for (int i = 0; i < settings.Tasks; i++)
        {
            double[] draws = [.. Enumerable.Range(0, settings.Devices).Select(k =>
                i == 0 ? 1 : Gamma(settings.Concentration, new CounterRandom(seed, RandomPurpose.Partition, (uint)k, (uint)i)))];
            double sum = draws.Sum();
            for (int k = 0; k < draws.Length; k++)
            {
                weights[k][i] = draws[k] / sum;
            }
        }

        return weights;
    }

    // Marsaglia and Tsang's rejection for a shape of one more, then a power of a uniform number.
    private static double Gamma(double shape, CounterRandom random)
    {
        double d = shape + 1 - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        for (ulong attempt = 0; ; attempt++)
        {
            double x = random.NormalPairAt(2 * attempt).First, cube = 1 + (c * x), v = cube * cube * cube;
            double u = random.UniformAt((2 * attempt) + 1);
            if (v > 0 && Math.Log(1 - u) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v * Math.Pow(1 - random.UniformAt(1_000_000), 1 / shape);
            }
        }
    }
}
