namespace IsacTestbed.Cli.Reproduction;

/// <summary>What came of a task, averaged over its runs.</summary>
/// <param name="Points">One per evaluated round, ascending.</param>
/// <param name="Accuracy">Mean over the runs of the accuracy in the last fifth of the rounds.</param>
/// <param name="AccuracyDeviation">Standard deviation of that over the runs; NaN for a single run.</param>
/// <param name="Ripple">Standard deviation of the accuracy over the evaluations of the second half of a run, mean over the runs.</param>
internal sealed record LearningCurve(IReadOnlyList<LearningPoint> Points, double Accuracy, double AccuracyDeviation, double Ripple)
{
    /// <summary>Averages runs of the same length.</summary>
    public static LearningCurve Average(IReadOnlyList<IReadOnlyList<LearningPoint>> runs)
    {
        LearningPoint[] points =
        [
            .. runs[0].Select((p, i) => new LearningPoint(p.Round, runs.Average(run => run[i].TrainingLoss), runs.Average(run => run[i].TestAccuracy))),
        ];
        int last = points[^1].Round;
        double[] ends = [.. runs.Select(run => run.Where(p => p.Round > last - Math.Max(1, last / 5)).Average(p => p.TestAccuracy))];
        double ripple = runs.Average(run => Deviation([.. run.Where(p => p.Round > last / 2).Select(p => p.TestAccuracy)]));
        return new LearningCurve(points, ends.Average(), Deviation(ends), ripple);
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return values.Length < 2 ? double.NaN : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }
}

/// <summary>The global model after a round.</summary>
/// <param name="Round">Rounds completed.</param>
/// <param name="TrainingLoss">Mean of the devices' training losses in that round, weighted with their samples, in nats.</param>
/// <param name="TestAccuracy">Share of the clean test images that it classifies rightly.</param>
internal readonly record struct LearningPoint(int Round, double TrainingLoss, double TestAccuracy);
