using System.CommandLine;
using System.Globalization;
using IsacTestbed.Core;

namespace IsacTestbed.Cli.Reproduction;

/// <summary><c>isac reproduce</c>: a paper's figures as they come out here, beside the paper's values.</summary>
internal static class ReproduceCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var paper = new Argument<string>("PAPER") { Description = $"{string.Join(" or ", PaperCatalog.Papers.Select(p => p.Name))}." };
        paper.AcceptOnlyFromAmong([.. PaperCatalog.Papers.Select(p => p.Name)]);
        var figure = new Option<string>("--figure") { Description = $"Number of the figure. {string.Join("; ", PaperCatalog.Papers.Select(p => $"{p.Name}: {string.Join(", ", p.Figures)}"))}.", Required = true };
        var budget = new Option<string>("--budget")
        {
            Description = "quick: few runs, a minute or two; full: as many as the paper or enough to average, from five minutes to an hour.",
            DefaultValueFactory = _ => "quick",
        };
        budget.AcceptOnlyFromAmong("quick", "full");
        var dataset = new Option<string>("--dataset") { Description = "isac-fl but Fig. 5, and ota-feel Fig. 2: mnist, as the papers, or fashion-mnist.", DefaultValueFactory = _ => "mnist" };
        dataset.AcceptOnlyFromAmong("mnist", "fashion-mnist");
        var data = new Option<string>("--data") { Description = "isac-fl but Fig. 5, and ota-feel Fig. 2: folder of stored data sets.", DefaultValueFactory = _ => "data" };
        var folder = new Option<string?>("--out") { Description = "Folder for the SVG and the Markdown table; reproduction/PAPER when not given." };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the first run; run r uses the seed plus r.", DefaultValueFactory = _ => 1 };
        var output = new Option<string>("--output") { Description = "table, or json for programs.", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", "json");
        var command = new Command(
            "reproduce",
            """
            Compute a figure of a paper and print the paper's values beside ours.

            Examples:
              isac reproduce isac-fl --figure 5
              isac data get mnist
              isac reproduce isac-fl --figure 7 --budget full
              isac reproduce iscc --figure 2
              isac reproduce ota-feel --figure 8
              isac reproduce ota-feel --figure 12

            Fig. 12 of ota-feel is not in the paper: the trade-off of its two errors, measured on the emulated air.

            Writes fig-N.svg and fig-N.md into the output folder. Progress goes to standard error. Ctrl-C stops; nothing is written then.
            """)
        {
            paper, figure, budget, dataset, data, folder, seed, output,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(paper) is not { Tokens: [var name] } || PaperCatalog.Papers.FirstOrDefault(p => p.Name == name.Value) is not { } found
                || result.TextOf(figure) is not { } number)
            {
                return;
            }

            if (!found.Figures.Any(f => f.ToString(CultureInfo.InvariantCulture) == number))
            {
                result.AddError($"--figure: found {number}; {found.Name} has {string.Join(", ", found.Figures)}.");
            }
            else if (!found.LearningFigures.Any(f => f.ToString(CultureInfo.InvariantCulture) == number)
                && new Option[] { dataset, data }.FirstOrDefault(option => result.GetResult(option) is not null) is { } unused)
            {
                result.AddError($"{unused.Name}: Fig. {number} of {found.Name} reads no data set; leave the option out.");
            }
        });
        command.SetAction((options, cancellation) => ReproduceAsync(
            PaperCatalog.Papers.First(p => p.Name == options.GetRequiredValue(paper)),
            new ReproductionOptions(
                int.Parse(options.GetRequiredValue(figure), CultureInfo.InvariantCulture),
                options.GetRequiredValue(budget),
                options.GetRequiredValue(dataset) == "mnist" ? DataKind.Mnist : DataKind.FashionMnist,
                options.GetRequiredValue(data),
                options.GetValue(seed)),
            options.GetValue(folder),
            options.GetRequiredValue(output) == "json",
            cancellation));
        return command;
    }

    private static async Task<int> ReproduceAsync(
        PaperReproduction paper, ReproductionOptions options, string? folder, bool json, CancellationToken cancellationToken)
    {
        using var destination = ResultFolder.Open(folder ?? Path.Combine("reproduction", paper.Name));
        FigureResult result;
        try
        {
            result = await paper.CreateAsync(options, Console.Error, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.Error.WriteLine("isac: stopped; nothing is written.");
            return ExitCodes.Interrupted;
        }

        IReadOnlyList<string> files = destination.Write(result);
        if (json)
        {
            Console.Out.WriteLine(ResultDocuments.ToJson(result, paper.Name, files));
        }
        else
        {
            ResultDocuments.WriteText(Console.Out, result, files);
        }

        return ExitCodes.Success;
    }
}
