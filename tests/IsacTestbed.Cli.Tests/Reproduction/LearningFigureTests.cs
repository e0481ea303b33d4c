using System.Xml.Linq;
using IsacTestbed.Cli.Reproduction;
using IsacTestbed.Control.Learning;
using IsacTestbed.Core;
using IsacTestbed.Learning.Data;

namespace IsacTestbed.Cli.Tests.Reproduction;

public sealed class LearningFigureTests(SyntheticDataSet data) : IClassFixture<SyntheticDataSet>
{
    private static readonly LearningSetup Tiny =
        new() { Name = "quick", Rounds = 12, Runs = 2, EvaluationInterval = 3, TestSamples = 200, HiddenWidths = [16], BatchSize = 16 };

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    public void Create_AnyFigure_DoesNotDependOnTheNumberOfThreads(int figure)
    {
        LearningSetup setup = Tiny with { Rounds = 3 };
        FigureResult one = Create(figure, setup, threads: 1), three = Create(figure, setup, threads: 3);

        Assert.Equal(ResultDocuments.ToMarkdown(one, "x.svg"), ResultDocuments.ToMarkdown(three, "x.svg"));
        Assert.Equal(one.Chart.ToSvg(), three.Chart.ToSvg());
        Assert.NotNull(XDocument.Parse(one.Chart.ToSvg()).Root);
    }

    [Fact]
    public void Create_AnotherSeed_GivesOtherResults() =>
        Assert.NotEqual(Create(7, Tiny, 2).Chart.ToSvg(), Create(7, Tiny, 2, seed: 77).Chart.ToSvg());

    [Fact]
    public void Learn_NobodyEverArrives_KeepsTheInitialModel()
    {
        LearningCurve curve = Learn(snr: 100, success: 0);

        // Every round is skipped, so each evaluation sees the same weights; only then is the accuracy the same to the last bit.
        Assert.Single(curve.Points.Select(p => p.TestAccuracy).Distinct());
        Assert.Equal(0, curve.Ripple, 12);
    }

    [Fact]
    public void Learn_CleanSamplesThatArrive_LearnsAndNoiseSpoilsIt()
    {
        LearningCurve clean = Learn(snr: 1000, success: 1), noisy = Learn(snr: 0.001, success: 1);

        // Chance is 10 %; at 400 test images over two runs its deviation is 1.5 points, so 60 % is far outside of it. At -30 dB each pixel's
        // noise is some thirty times its signal, and what 200 samples say of it is lost: less than half as good.
        Assert.True(clean.Accuracy > 0.6, $"clean {clean.Accuracy}");
        Assert.True(noisy.Accuracy < clean.Accuracy / 2, $"noisy {noisy.Accuracy}, clean {clean.Accuracy}");
    }

    [Fact]
    public void Learn_NonIidWithADeviceAbsent_NeverLearnsItsClasses()
    {
        // Two devices, five classes each: with one absent the model can be right for half of the test images at most.
        (LabelledSamples training, LabelledSamples test) = StoredDataFiles.Read(DataKind.Mnist, data.Folder);
        LearningSetup setup = Tiny with { Rounds = 40, ShardsPerDevice = 5 };
        var both = new LearningTask("both", 2, [new(0, 200, 1000, 1), new(1, 200, 1000, 1)], NonIid: true);
        var absent = both with { Participants = [both.Participants[0]] };

        IReadOnlyList<LearningCurve> curves = new FederatedSimulation(setup, training, test, TextWriter.Null).Learn([both, absent], 1, 2, default);

        Assert.True(curves[0].Accuracy > 0.6, $"both {curves[0].Accuracy}");
        Assert.True(curves[1].Accuracy <= 0.5, $"absent {curves[1].Accuracy}");
    }

    [Fact]
    public void Learn_Cancelled_Stops()
    {
        (LabelledSamples training, LabelledSamples test) = StoredDataFiles.Read(DataKind.Mnist, data.Folder);
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            new FederatedSimulation(Tiny, training, test, TextWriter.Null).Learn([new("a", 1, [new(0, 10, 1, 1)], false)], 1, 2, source.Token));
    }

    private LearningCurve Learn(double snr, double success)
    {
        (LabelledSamples training, LabelledSamples test) = StoredDataFiles.Read(DataKind.Mnist, data.Folder);
        var task = new LearningTask("task", 2, [new(0, 100, snr, success), new(1, 100, snr, success)], NonIid: false);
        return new FederatedSimulation(Tiny with { Rounds = 40 }, training, test, TextWriter.Null).Learn([task], 1, 2, default)[0];
    }

    private FigureResult Create(int figure, LearningSetup setup, int threads, ulong seed = 1) =>
        FigureCatalog.Create(new ReproductionRequest(figure, setup, DataKind.Mnist, data.Folder, seed) { Threads = threads }, TextWriter.Null, default);
}
