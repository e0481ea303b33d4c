using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>
/// What one device knows of the target: the whitened statistics (14) of ota-feel, a_k a_k^T B_k + Z with white noise of variance one.
/// </summary>
/// <remarks>
/// B_k = sqrt(T) / varsigma_k (P R_kk)^(1/2) with R_kk the sample correlation of what the device sent; (13) has the square root over
/// varsigma_k too, which is a slip. With fewer streams than antennas R_kk has no inverse: (12) is taken with the pseudo-inverse, and the
/// noise lives in the range of R_kk only. With the sample correlation, instead of its limit C_k C_k^H / P, (14) holds for any T. Immutable.
/// </remarks>
public sealed class DeviceStatistics
{
    // Directions with less than this share of the strongest carry no signal but rounding.
    private const double RankTolerance = 1e-10;

    private DeviceStatistics(int device, ComplexMatrix whitened, ComplexMatrix signalRoot, ComplexMatrix? metric = null)
    {
        Device = device;
        Whitened = whitened;
        SignalRoot = signalRoot;
        Metric = metric;
        ComplexMatrix weighted = metric is null ? whitened : SmallMatrices.Product(metric, whitened);
        Cross = SmallMatrices.TimesAdjoint(signalRoot, weighted);
        Energy = SmallMatrices.TimesAdjoint(signalRoot, signalRoot);
        for (int x = 0; x < whitened.Re.Length; x++)
        {
            SquaredNorm += (whitened.Re[x] * weighted.Re[x]) + (whitened.Im[x] * weighted.Im[x]);
        }
    }

    /// <summary>Number of the device in its scene.</summary>
    public int Device { get; }

    /// <summary>The whitened statistics, M by M.</summary>
    public ComplexMatrix Whitened { get; }

    /// <summary>B_k, M by M, Hermitian.</summary>
    public ComplexMatrix SignalRoot { get; }

    /// <summary>The inverse of the noise's covariance over the antennas; null for white noise of variance one.</summary>
    internal ComplexMatrix? Metric { get; }

    /// <summary>B_k times the adjoint of the statistics, weighted with the metric.</summary>
    internal ComplexMatrix Cross { get; }

    /// <summary>B_k B_k^H: transmitted energy by direction over the noise.</summary>
    internal ComplexMatrix Energy { get; }

    /// <summary>Squared norm of the statistics in the metric.</summary>
    internal double SquaredNorm { get; }

    /// <summary>Matched filtering of a frame with what the device itself sent, and whitening: Section III-A.</summary>
    /// <param name="device">Number of the device in its scene.</param>
    /// <param name="echo">u_k[t], T rows of M.</param>
    /// <param name="sent">x_k[t], T rows of M.</param>
    /// <param name="noiseVariance">varsigma_k^2; above zero.</param>
    public static DeviceStatistics FromEcho(int device, ComplexMatrix echo, ComplexMatrix sent, double noiseVariance)
    {
        ArgumentNullException.ThrowIfNull(echo);
        ArgumentNullException.ThrowIfNull(sent);
        if (echo.Rows != sent.Rows || echo.Columns != sent.Columns)
        {
            throw new ArgumentException($"The echo is {echo.Rows} by {echo.Columns}, what was sent {sent.Rows} by {sent.Columns}.", nameof(echo));
        }

        return FromMatchedFilter(device, SmallMatrices.Correlation(echo, sent), SmallMatrices.Correlation(sent, sent), 1, sent.Rows, noiseVariance);
    }

    /// <summary>
    /// Matched filtering and whitening in noise of unknown covariance, such as the echoes of other devices' fresh symbols: what the own signal
    /// does not explain tells the covariance.
    /// </summary>
    /// <param name="device">Number of the device in its scene.</param>
    /// <param name="echo">u_k[t], T rows of M; T is well above 2 M.</param>
    /// <param name="sent">x_k[t], T rows of M.</param>
    public static DeviceStatistics FromEchoInUnknownNoise(int device, ComplexMatrix echo, ComplexMatrix sent)
    {
        ArgumentNullException.ThrowIfNull(echo);
        ArgumentNullException.ThrowIfNull(sent);
        int antennas = echo.Columns, length = echo.Rows;
        if (length != sent.Rows || antennas != sent.Columns || length <= 2 * antennas)
        {
            throw new ArgumentException(
                $"The echo is {length} by {antennas}, what was sent {sent.Rows} by {sent.Columns}; both must be the same, with more than {2 * antennas} rows.", nameof(echo));
        }

        ComplexMatrix matched = SmallMatrices.Correlation(echo, sent), correlation = SmallMatrices.Correlation(sent, sent);
        ComplexMatrix inverse = SmallMatrices.Power(correlation, -1, RankTolerance, 1);
        ComplexMatrix explained = SmallMatrices.TimesAdjoint(SmallMatrices.Product(matched, inverse), matched);
        ComplexMatrix received = SmallMatrices.Correlation(echo, echo);
        double freedom = length / (length - (double)antennas);
        ComplexMatrix covariance = ComplexMatrix.Create(antennas, antennas, (i, j) => freedom * (received[i, j] - explained[i, j]));
        double noise = Enumerable.Range(0, antennas).Average(i => covariance[i, i].Real);
        RequirePositive(noise, nameof(echo));
        double snr = length / noise;
        ComplexMatrix root = SmallMatrices.Power(correlation, 0.5, RankTolerance, Math.Sqrt(snr));
        ComplexMatrix inverseRoot = SmallMatrices.Power(correlation, -0.5, RankTolerance, Math.Sqrt(snr));
        return new DeviceStatistics(
            device, SmallMatrices.Product(matched, inverseRoot), root, SmallMatrices.Power(covariance, -1, RankTolerance, noise));
    }

    /// <summary>Whitening (12) of a matched filter's output.</summary>
    /// <param name="device">Number of the device in its scene.</param>
    /// <param name="statistics">Xi_k, the mean of u x^H over P, M by M.</param>
    /// <param name="correlation">R_kk, the mean of x x^H over P, M by M, Hermitian; C_k C_k^H / P where only the limit is known.</param>
    /// <param name="power">P, by which both were divided; above zero.</param>
    /// <param name="length">T.</param>
    /// <param name="noiseVariance">varsigma_k^2; above zero.</param>
    public static DeviceStatistics FromMatchedFilter(
        int device, ComplexMatrix statistics, ComplexMatrix correlation, double power, int length, double noiseVariance)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(correlation);
        RequirePositive(power, nameof(power));
        RequirePositive(noiseVariance, nameof(noiseVariance));
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        double snr = power * length / noiseVariance;
        ComplexMatrix root = SmallMatrices.Power(correlation, 0.5, RankTolerance, Math.Sqrt(snr));
        ComplexMatrix inverseRoot = SmallMatrices.Power(correlation, -0.5, RankTolerance, Math.Sqrt(snr));
        return new DeviceStatistics(device, SmallMatrices.Product(statistics, inverseRoot), root);
    }

    /// <summary>Draws the statistics by (14) as it stands, for trials without a signal.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="device">Number of the device.</param>
    /// <param name="target">Where the target is.</param>
    /// <param name="precoder">C_k, M rows.</param>
    /// <param name="length">T.</param>
    /// <param name="noiseVariance">varsigma_k^2; above zero.</param>
    /// <param name="noise">Random numbers, of which the first M squared indices are used.</param>
    public static DeviceStatistics Draw(
        SensingScene scene, int device, Location target, ComplexMatrix precoder, int length, double noiseVariance, CounterRandom noise)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(precoder);
        RequirePositive(noiseVariance, nameof(noiseVariance));
        ComplexMatrix covariance = SmallMatrices.TimesAdjoint(precoder, precoder);
        ComplexMatrix root = SmallMatrices.Power(covariance, 0.5, RankTolerance, Math.Sqrt(length / noiseVariance));
        ComplexMatrix range = SmallMatrices.Power(covariance, 0, RankTolerance, 1);
        Complex[] response = scene.Response(device, target);
        ComplexMatrix gain = ComplexMatrix.Create(response.Length, response.Length, (i, j) => response[i] * response[j]);
        ComplexMatrix white = ComplexMatrix.Create(response.Length, response.Length, (i, j) =>
        {
            (double re, double im) = noise.NormalPairAt((ulong)((i * response.Length) + j));
            return new Complex(re / Math.Sqrt(2), im / Math.Sqrt(2));
        });
        ComplexMatrix signal = SmallMatrices.Product(gain, root), projected = SmallMatrices.Product(white, range);
        return new DeviceStatistics(device, ComplexMatrix.Create(signal.Rows, signal.Columns, (i, j) => signal[i, j] + projected[i, j]), root);
    }

    private static void RequirePositive(double value, string name)
    {
        if (!(value > 0) || !double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and above zero.");
        }
    }
}
