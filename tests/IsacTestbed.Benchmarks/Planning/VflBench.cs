using System.Diagnostics;
using System.Globalization;
using IsacTestbed.Planning.VflBeamforming;
using IsacTestbed.Planning.VflBeamforming.Training;

namespace IsacTestbed.Benchmarks.Planning;

/// <summary>Solving times of the vfl-beamforming planner and how they grow, forward passes of trained networks, and the cost of training.</summary>
internal static class VflBench
{
    private const double WmmseTargetSeconds = 0.02;
    private const double ForwardTargetSeconds = 1e-3;
    private const double TrainingTargetSeconds = 1800;
    private static readonly string[] Searches = [VflBeamformingMethods.Gradient, VflBeamformingMethods.Fair];
    private static readonly VflBeamformingPlanner Planner = new(TimeProvider.System);

    /// <summary>Runs all measurements and prints them.</summary>
    /// <param name="output">Receives the tables.</param>
    public static void Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var paper = new MultiCellScene();
        _ = Median(paper, Solve(VflBeamformingMethods.Wmmse), 30);
        Line(output, $"vfl-beamforming planner, M = 3, N_T = 12, K = J = 2, rho = 0.5; median over drawn cases (twenty; of the searches five), best of three each");
        foreach (string method in VflBeamformingMethods.All.Except(VflBeamformingMethods.Learned))
        {
            foreach (double snr in new[] { 0.0, 30 })
            {
                Line(output, $"  {method,-14} at {snr,2:F0} dB {1e3 * Median(paper with { SnrDb = snr }, Solve(method), Searches.Contains(method) ? 5 : 20),9:F3} ms");
            }
        }

        double wmmse = new[] { 0.0, 15, 30 }.Max(snr => Median(paper with { SnrDb = snr }, Solve(VflBeamformingMethods.Wmmse), 20));
        Line(output, $"  wmmse at its slowest SNR {1e3 * wmmse:F3} ms, x {wmmse / WmmseTargetSeconds:F3} of the target of {1e3 * WmmseTargetSeconds:F0} ms");
        Fit(output, "K", [1, 2, 3], size => paper with { Users = size });
        Fit(output, "M", [2, 3, 4], size => paper with { Cells = size });
        Fit(output, "N_T", [8, 12, 16, 24], size => paper with { Antennas = size });

        Learned(output, "our networks", new BeamTrainingSettings());
        Learned(output, "the paper's networks", BeamTrainingSettings.Paper);
    }

    // What the budget costs follows from the difference of two short trainings: drawing samples and compiling count in both.
    private static void Learned(TextWriter output, string name, BeamTrainingSettings settings)
    {
        (double Seconds, BeamPolicy Policy) Train(int samples, int epochs)
        {
            long start = Stopwatch.GetTimestamp();
            BeamPolicy policy = BeamTraining.Run(settings with { Samples = samples, Epochs = epochs, Threads = Environment.ProcessorCount }).Policy;
            return (Stopwatch.GetElapsedTime(start).TotalSeconds, policy);
        }

        const int samples = 1536;
        _ = Train(256, 1);
        (double one, BeamPolicy policy) = Train(samples, 1);
        double three = Train(samples, 3).Seconds, perSample = Math.Max(three - one, 0) / (2 * samples);
        double drawing = Math.Max(one - (samples * perSample), 0) / samples;
        double budget = settings.Samples * ((settings.Epochs * perSample) + drawing);
        Line(output, $"{name}: {policy.ParametersPerStation} parameters per base station, {1e6 * perSample:F0} us per sample and pass, {1e6 * drawing:F0} us to draw one ({Environment.ProcessorCount} threads)");
        Line(output, $"  budget of {settings.Samples} samples x {settings.Epochs} passes: {budget:F0} s extrapolated, x {budget / TrainingTargetSeconds:F3} of the target of {TrainingTargetSeconds / 60:F0} min");
        VflBeamformingAnswer Forward(VflBeamformingCase problem) => Planner.Run(problem, VflBeamformingMethods.Vfl, policy);
        _ = Median(new MultiCellScene(), Forward, 200);
        double forward = Median(new MultiCellScene(), Forward, 40);
        Line(output, $"  forward pass of all three cells, side by side: {1e6 * forward:F0} us, x {forward / ForwardTargetSeconds:F3} of the target of {1e3 * ForwardTargetSeconds:F0} ms");
    }

    private static void Fit(TextWriter output, string variable, int[] sizes, Func<int, MultiCellScene> scene)
    {
        foreach (string method in (string[])[VflBeamformingMethods.Wmmse, VflBeamformingMethods.Gradient])
        {
            double[] seconds = [.. sizes.Select(size => Median(scene(size), problem =>
            {
                // Per iteration: how many it takes depends on the case more than on its size.
                VflBeamformingAnswer answer = Planner.Solve(problem, method);
                return answer with { SolveTime = answer.SolveTime / Math.Max(answer.Iterations, 1) };
            }, method == VflBeamformingMethods.Gradient ? 2 : 8))];
            double[] x = [.. sizes.Select(size => Math.Log(size))], y = [.. seconds.Select(s => Math.Log(s))];
            double meanX = x.Average(), meanY = y.Average();
            double slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
            string times = string.Join(", ", sizes.Zip(seconds, (size, s) => string.Create(CultureInfo.InvariantCulture, $"{size}: {s * 1e6:F1} us")));
            Line(output, $"{method}, time per iteration ~ {variable}^{slope:F2} ({times})");
        }
    }

    private static Func<VflBeamformingCase, VflBeamformingAnswer> Solve(string method) => problem => Planner.Solve(problem, method);

    private static double Median(MultiCellScene scene, Func<VflBeamformingCase, VflBeamformingAnswer> solve, int cases)
    {
        double[] seconds =
        [
            .. Enumerable.Range(1, cases).Select(seed =>
            {
                VflBeamformingCase problem = scene.Draw((ulong)seed);
                return Enumerable.Range(0, 3).Min(_ => solve(problem).SolveTime.TotalSeconds);
            }).Order(),
        ];
        return seconds[seconds.Length / 2];
    }

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
