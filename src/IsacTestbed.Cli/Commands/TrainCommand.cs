using System.CommandLine;
using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Planning.VflBeamforming;
using IsacTestbed.Planning.VflBeamforming.Training;

namespace IsacTestbed.Cli.Commands;

/// <summary><c>isac train METHOD</c>: trains the networks of a learned planner method and writes a checkpoint.</summary>
internal static class TrainCommand
{
    private static readonly Argument<string> Method = new("METHOD")
    {
        Description = "vfl: vertical federated learning over the cells; per-cell-dl: each cell by itself. Both of the family vfl-beamforming.",
    };

    private static readonly Option<string?> File = new("--out") { Description = "Checkpoint to write; METHOD.model when not given. It is replaced after every pass over the samples." };
    private static readonly Option<string> Budget = new("--budget")
    {
        Description = "small: our networks, half a minute; medium: the same, better trained, some minutes; paper: the paper's networks and samples, up to half an hour.",
        DefaultValueFactory = _ => "small",
    };

    private static readonly Option<string> Rho = new("--rho") { Description = "Weights of the communication rate to train for, MIN:MAX or one value.", DefaultValueFactory = _ => "0:1" };
    private static readonly Option<string> Snr = new("--snr") { Description = "SNR in dB, at a quarter of the cells' radius, to train for, MIN:MAX or one value.", DefaultValueFactory = _ => "0:30" };
    private static readonly Option<int> Cells = new("--cells") { Description = "Cells.", DefaultValueFactory = _ => 3 };
    private static readonly Option<int> Users = new("--users") { Description = "Users per cell.", DefaultValueFactory = _ => 2 };
    private static readonly Option<int> Targets = new("--targets") { Description = "Targets per cell.", DefaultValueFactory = _ => 2 };
    private static readonly Option<int> Antennas = new("--antennas") { Description = "Antennas of a base station.", DefaultValueFactory = _ => 12 };
    private static readonly Option<int?> Samples = new("--samples") { Description = "Channel samples of each base station; the budget's when not given." };
    private static readonly Option<int?> Epochs = new("--epochs") { Description = "Passes over the samples; the budget's when not given." };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Seed of samples, weights and order.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int?> Threads = new("--threads") { Description = "Most threads; the result does not depend on it. All processors when not given." };
    private static readonly Option<string> Output = new("--output") { Description = "table, or json for programs.", DefaultValueFactory = _ => "table" };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Method.AcceptOnlyFromAmong([.. VflBeamformingMethods.Learned]);
        Budget.AcceptOnlyFromAmong("small", "medium", "paper");
        Output.AcceptOnlyFromAmong("table", "json");
        var command = new Command(
            "train",
            """
            Train the networks of a learned planner method on drawn scenes and write a checkpoint for isac plan --model.

            Examples:
              isac train vfl
              isac plan scenarios/vfl-beamforming-paper.yaml --method vfl --model vfl.model
              isac train vfl --budget medium --out models/vfl.model
              isac train per-cell-dl --snr 30 --rho 0.99
              isac train vfl --budget paper --rho 0.5 --snr 30

            Progress goes to standard error. Ctrl-C stops; the checkpoint of the last whole pass stays.
            """)
        {
            Method, File, Budget, Rho, Snr, Cells, Users, Targets, Antennas, Samples, Epochs, Seed, Threads, Output,
        };
        command.SetAction((options, cancellation) => Task.FromResult(Train(options, cancellation)));
        return command;
    }

    /// <summary>The settings of a budget.</summary>
    public static BeamTrainingSettings SettingsOf(string budget) => budget switch
    {
        "paper" => BeamTrainingSettings.Paper,
        "medium" => BeamTrainingSettings.Medium,
        _ => new BeamTrainingSettings(),
    };

    private static int Train(ParseResult options, CancellationToken cancellationToken)
    {
        string method = options.GetRequiredValue(Method), file = options.GetValue(File) ?? $"{method}.model";
        BeamTrainingSettings budget = SettingsOf(options.GetRequiredValue(Budget));
        BeamTrainingSettings settings = budget with
        {
            Method = method,
            Rho = Range(Rho, options.GetRequiredValue(Rho), 0, 1),
            SnrDb = Range(Snr, options.GetRequiredValue(Snr), -100, 200),
            Samples = Positive(Samples, options.GetValue(Samples) ?? budget.Samples),
            Epochs = Positive(Epochs, options.GetValue(Epochs) ?? budget.Epochs),
            Seed = options.GetValue(Seed),
            Threads = Math.Min(Positive(Threads, options.GetValue(Threads) ?? Environment.ProcessorCount), Environment.ProcessorCount),
            Scene = new MultiCellScene
            {
                Cells = Positive(Cells, options.GetValue(Cells), BeamTrainingSettings.LargestSize),
                Users = Positive(Users, options.GetValue(Users), BeamTrainingSettings.LargestSize),
                Targets = Positive(Targets, options.GetValue(Targets), BeamTrainingSettings.LargestSize),
                Antennas = Positive(Antennas, options.GetValue(Antennas), BeamTrainingSettings.LargestSize),
            },
        };

        RequireMemory(options, settings);
        TimeProvider clock = TimeProvider.System;
        long start = clock.GetTimestamp();
        int passes = 0;
        TrainingSummary summary;
        try
        {
            (BeamPolicy policy, BackhaulTraffic traffic) = BeamTraining.Run(
                settings,
                progress =>
                {
                    progress.Policy.Write(file);
                    passes = progress.Epoch;
                    Console.Error.WriteLine(FormattableString.Invariant(
                        $"pass {progress.Epoch} of {progress.Epochs}: mean objective {progress.Objective:F3} bit/s/Hz, {clock.GetElapsedTime(start).TotalSeconds:F0} s"));
                },
                cancellationToken);
            summary = TrainingSummary.Create(settings, policy, traffic, file, clock.GetElapsedTime(start), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.Error.WriteLine(passes > 0 ? $"isac: stopped; {file} holds the networks after pass {passes}." : "isac: stopped; nothing is written.");
            return ExitCodes.Interrupted;
        }

        if (options.GetRequiredValue(Output) == "json")
        {
            Console.Out.WriteLine(summary.ToJson());
        }
        else
        {
            summary.WriteText(Console.Out);
        }

        return ExitCodes.Success;
    }

    private static int Positive(Option option, int value, int most = int.MaxValue) =>
        value >= 1 && value <= most
            ? value
            : throw new ConfigurationException(
                option.Name, string.Empty, $"found {value}; it must be {(most == int.MaxValue ? "at least 1" : $"between 1 and {most}")}");

    private static void RequireMemory(ParseResult options, BeamTrainingSettings settings)
    {
        if (settings.HeldNumbers > BeamTrainingSettings.MostNumbers)
        {
            string sizes = string.Join(" ", new[] { Cells, Users, Targets, Antennas }.Select(o => $"{o.Name} {options.GetValue(o)}"));
            throw new ConfigurationException(
                $"{sizes} {Samples.Name} {settings.Samples}",
                string.Empty,
                FormattableString.Invariant(
                    $"samples and networks would hold {settings.HeldNumbers:G3} numbers; {BeamTrainingSettings.MostNumbers:G3} are the most, lower one of these"));
        }
    }

    private static (double Minimum, double Maximum) Range(Option<string> option, string text, double least, double most)
    {
        string[] ends = text.Split(':');
        double[] values = [.. ends.Select(end => double.TryParse(end, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN)];
        (double minimum, double maximum) = (values[0], values[^1]);
        return ends.Length <= 2 && minimum >= least && minimum <= maximum && maximum <= most
            ? (minimum, maximum)
            : throw new ConfigurationException(
                option.Name, string.Empty, FormattableString.Invariant($"found {text}; it must be one number or MIN:MAX within {least} and {most}"));
    }
}
