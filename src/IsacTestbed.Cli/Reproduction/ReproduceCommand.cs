using System.CommandLine;
using System.Globalization;
using IsacTestbed.Core;

namespace IsacTestbed.Cli.Reproduction;

/// <summary><c>isac reproduce</c>: a paper's figures as they come out here, beside the paper's values.</summary>
internal static class ReproduceCommand
{
    private const string Paper = "isac-fl";
    private static readonly string[] Figures = ["5", "7", "8", "9", "10", "11"];

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var paper = new Argument<string>("PAPER") { Description = "isac-fl." };
        paper.AcceptOnlyFromAmong(Paper);
        var figure = new Option<string>("--figure") { Description = $"Number of the figure: {string.Join(", ", Figures)}.", Required = true };
        figure.AcceptOnlyFromAmong(Figures);
        var budget = new Option<string>("--budget") { Description = "quick: one or two runs of 30 to 50 rounds, under a minute; full: 100 rounds as the paper, three to ten runs, a quarter of an hour.", DefaultValueFactory = _ => "quick" };
        budget.AcceptOnlyFromAmong("quick", "full");
        var dataset = new Option<string>("--dataset") { Description = "mnist, as the paper, or fashion-mnist.", DefaultValueFactory = _ => "mnist" };
        dataset.AcceptOnlyFromAmong("mnist", "fashion-mnist");
        var data = new Option<string>("--data") { Description = "Folder of stored data sets; Fig. 5 needs none.", DefaultValueFactory = _ => "data" };
        var folder = new Option<string>("--out") { Description = "Folder for the SVG and the Markdown table.", DefaultValueFactory = _ => Path.Combine("reproduction", Paper) };
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

            Writes fig-N.svg and fig-N.md into the output folder. Progress goes to standard error. Ctrl-C stops; nothing is written then.
            """)
        {
            paper, figure, budget, dataset, data, folder, seed, output,
        };
        command.SetAction((options, cancellation) => Task.FromResult(Reproduce(
            new ReproductionRequest(
                int.Parse(options.GetRequiredValue(figure), CultureInfo.InvariantCulture),
                LearningSetup.For(options.GetRequiredValue(budget), int.Parse(options.GetRequiredValue(figure), CultureInfo.InvariantCulture)),
                options.GetRequiredValue(dataset) == "mnist" ? DataKind.Mnist : DataKind.FashionMnist,
                options.GetRequiredValue(data),
                options.GetValue(seed)),
            options.GetRequiredValue(folder),
            options.GetRequiredValue(output) == "json",
            cancellation)));
        return command;
    }

    private static int Reproduce(ReproductionRequest request, string folder, bool json, CancellationToken cancellationToken)
    {
        FigureResult result = FigureCatalog.Create(request, Console.Error, cancellationToken);
        IReadOnlyList<string> files = ResultFiles.Write(result, folder);
        if (json)
        {
            Console.Out.WriteLine(ResultDocuments.ToJson(result, Paper, files));
        }
        else
        {
            ResultDocuments.WriteText(Console.Out, result, files);
        }

        return ExitCodes.Success;
    }
}
