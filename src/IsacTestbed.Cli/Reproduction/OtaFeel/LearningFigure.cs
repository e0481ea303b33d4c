using IsacTestbed.Control.Learning;
using IsacTestbed.Core;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Federated;
using IsacTestbed.Learning.Networks;
using IsacTestbed.Planning.OtaFeel;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Cli.Reproduction.OtaFeel;

/// <summary>Fig. 2: accuracy over the rounds with perfect links, with over-the-air sums, and with localisation beside them.</summary>
internal static class LearningFigure
{
    private const int Devices = 15;
    private const double Alpha = 0.4;
    private const int CoherenceRounds = 4;
    private const int HiddenWidth = 64;
    private static readonly LocalTrainingSettings Training = new(new SgdSettings(0.1f), 64, 5);

    // How the weighted sum of all updates reaches the server in a round.
    private sealed record Link(string Name, Func<OtaFeelCase, OtaFeelPlan?> Plan, bool Localises);

    /// <summary>Learns with every kind of link.</summary>
    public static FigureResult Create(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken)
    {
        (LabelledSamples training, LabelledSamples test) = StoredDataFiles.Read(options.Dataset, options.DataFolder);
        int rounds = options.Budget == "quick" ? 40 : 100, runs = options.Budget == "quick" ? 1 : 5;
        LabelledSamples judged = options.Budget == "quick" ? test.Subset([.. Enumerable.Range(0, 2000).Select(i => i * test.Count / 2000)]) : test;
        OtaFeelPlan Planned(OtaFeelCase problem) => new OtaFeelPlanner(TimeProvider.System).Solve(problem, OtaFeelMethods.Descent, cancellationToken).Plan!;
        Link[] links =
        [
            new("perfect links, no localisation", _ => null, false),
            new("over the air, no localisation (I = 1)", Planned, false),
            new("over the air with localisation (I = 2)", Planned, true),
            new("I = 2 with a common pulse", problem => SplitFrame.Create(problem, 0, cancellationToken).Aggregation, true),
        ];
        var curves = new List<LearningCurve>();
        var errors = new List<double>();
        foreach (Link link in links)
        {
            var points = new List<IReadOnlyList<LearningPoint>>();
            double error = 0;
            for (ulong run = 0; run < (ulong)runs; run++)
            {
                (List<LearningPoint> curve, double mse) = Run(link, options.Seed + run, rounds, training, judged, cancellationToken);
                points.Add(curve);
                error += mse / runs;
            }

            curves.Add(LearningCurve.Average(points));
            errors.Add(error);
            progress.WriteLine(FormattableString.Invariant($"{link.Name}: {100 * curves[^1].Accuracy:F1} %"));
        }

        string data = StoredDataFiles.FolderName(options.Dataset);
        return new FigureResult(
            2,
            "Effect of sensing on the accuracy",
            FormattableString.Invariant($"data {data}; {rounds} rounds, {runs} {(runs == 1 ? "run" : "runs averaged")}, {judged.Count} test images; K = {Devices}, M = 4, N = 16, T = 16; seed {options.Seed}"),
            [
                new ResultTable(
                    "Paper beside ours: test accuracy at the end",
                    ["links", "paper", "ours", "training loss / nat", "MSE (7), mean"],
                    [
                        .. links.Select((link, i) => (IReadOnlyList<ResultCell>)
                        [
                            link.Name, i switch { 0 => "best", 1 => "close to it", 2 => "close to both, a small gap", _ => "-" }, ResultCell.Percent(curves[i].Accuracy), ResultCell.Of(curves[i].Points[^1].TrainingLoss, "F3"), ResultCell.Of(errors[i], "G3"),
                        ]),
                    ]),
            ],
            [
                OtaFeelFigures.OpenFigures,
                FormattableString.Invariant($"As in the paper: two layers, 784-{HiddenWidth}-10 (the width is open), five steps of SGD, classes divided by a Dirichlet distribution with concentration {Alpha}, weights in proportion to the images, new Rayleigh channels every {CoherenceRounds} rounds. Chosen: rate 0.1, mini-batches of 64. Every weight is one symbol; the sums follow (3) to (5), no radios."),
                "The paper gives curves, no figures. Its Fig. 3 is the same with CIFAR-10, which is not at hand; Fashion-MNIST stands for it: --dataset fashion-mnist.",
                "The localisation task sends white symbols of unit variance, as (1) assumes: its updates disturb the learning by (7), whatever they say.",
            ],
            LearningNotes.Curves($"ota-feel, Fig. 2: effect of sensing on the accuracy ({data})", [.. links.Select(l => l.Name)], curves, _ => double.NaN));
    }

    private static (List<LearningPoint> Points, double Mse) Run(
        Link link, ulong seed, int rounds, LabelledSamples training, LabelledSamples test, CancellationToken cancellationToken)
    {
        int[][] shares = DataPartition.Dirichlet(training.Labels.Span, training.Classes, Devices, Alpha, seed);
        DeviceData[] devices = [.. shares.Select((share, k) => new DeviceData(k, training.Subset(share)))];
        double[] weights = [.. shares.Select(share => share.Length / (double)training.Count)];
        NetworkArchitecture architecture = NetworkArchitecture.Perceptron(training.Shape, [HiddenWidth], training.Classes);
        using var local = new LocalTraining(architecture, Training, seed, threads: 1);
        using var network = new Network(architecture);
        float[] global = [.. FederatedServer.Start(architecture, seed).Weights.Span];
        var points = new List<LearningPoint>();
        ModelledAir? air = null;
        double mse = 0;
        int plans = 0;
        for (int round = 0; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (round % CoherenceRounds == 0)
            {
                OtaFeelCase problem = Case(seed, round / CoherenceRounds, weights, link.Localises);
                if (link.Plan(problem) is { } plan)
                {
                    var random = new CounterRandom(seed, RandomPurpose.ReceiverNoise, (uint)round);
                    air = new ModelledAir(problem, plan, random, problem.Tasks - 1);
                    mse += plan.Mse;
                    plans++;
                }
            }

            IReadOnlyList<LocalResult> results = local.Train(round, global, devices);
            double[][] updates = [.. results.Select(result => Difference(result.Update.Weights.Span, global))];
            double[] sum = air?.WeightedSum(updates) ?? WeightedSum(updates, weights);
            for (int i = 0; i < global.Length; i++)
            {
                global[i] += (float)sum[i];
            }

            double loss = results.Zip(weights, (result, weight) => weight > 0 ? weight * result.Loss : 0).Sum();
            if (round % 2 == 1)
            {
                points.Add(new LearningPoint(round + 1, loss, network.Evaluate(global, test).Accuracy));
            }
        }

        return (points, plans > 0 ? mse / plans : 0);
    }

    // The sensing limit asks for four fifths of full power where a target is looked for, and for nothing else where none is.
    private static OtaFeelCase Case(ulong seed, int block, double[] weights, bool localises)
    {
        OtaFeelCase drawn = PaperScenario.Create((seed * 1000) + (ulong)block, new PaperScenario.Settings()).Case;
        OtaFeelCase problem = drawn with { Weights = [.. weights.Select(w => localises ? new[] { 1.0 / Devices, w } : [w])] };
        return localises ? problem : problem with { SensingErrorLimit = double.MaxValue };
    }

    private static double[] Difference(ReadOnlySpan<float> trained, float[] global)
    {
        double[] difference = new double[global.Length];
        for (int i = 0; i < difference.Length; i++)
        {
            difference[i] = trained[i] - global[i];
        }

        return difference;
    }

    private static double[] WeightedSum(double[][] updates, double[] weights)
    {
        double[] sum = new double[updates[0].Length];
        for (int k = 0; k < updates.Length; k++)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += weights[k] * updates[k][i];
            }
        }

        return sum;
    }
}
