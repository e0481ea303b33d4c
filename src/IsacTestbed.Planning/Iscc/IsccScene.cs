using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Draws cases after Section VI of iscc: users around one target within the coverage of an access point. The defaults are Table I; what it
/// leaves open is said at each property. The users' arrays are turned so that they see the target in well separated directions: (8) as
/// written lets the echoes of others in through their own reflection channels, and two users that see the target in the same direction
/// cannot both reach 0 dB.
/// </summary>
/// <remarks>Immutable and thread safe. The same scene and seed give the same case, bit for bit, and user k is the same for every number of users.</remarks>
public sealed record IsccScene
{
    private const double LightSpeed = 299_792_458;
    private const double GoldenRatio = 0.6180339887498949;

    /// <summary>Number of users, K.</summary>
    public int Users { get; init; } = 2;

    /// <summary>Antennas of the access point, M_a.</summary>
    public int ApAntennas { get; init; } = 64;

    /// <summary>Transmit antennas of a user, M_u^t.</summary>
    public int TransmitAntennas { get; init; } = 64;

    /// <summary>Receive antennas of a user, M_u^r.</summary>
    public int ReceiveAntennas { get; init; } = 64;

    /// <summary>Carrier frequency in hertz.</summary>
    public double CarrierHz { get; init; } = 28e9;

    /// <summary>Bandwidth in hertz.</summary>
    public double BandwidthHz { get; init; } = 20e6;

    /// <summary>Power budget in dBm.</summary>
    public double MaxPowerDbm { get; init; } = 10;

    /// <summary>Noise power per antenna, everywhere, in dBm.</summary>
    public double NoiseDbm { get; init; } = -85;

    /// <summary>Sensing SINR threshold in dB.</summary>
    public double SensingThresholdDb { get; init; }

    /// <summary>Task in bits.</summary>
    public double TaskBits { get; init; } = 1e6;

    /// <summary>Latency in seconds; the paper varies it and Fig. 8 does not state it.</summary>
    public double LatencySeconds { get; init; } = 0.2;

    /// <summary>Processor cycles per bit.</summary>
    public double CyclesPerBit { get; init; } = 1000;

    /// <summary>Processor of user k, in cycles per second.</summary>
    public Func<int, double> UeCyclesPerSecond { get; init; } = _ => 1e9;

    /// <summary>Energy cost ratio of user k.</summary>
    public Func<int, double> EnergyCostRatio { get; init; } = _ => 0.1;

    /// <summary>Processor of the access point, in cycles per second.</summary>
    public double ApCyclesPerSecond { get; init; } = 10e9;

    /// <summary>Effective capacitance of both processors.</summary>
    public double Capacitance { get; init; } = 1e-28;

    /// <summary>Distance of the target from the access point in metres. Ours: the middle of the paper's coverage of 100 m.</summary>
    public double TargetDistanceMeters { get; init; } = 50;

    /// <summary>Users stand within this distance of the target, uniformly over the disc, at least 5 m away. Ours: within the coverage.</summary>
    public double MaxSensingMeters { get; init; } = 50;

    /// <summary>Height of the access point over the users in metres, h_a. Ours.</summary>
    public double ApHeightMeters { get; init; } = 10;

    /// <summary>Radar cross-section in square metres. Ours: with 1 m^2 at 50 m the threshold would take 19 dBm of a budget of 10 dBm.</summary>
    public double CrossSectionSquareMeters { get; init; } = 100;

    /// <summary>Power of the direct path over that of all scattered ones, linear. Ours: 10 dB, as for millimetre waves in sight.</summary>
    public double RicianFactor { get; init; } = 10;

    /// <summary>Draws a case.</summary>
    /// <param name="seed">Seed of placement and fading.</param>
    public IsccCase Draw(ulong seed)
    {
        double noise = Watts(NoiseDbm), wavelength = LightSpeed / CarrierHz, turn = new CounterRandom(seed, RandomPurpose.Placement, uint.MaxValue).UniformAt(0);
        var channels = new ComplexMatrix[Users];
        var echoes = new ComplexMatrix[Users];
        for (int k = 0; k < Users; k++)
        {
            var placement = new CounterRandom(seed, RandomPurpose.Placement, (uint)k);
            double radius = Math.Sqrt(25 + (((MaxSensingMeters * MaxSensingMeters) - 25) * placement.UniformAt(0)));
            double bearing = 2 * Math.PI * placement.UniformAt(1);
            double x = TargetDistanceMeters + (radius * Math.Cos(bearing)), y = radius * Math.Sin(bearing);
            double distance = Math.Sqrt((x * x) + (y * y) + (ApHeightMeters * ApHeightMeters));
            double toTarget = Math.Asin((2 * Fraction(turn + (k * GoldenRatio))) - 1), orientation = bearing + Math.PI - toTarget;
            double toAp = Math.Atan2(-y, -x) - orientation;
            channels[k] = Channel(seed, k, wavelength / (4 * Math.PI * distance), Math.Atan2(y, x), toAp);
            double echo = wavelength * Math.Sqrt(CrossSectionSquareMeters / Math.Pow(4 * Math.PI, 3)) / (radius * radius);
            echoes[k] = ComplexMatrix.Create(
                ReceiveAntennas, TransmitAntennas, (i, j) => echo * Steering(i, toTarget) * Complex.Conjugate(Steering(j, toTarget)));
        }

        IsccUser[] users =
        [
            .. Enumerable.Range(0, Users).Select(k => new IsccUser(
                TaskBits, LatencySeconds, CyclesPerBit, UeCyclesPerSecond(k), Capacitance, Capacitance, EnergyCostRatio(k))),
        ];
        return new IsccCase(
            BandwidthHz, Watts(MaxPowerDbm), noise, noise, Math.Pow(10, SensingThresholdDb / 10), ApCyclesPerSecond, users, channels, echoes);
    }

    private static double Fraction(double value) => value - Math.Floor(value);

    private static double Watts(double dbm) => Math.Pow(10, (dbm - 30) / 10);

    // Half a wavelength between elements.
    private static Complex Steering(int element, double angle) => Complex.FromPolarCoordinates(1, -Math.PI * element * Math.Sin(angle));

    private ComplexMatrix Channel(ulong seed, int user, double amplitude, double arrival, double departure)
    {
        var fading = new CounterRandom(seed, RandomPurpose.LinkFading, (uint)user);
        double direct = amplitude * Math.Sqrt(RicianFactor / (1 + RicianFactor)), scattered = amplitude * Math.Sqrt(0.5 / (1 + RicianFactor));
        return ComplexMatrix.Create(ApAntennas, TransmitAntennas, (i, j) =>
        {
            (double re, double im) = fading.NormalPairAt((ulong)((i * TransmitAntennas) + j));
            return (direct * Steering(i, arrival) * Complex.Conjugate(Steering(j, departure))) + (scattered * new Complex(re, im));
        });
    }
}
