using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Planning.Tests.IsacFl;

/// <summary>Fig. 5 of isac-fl on the shipped scenario.</summary>
public sealed class PaperScenarioTests
{
    private static readonly IsacFlCase Case = IsacFlCase.Read(ScenarioFile.Read("isac-fl-paper.yaml"));
    private static readonly IsacFlPlanner Planner = new(TimeProvider.System);

    [Theory]
    [InlineData(IsacFlMethods.Exact)]
    [InlineData(IsacFlMethods.GoldenSection)]
    public void Proposed_PaperScenario_HasTheSnrAndUploadSuccessOfFigure5(string method)
    {
        IsacFlAnswer answer = Solve(method);

        // "approximately 5.5 dB across all devices", "68% to 86%".
        Assert.All(answer.Devices, device => Assert.InRange(Db(device), 5.25, 5.75));
        Assert.All(answer.Devices, device => Assert.InRange(device.UploadSuccess, 0.68, 0.86));
        Assert.True(answer.Devices.Select(device => device.Snapshots).Distinct().Count() == 5, "data set sizes vary per device");
    }

    [Fact]
    public void MaxComm_PaperScenario_HasTheSnrAndUploadSuccessOfFigure5()
    {
        IsacFlAnswer answer = Solve(IsacFlMethods.MaxComm);

        // "approximately 95%", "close to 0 dB".
        Assert.All(answer.Devices, device => Assert.InRange(Db(device), -1, 1));
        Assert.InRange(answer.Devices.Average(device => device.UploadSuccess), 0.94, 0.96);
    }

    [Fact]
    public void MaxSensing_PaperScenario_UploadsLeastReliablyWithMoreSamplesAtALowerSnrThanProposed()
    {
        IsacFlAnswer answer = Solve(IsacFlMethods.MaxSensing), proposed = Solve(IsacFlMethods.Exact);

        Assert.All(
            answer.Devices.Zip(proposed.Devices),
            pair =>
            {
                Assert.True(pair.First.UploadSuccess < pair.Second.UploadSuccess - 0.1);
                Assert.True(pair.First.Samples > pair.Second.Samples);
                Assert.True(Db(pair.First) < Db(pair.Second));
            });
    }

    [Fact]
    public void Methods_PaperScenario_ProposedBeatsEveryBaseline()
    {
        double proposed = Solve(IsacFlMethods.GoldenSection).Objective;

        Assert.All(
            [IsacFlMethods.MaxSensing, IsacFlMethods.MaxComm, IsacFlMethods.Uniform],
            method => Assert.True(Solve(method).Objective < 0.8 * proposed));
    }

    [Fact]
    public void Catalog_PaperScenario_IsRecognisedAndSolved()
    {
        var catalog = new PlannerCatalog(TimeProvider.System);
        ConfigurationObject document = ScenarioFile.Read("isac-fl-paper.yaml");

        IPlanner planner = catalog.Detect(document);
        PlannerAnswer answer = planner.Solve(document, IsacFlMethods.Exact, CancellationToken.None);

        Assert.Equal("isac-fl", answer.Family);
        Assert.True(answer.Feasible);
    }

    private static double Db(DevicePlan device) => 10 * Math.Log10(device.SensingSnr);

    private static IsacFlAnswer Solve(string method)
    {
        IsacFlAnswer answer = Planner.Solve(Case, method);
        Assert.True(answer.Feasible, string.Join("; ", answer.Reasons));
        Assert.Empty(PaperModel.Violations(Case, answer));
        return answer;
    }
}
