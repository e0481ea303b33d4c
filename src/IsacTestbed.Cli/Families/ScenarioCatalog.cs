using IsacTestbed.Core;

namespace IsacTestbed.Cli.Families;

/// <summary>A scenario and the family it belongs to.</summary>
/// <param name="Family">The family.</param>
/// <param name="Content">The scenario.</param>
internal sealed record LoadedScenario(IScenarioFamily Family, IFamilyScenario Content);

/// <summary>All scenario families: the one place that knows them.</summary>
internal static class ScenarioCatalog
{
    /// <summary>All families; the first is that of a document that names none.</summary>
    public static IReadOnlyList<IScenarioFamily> Families { get; } = [new IsacFlFamily(), new IsccFamily(), new OtaFeelFamily(), new VflBeamformingFamily()];

    /// <summary>Whether a document is meant as a scenario, right or wrong: none of the planners' cases has radios or a seed.</summary>
    public static bool IsMeant(ConfigurationObject document) => document.Keys.Contains("radio") && document.Keys.Contains("seed");

    /// <summary>Reads a scenario of any family, by the document's key <c>family</c>.</summary>
    /// <exception cref="ConfigurationException">The family is unknown, or the document is not one of it.</exception>
    public static LoadedScenario Read(ConfigurationObject document)
    {
        string name = document.TextOr("family", Families[0].Name);
        IScenarioFamily family = Families.FirstOrDefault(f => f.Name == name)
            ?? throw document.Error("family", $"found \"{name}\"; it must be one of {string.Join(", ", Families.Select(f => f.Name))}");
        return new LoadedScenario(family, family.Read(document));
    }

    /// <summary>The strategies of a run.</summary>
    /// <param name="family">The scenario's family.</param>
    /// <param name="option">Name of the option that named them.</param>
    /// <param name="chosen">The named ones; empty for the family's default.</param>
    /// <exception cref="ConfigurationException">The family has no such strategy.</exception>
    public static IReadOnlyList<string> Methods(IScenarioFamily family, string option, IReadOnlyList<string> chosen)
    {
        string? unknown = chosen.FirstOrDefault(m => !family.Methods.Contains(m));
        return unknown is null
            ? chosen.Count > 0 ? [.. chosen.Distinct()] : family.DefaultMethods
            : throw new ConfigurationException(option, string.Empty, $"found {unknown}; a scenario of {family.Name} runs {string.Join(", ", family.Methods)}");
    }
}
