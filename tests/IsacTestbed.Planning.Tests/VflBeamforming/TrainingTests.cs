using System.Reflection;
using IsacTestbed.Core;
using IsacTestbed.Planning.VflBeamforming;
using IsacTestbed.Planning.VflBeamforming.Training;

namespace IsacTestbed.Planning.Tests.VflBeamforming;

public sealed class TrainingTests
{
    private static readonly BeamTrainingSettings Small = new()
    {
        Scene = new MultiCellScene { Cells = 2, Users = 2, Targets = 1, Antennas = 4 },
        Samples = 256,
        Epochs = 2,
        BatchSize = 48,
        Hidden = [16, 8],
    };

    [Theory]
    [InlineData(BeamDesignKind.Direct, true)]
    [InlineData(BeamDesignKind.Priced, true)]
    [InlineData(BeamDesignKind.Priced, false)]
    public void Design_Back_IsTheCentralDifferenceOfItsBeams(BeamDesignKind kind, bool wholeNetwork)
    {
        var shape = new NetworkShape(3, 2, 2, 5);
        StationLinks links = StationLinks.Of(RandomCases.Draw(3, 3, 2, 2, 5, 0.5))[1];
        IBeamDesign design = StationPolicy.Design(kind, shape, 1, wholeNetwork);
        var random = new CounterRandom(4, RandomPurpose.Test);
        float[] outputs = [.. Enumerable.Range(0, design.Outputs).Select(i => (float)random.NormalPairAt((ulong)i).First)], slopes = new float[outputs.Length];
        double[] weightsRe = [.. Enumerable.Range(0, shape.BeamEntries).Select(i => random.NormalPairAt((ulong)(1000 + i)).First)];
        double[] weightsIm = [.. Enumerable.Range(0, shape.BeamEntries).Select(i => random.NormalPairAt((ulong)(2000 + i)).First)];
        double[] re = new double[shape.BeamEntries], im = new double[shape.BeamEntries];
        double Value()
        {
            design.Beams(links, 0.3, outputs, re, im);
            return re.Zip(weightsRe, (a, b) => a * b).Sum() + im.Zip(weightsIm, (a, b) => a * b).Sum();
        }

        _ = Value();
        Assert.Equal(1, re.Sum(x => x * x) + im.Sum(x => x * x), 1e-12);
        design.Back(links, 0.3, outputs, weightsRe, weightsIm, slopes);

        // Outputs are single precision: with a step of 1/128 they change exactly, and the differences err by the step's square, 6e-5, times a
        // third derivative of order one.
        const float step = 1f / 128;
        for (int i = 0; i < outputs.Length; i++)
        {
            float present = MathF.Round(outputs[i] * 65536) / 65536;
            outputs[i] = present + step;
            double above = Value();
            outputs[i] = present - step;
            double below = Value();
            outputs[i] = present;
            Assert.Equal((above - below) / (2 * step), slopes[i], 2e-3);
        }

        Assert.Contains(slopes, slope => Math.Abs(slope) > 0.05);
    }

    [Fact]
    public void Design_ChannelsOfZero_HasBeamsWithoutNaN()
    {
        var shape = new NetworkShape(2, 2, 2, 3);
        var links = new StationLinks(shape);
        foreach (BeamDesignKind kind in (BeamDesignKind[])[BeamDesignKind.Direct, BeamDesignKind.Priced])
        {
            IBeamDesign design = StationPolicy.Design(kind, shape, 0, wholeNetwork: true);
            float[] features = new float[design.Inputs], outputs = [.. Enumerable.Repeat(0.1f, design.Outputs)], slopes = new float[design.Outputs];
            double[] re = new double[shape.BeamEntries], im = new double[shape.BeamEntries];
            design.Features(links, 1, features);
            design.Beams(links, 1, outputs, re, im);
            design.Back(links, 1, outputs, re, im, slopes);
            Assert.All(features.Concat(slopes).Select(x => (double)x).Concat(re).Concat(im), x => Assert.True(double.IsFinite(x)));
        }
    }

    [Theory]
    [InlineData(BeamDesignKind.Direct)]
    [InlineData(BeamDesignKind.Priced)]
    public void Features_PhasesOfChannels_DoNotMatter(BeamDesignKind kind)
    {
        VflBeamformingCase problem = RandomCases.Draw(9, 2, 2, 2, 4, 0.5);
        StationLinks links = StationLinks.Of(problem)[0], turned = StationLinks.Of(problem)[0];
        for (int link = 0; link < problem.Shape.Links; link++)
        {
            System.Numerics.Complex phase = System.Numerics.Complex.FromPolarCoordinates(1, link + 0.5);
            for (int i = link * 4; i < (link + 1) * 4; i++)
            {
                System.Numerics.Complex entry = phase * new System.Numerics.Complex(links.Re[i], links.Im[i]);
                (turned.Re[i], turned.Im[i]) = (entry.Real, entry.Imaginary);
            }
        }

        IBeamDesign design = StationPolicy.Design(kind, problem.Shape, 0, wholeNetwork: true);
        float[] before = new float[design.Inputs], after = new float[design.Inputs];
        design.Features(links, 0.5, before);
        design.Features(turned, 0.5, after);
        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Theory]
    [InlineData(BeamDesignKind.Direct)]
    [InlineData(BeamDesignKind.Priced)]
    public void Run_OneSeed_GivesOneResultForAnyNumberOfThreads(BeamDesignKind design)
    {
        byte[][] files = [.. new[] { 1, 3 }.Select(threads => BeamCheckpoint.Encode(BeamTraining.Run(Small with { Design = design, Threads = threads }).Policy))];
        Assert.Equal(files[0], files[1]);
        Assert.NotEqual(files[0], BeamCheckpoint.Encode(BeamTraining.Run(Small with { Design = design, Seed = 2 }).Policy));
    }

    [Fact]
    public void Run_Federated_CarriesWhatThePaperCountsAndTheRestSeparately()
    {
        (_, BackhaulTraffic traffic) = BeamTraining.Run(Small);

        // 2 cells, 2 users, 1 target, 4 antennas; 256 samples twice at both base stations; 8 bytes per complex number.
        long samples = 256 * 2 * 2;
        Assert.Equal(samples, traffic.Samples);
        Assert.Equal(samples * 2 * 2 * 4 * 8, traffic.Bytes[BackhaulContent.UserChannels]);
        Assert.Equal(samples * 2 * 1 * 4 * 8, traffic.Bytes[BackhaulContent.SensingChannels]);
        Assert.Equal(samples * 2 * 4 * 8, traffic.Bytes[BackhaulContent.Beamformers]);
        Assert.Equal(samples * 2 * 4 * 8, traffic.Bytes[BackhaulContent.LossSlopes]);

        // 256 samples in batches of 48 are six steps.
        Assert.Equal(6 * 2 * 2 * 4, traffic.Bytes[BackhaulContent.Loss]);
        Assert.Equal((2 + 1) * 2 * 4, traffic.PaperNumbers);
        Assert.Equal(traffic.PaperCountBytes, traffic.PaperContentBytes);
    }

    [Fact]
    public void Run_PerCell_SendsNothing() => Assert.Equal(0, BeamTraining.Run(Small with { Method = VflBeamformingMethods.PerCell }).Traffic.TotalBytes);

    [Fact]
    public void BaseStation_HasNoMemberThroughWhichOthersChannelsCouldReachIt()
    {
        // Its fields and what it is given: samples of one base station, and a backhaul that only it calls.
        Type[] reachable = [.. typeof(BaseStation).GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Select(f => f.FieldType)];
        Type[] given = [.. typeof(BaseStation).GetConstructors().Single().GetParameters().Select(p => p.ParameterType)];
        foreach (Type type in reachable.Concat(given))
        {
            Assert.False(type == typeof(LossServer) || type == typeof(StationInbox) || type == typeof(VflBeamformingCase) || type == typeof(TrainingRound), type.Name);
            Assert.False(type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable<StationSamples>)), type.Name);
            Assert.False(type.IsAssignableTo(typeof(IEnumerable<StationLinks>)), type.Name);
        }
    }

    [Fact]
    public void Decide_OthersChannelsChanged_LeavesTheOwnBeams()
    {
        // Online a base station uses local channels only: whatever the others know, its beams are the same to the bit.
        (BeamPolicy policy, _) = BeamTraining.Run(Small);
        StationLinks[] one = StationLinks.Of((Small.Scene with { Rho = 0.4 }).Draw(5)), other = StationLinks.Of((Small.Scene with { Rho = 0.4 }).Draw(6));
        BeamSet first = policy.Decide(one, 0.4).Beams, second = policy.Decide([one[0], other[1]], 0.4).Beams;
        int entries = policy.Shape.BeamEntries;
        Assert.Equal(first.Re[..entries], second.Re[..entries]);
        Assert.Equal(first.Im[..entries], second.Im[..entries]);
        Assert.NotEqual(first.Re[entries..], second.Re[entries..]);
    }

    [Fact]
    public void Decide_FromManyThreadsAtOnce_GivesTheBeamsOfAFreshPass()
    {
        (BeamPolicy policy, _) = BeamTraining.Run(Small);
        StationLinks[][] cases = [.. Enumerable.Range(1, 8).Select(seed => StationLinks.Of(Small.Scene.Draw((ulong)seed)))];
        BeamSet[] expected =
        [
            .. cases.Select(links =>
            {
                using BeamForwardPass pass = policy.Prepare();
                var beams = new BeamSet(policy.Shape);
                _ = pass.Run(links, 0.4, beams);
                return beams;
            }),
        ];

        Parallel.For(0, 400, i =>
        {
            BeamSet beams = policy.Decide(cases[i % cases.Length], 0.4).Beams;

            Assert.Equal(expected[i % cases.Length].Re, beams.Re);
            Assert.Equal(expected[i % cases.Length].Im, beams.Im);
        });
    }

    [Fact]
    public void Decide_AfterTheFirst_KeepsTheMemoryOfTheNetworks()
    {
        (BeamPolicy policy, _) = BeamTraining.Run(Small with { Design = BeamDesignKind.Direct });
        StationLinks[] links = StationLinks.Of(Small.Scene.Draw(1));
        long Allocated()
        {
            long start = GC.GetAllocatedBytesForCurrentThread();
            _ = policy.Decide(links, 0.4);
            return GC.GetAllocatedBytesForCurrentThread() - start;
        }

        long first = Allocated(), second = Allocated();

        // What is left are the beams and starting the base stations side by side.
        Assert.InRange(second, 1, first / 4);
    }

    [Fact]
    public void Run_MoreSteps_LearnsWhatInitialWeightsDoNotKnow()
    {
        // The paper's wiring knows nothing at the start; on cases that were not seen, training must raise the objective by far more than the
        // spread of a mean over forty cases, which is some 5 %.
        BeamTrainingSettings settings = Small with { Design = BeamDesignKind.Direct, Rho = (0.5, 0.5), SnrDb = (20, 20), Samples = 1024, LearningRate = 3e-3f };
        double Mean(int epochs)
        {
            BeamPolicy policy = BeamTraining.Run(settings with { Epochs = epochs }).Policy;
            var planner = new VflBeamformingPlanner(TimeProvider.System);
            return Enumerable.Range(0, 40).Average(i => planner.Run((settings.Scene with { Rho = 0.5, SnrDb = 20 }).Draw((ulong)i), "vfl", policy).Plan.Objective);
        }

        double early = Mean(1), late = Mean(12);
        Assert.True(late > 1.2 * early, $"{late} after twelve passes, {early} after one");
    }

    [Fact]
    public void Run_PricedDesign_ComesNearTheSearchOnUnseenCases()
    {
        BeamTrainingSettings settings = Small with { Rho = (0.5, 1), SnrDb = (20, 20), Samples = 512, Epochs = 6, Hidden = [16] };
        BeamPolicy policy = BeamTraining.Run(settings).Policy;
        var planner = new VflBeamformingPlanner(TimeProvider.System);
        VflBeamformingCase[] cases = [.. Enumerable.Range(0, 10).Select(i => (settings.Scene with { Rho = 0.9, SnrDb = 20 }).Draw((ulong)i))];
        double learned = cases.Average(c => planner.Run(c, "vfl", policy).Plan.Objective), best = cases.Average(c => planner.Solve(c, "gradient").Plan.Objective);
        Assert.InRange(learned, 0.9 * best, best);
    }

    [Fact]
    public void Run_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => BeamTraining.Run(Small, _ => source.Cancel(), source.Token));
    }

    [Theory]
    [InlineData("mrt", 0, 1, 0, 30)]
    [InlineData("vfl", 0.6, 0.4, 0, 30)]
    [InlineData("vfl", 0, 1.1, 0, 30)]
    [InlineData("vfl", 0, 1, 30, 0)]
    public void Run_SenselessSettings_AreRefused(string method, double low, double high, double snrLow, double snrHigh) =>
        Assert.ThrowsAny<ArgumentException>(() => BeamTraining.Run(Small with { Method = method, Rho = (low, high), SnrDb = (snrLow, snrHigh) }));
}
