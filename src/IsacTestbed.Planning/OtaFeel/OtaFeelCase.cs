using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>Problem (30) of ota-feel: the least aggregation error (7) under power limits and a limit of the sensing error bound.</summary>
/// <param name="PulseLength">Symbol intervals of a frame, T; at least the number of devices.</param>
/// <param name="PowerWatts">Largest power of a device, P; above zero.</param>
/// <param name="NoiseVariance">Noise variance per antenna of the server, sigma^2; above zero.</param>
/// <param name="SensingNoise">Noise variance of each device's echo receiver, varsigma_k^2; above zero, K entries.</param>
/// <param name="SensingErrorConstant">The constant rho of Theorem 2; above zero.</param>
/// <param name="SensingErrorLimit">Largest CRB_L, epsilon_0; above zero.</param>
/// <param name="Weights">Weights w_k^i of the aggregation, [K][I]; finite.</param>
/// <param name="Channels">Uplink channels H_k, K matrices of N rows (server) and M columns (device).</param>
/// <param name="Tolerance">The iteration ends where the error changes by less than this share of itself; above zero.</param>
/// <param name="MaxIterations">Largest number of iterations of one start; at least 1.</param>
public sealed record OtaFeelCase(
    int PulseLength,
    double PowerWatts,
    double NoiseVariance,
    IReadOnlyList<double> SensingNoise,
    double SensingErrorConstant,
    double SensingErrorLimit,
    IReadOnlyList<IReadOnlyList<double>> Weights,
    IReadOnlyList<ComplexMatrix> Channels,
    double Tolerance,
    int MaxIterations)
{
    /// <summary>Most complex numbers of pulses and receivers, T (K + N I): the plan and its answer then take some 1.2 GB.</summary>
    internal const int MostFrameNumbers = 4_000_000;

    // Of a few products and quotients of doubles.
    private const double Rounding = 1e-14;

    /// <summary>Top-level keys of a case file.</summary>
    internal static readonly IReadOnlyList<string> Keys =
    [
        "pulseLength", "powerWatts", "noiseVariance", "sensingNoise", "sensingErrorConstant", "sensingErrorLimit", "weights", "channels",
        "tolerance", "maxIterations",
    ];

    /// <summary>Kind of the orthogonal pulses; the error (7) is the same with all of them.</summary>
    /// <remarks>A case file has no key for it.</remarks>
    public PulseFamily Pulses { get; init; } = PulseFamily.Dft;

    /// <summary>Number of devices, K.</summary>
    public int Devices => Channels.Count;

    /// <summary>Antennas of a device, M.</summary>
    public int DeviceAntennas => Channels[0].Columns;

    /// <summary>Antennas of the server, N.</summary>
    public int ServerAntennas => Channels[0].Rows;

    /// <summary>Simultaneous tasks, I.</summary>
    public int Tasks => Weights[0].Count;

    /// <summary>The variance of Theorem 2, varsigma_bar^2: the inverse of the sum of the inverse variances.</summary>
    public double CombinedSensingNoise => 1 / SensingNoise.Sum(variance => 1 / variance);

    /// <summary>Smallest sum of all devices' powers that keeps CRB_L within its limit, 1/epsilon of (30b), in watts.</summary>
    /// <remarks>A limit that full power reaches but for rounding, as its own CRB_L written out in a case file, asks for full power and not for more.</remarks>
    public double RequiredPowerWatts
    {
        get
        {
            double required = SensingErrorConstant * CombinedSensingNoise / (SensingErrorLimit * PulseLength), available = Devices * PowerWatts;
            return required <= available * (1 + Rounding) ? Math.Min(required, available) : required;
        }
    }

    /// <summary>CRB_L of Theorem 2: a design figure whose constant is not known, not an area.</summary>
    /// <param name="powerWatts">Sum of the squared norms of all precoders.</param>
    public double CrbLowerBound(double powerWatts) => SensingErrorConstant * CombinedSensingNoise / (PulseLength * powerWatts);

    /// <summary>Reads a case file; unknown keys, wrong shapes, signs and ranges are refused.</summary>
    /// <param name="document">The root of the document.</param>
    /// <exception cref="ConfigurationException">A key is missing, unknown or wrong; the message names it.</exception>
    public static OtaFeelCase Read(ConfigurationObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        int pulseLength = document.Integer("pulseLength", 1);
        double power = document.Quantity("powerWatts");
        double noise = document.Quantity("noiseVariance");
        double[] sensingNoise = document.Quantities("sensingNoise");
        if (sensingNoise.Length == 0)
        {
            throw document.Error("sensingNoise", "found an empty list; it must have one entry per device");
        }

        if (pulseLength < sensingNoise.Length)
        {
            throw document.Error(
                "pulseLength", $"found {pulseLength}; {sensingNoise.Length} devices need orthogonal pulses, and so at least {sensingNoise.Length} intervals");
        }

        double constant = document.Quantity("sensingErrorConstant");
        double limit = document.Quantity("sensingErrorLimit");
        double[][] weights = CaseArrays.Rows(document, "weights", sensingNoise.Length, "device");
        ComplexMatrix[] channels = CaseArrays.Matrices(document, "channels", sensingNoise.Length, "device");
        RequireFrameThatFits(document, pulseLength, sensingNoise.Length, channels[0].Rows * weights[0].Length);
        double tolerance = document.Quantity("tolerance");
        int maxIterations = document.Integer("maxIterations", 1, CaseNumbers.MostIterations);
        document.RejectUnknownKeys();
        return new OtaFeelCase(
            pulseLength, power, noise, sensingNoise, constant, limit, weights, channels, tolerance, maxIterations);
    }

    // What a plan holds for every interval of the frame is the pulses of all devices and a receiver; the rest has the size of the file.
    private static void RequireFrameThatFits(ConfigurationObject document, int pulseLength, int devices, int entries)
    {
        if ((long)pulseLength * (devices + entries) > MostFrameNumbers)
        {
            throw document.Error(
                "pulseLength",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"found {pulseLength}; with {devices} pulses and receivers of {entries} entries it must be at most {MostFrameNumbers / (devices + entries)}, T (K + N I) being at most {MostFrameNumbers}"));
        }
    }
}
