using System.CommandLine;
using IsacTestbed.Cli.Documents;
using IsacTestbed.Cli.Families;
using IsacTestbed.Core;
using IsacTestbed.Planning;

namespace IsacTestbed.Cli.Commands;

/// <summary><c>isac plan CASE</c>: solves one planner case.</summary>
internal static class PlanCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("CASE") { Description = "Case file, JSON or YAML." };
        var method = new Option<string?>("--method") { Description = "Method; the family's default when not given. An unknown one lists them all." };
        var model = new Option<string?>("--model") { Description = "Trained checkpoint, for the methods that need one; isac train writes it." };
        var output = new Option<string>("--output") { Description = "json or table.", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("json", "table");
        var command = new Command(
            "plan",
            """
            Solve one planner case and write the plan to standard output.

            Examples:
              isac plan scenarios/isac-fl-paper.yaml
              isac plan case.json --method golden-section --output json
              isac plan scenarios/iscc-paper.yaml --method sca-admm
              isac plan scenarios/vfl-beamforming-paper.yaml --method vfl --model vfl.model

            Exit code 0: a feasible plan; 2: the case is invalid; 3: the case is infeasible.
            """)
        {
            file, method, model, output,
        };
        command.SetAction((result, cancellation) => Task.FromResult(
            Solve(result.GetRequiredValue(file), result.GetValue(method), result.GetValue(model), result.GetRequiredValue(output), cancellation)));
        return command;
    }

    private static int Solve(string file, string? method, string? model, string output, CancellationToken cancellationToken)
    {
        ConfigurationObject document = DocumentFile.Read(file, cancellationToken);
        if (ScenarioCatalog.IsMeant(document))
        {
            throw document.Error(string.Empty, $"this is a scenario, not a case of a planner; run it with: isac run --scenario {file}");
        }

        IPlanner planner = new PlannerCatalog(TimeProvider.System, model).Detect(document);
        method ??= planner.Methods[0];
        if (!planner.Methods.Contains(method))
        {
            throw new ConfigurationException("--method", string.Empty, $"found {method}; {planner.Family} has {string.Join(", ", planner.Methods)}");
        }

        if (model is not null && !planner.LearnedMethods.Contains(method))
        {
            throw new ConfigurationException("--model", string.Empty, $"found {model}; method {method} of {planner.Family} uses no trained checkpoint, leave the option out");
        }

        PlannerAnswer answer = Answer(planner, document, method, cancellationToken);
        if (output == "json")
        {
            Console.Out.WriteLine(answer.Json);
        }
        else
        {
            PlanTable.Write(Console.Out, answer);
        }

        return answer.Feasible ? ExitCodes.Success : ExitCodes.Infeasible;
    }

    // The last defence: values may each lie within their range and still be so far apart that double precision holds no plan.
    private static PlannerAnswer Answer(IPlanner planner, ConfigurationObject document, string method, CancellationToken cancellationToken)
    {
        try
        {
            return planner.Solve(document, method, cancellationToken);
        }
        catch (ArithmeticException exception)
        {
            throw document.Error(
                string.Empty,
                $"{method} finds no plan that double precision holds: {exception.Message.TrimEnd('.')}; bring values of the case that lie many orders of magnitude apart closer together, and if there are none, report it");
        }
    }
}
