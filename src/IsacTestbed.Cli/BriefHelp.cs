using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace IsacTestbed.Cli;

/// <summary>Help in which subcommands are told in one line each; what else they say of themselves, with the examples, stands in their own help.</summary>
/// <param name="help">Writes the help.</param>
internal sealed class BriefHelp(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Takes the place of the help of a root command and of all below it.</summary>
    public static void Install(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new BriefHelp((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        foreach (Command command in parseResult.CommandResult.Command.Subcommands)
        {
            command.Description = command.Description?.Split('\n')[0];
        }

        return help.Invoke(parseResult);
    }
}
