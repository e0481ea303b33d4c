using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>Mean squared errors of the estimators over repeated trials, beside the Cramer-Rao bound.</summary>
/// <param name="NoiseVariance">varsigma^2 of all devices.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="CramerRaoBound">Trace of the inverse of (22), in square metres.</param>
/// <param name="Joint">Mean squared error of the centralised joint estimate, in square metres.</param>
/// <param name="Federated">The same of the federated estimate over perfect links.</param>
/// <param name="SingleShot">The same of the average of local estimates.</param>
public sealed record LocalisationTrials(
    double NoiseVariance, int Trials, double CramerRaoBound, double Joint, double Federated, double SingleShot)
{
    /// <summary>Runs trials with statistics drawn by (14).</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="target">Where the target is.</param>
    /// <param name="precoders">C_k, M rows each.</param>
    /// <param name="length">T.</param>
    /// <param name="noiseVariance">varsigma^2 of all devices.</param>
    /// <param name="region">Where the estimators look.</param>
    /// <param name="trials">Number of trials, at least 1.</param>
    /// <param name="seed">Seed of the noise; trial r of every call with this seed has the same noise but for its variance.</param>
    /// <param name="rounds">Rounds of the federated estimate.</param>
    /// <param name="cancellationToken">Stops the trials.</param>
    public static LocalisationTrials Run(
        SensingScene scene,
        Location target,
        IReadOnlyList<ComplexMatrix> precoders,
        int length,
        double noiseVariance,
        SearchRegion region,
        int trials,
        ulong seed,
        int rounds = 30,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(precoders);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        double[] noise = [.. Enumerable.Repeat(noiseVariance, scene.Devices.Count)];
        double bound = FisherInformation.Of(scene, target, precoders, length, noise).CramerRaoBound();
        double joint = 0, federated = 0, single = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DeviceStatistics[] statistics =
            [
                .. precoders.Select((precoder, k) => DeviceStatistics.Draw(
                    scene, k, target, precoder, length, noiseVariance, new CounterRandom(seed, RandomPurpose.ReceiverNoise, (uint)trial, (uint)k))),
            ];
            joint += TargetEstimator.Joint(scene, statistics, region).SquaredDistanceTo(target);
            single += TargetEstimator.SingleShot(scene, statistics, region).SquaredDistanceTo(target);
            LocalisationLoss[] losses = [.. statistics.Select(local => new LocalisationLoss(scene, local))];
            federated += new FederatedLocalisation(losses, region, FederatedLocalisation.PerfectLinks).Run(rounds)[^1].SquaredDistanceTo(target);
        }

        return new LocalisationTrials(noiseVariance, trials, bound, joint / trials, federated / trials, single / trials);
    }
}
