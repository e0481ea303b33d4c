using IsacTestbed.Cli.Reproduction;
using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Cli.Tests.Reproduction;

public sealed class PaperCaseTests
{
    [Fact]
    public void WithDevices_ShippedNumber_GivesTheShippedCase()
    {
        IsacFlCase shipped = PaperCase.Read();

        Assert.Equal(shipped.Devices, PaperCase.WithDevices(shipped, shipped.Devices.Count).Devices);
    }

    [Fact]
    public void WithDevices_More_SpreadsThemOverTheSameDistances()
    {
        IsacFlCase shipped = PaperCase.Read(), more = PaperCase.WithDevices(shipped, 12);

        Assert.Equal(12, more.Devices.Select(d => d.Id).Distinct().Count());
        Assert.Equal(shipped.Devices[0].TargetDistanceMeters, more.Devices[0].TargetDistanceMeters);
        Assert.Equal(shipped.Devices[^1].ServerDistanceMeters, more.Devices[^1].ServerDistanceMeters, 12);
        Assert.All(more.Devices.Zip(more.Devices.Skip(1)), pair => Assert.True(pair.First.TargetDistanceMeters < pair.Second.TargetDistanceMeters));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.65)]
    public void SplitEnergy_NoPowerAtItsMaximum_SpendsTheBudgetAndFollowsTheModel(double share)
    {
        IsacFlCase problem = PaperCase.Read();
        IReadOnlyList<DevicePlan> proposed = Strategies.Plan(problem, IsacFlMethods.Exact, default);

        IReadOnlyList<DevicePlan> split = PaperCase.SplitEnergy(problem, proposed, share);

        for (int k = 0; k < split.Count; k++)
        {
            IsacFlDevice device = problem.Devices[k];
            DevicePlan plan = split[k];
            double uploadSeconds = problem.RoundDeadlineSeconds - device.TrainingSeconds, gain = Math.Pow(10, device.AntennaGainDbi / 10);

            // (14) with equality, and (4) and (9) written out once more from the case's constants.
            double spent = (plan.SensingPowerWatts * problem.SensingDurationSeconds)
                + (problem.Rounds * ((plan.UplinkPowerWatts * uploadSeconds) + (device.EnergyPerSampleJoules * plan.Samples)));
            double snr = plan.SensingPowerWatts * gain * plan.Snapshots / (problem.SensingNoiseWatts * Math.Pow(device.TargetDistanceMeters, 4));
            double threshold = Math.Pow(2, problem.ModelBits / uploadSeconds / device.BandwidthHz) - 1;
            double success = Math.Exp(-problem.UplinkNoiseWatts * Math.Pow(device.ServerDistanceMeters, 2) / (plan.UplinkPowerWatts * gain) * threshold);
            Assert.Equal(device.EnergyBudgetJoules, spent, 9);
            Assert.Equal(snr, plan.SensingSnr, 9);
            Assert.Equal(success, plan.UploadSuccess, 9);
        }
    }

    [Fact]
    public void PlanWhoCan_BudgetBelowTheStrategysDemand_LeavesTheDeviceOutAndSaysWhy()
    {
        IsacFlCase problem = PaperCase.WithStraggler(PaperCase.Read(), 30);

        (IReadOnlyList<Participant> participants, IReadOnlyList<string> reasons) = Strategies.PlanWhoCan(problem, IsacFlMethods.MaxComm, default);
        (IReadOnlyList<Participant> all, IReadOnlyList<string> none) = Strategies.PlanWhoCan(problem, IsacFlMethods.Exact, default);

        Assert.Equal([0, 1, 2, 3], participants.Select(p => p.Device));
        Assert.Contains("device-5", Assert.Single(reasons), StringComparison.Ordinal);
        Assert.Equal(5, all.Count);
        Assert.Empty(none);
    }
}
