using IsacTestbed.Core;
using IsacTestbed.Ether;

namespace IsacTestbed.Cli.Families;

/// <summary>A kind of scenario: what its document says, the air that is emulated for it, and the experiment that runs on it.</summary>
internal interface IScenarioFamily
{
    /// <summary>The value of the document's key <c>family</c>.</summary>
    string Name { get; }

    /// <summary>All strategies that it can run.</summary>
    IReadOnlyList<string> Methods { get; }

    /// <summary>Those that run when none is named.</summary>
    IReadOnlyList<string> DefaultMethods { get; }

    /// <summary>Reads and checks a document, whose key <c>family</c> has been read.</summary>
    /// <exception cref="ConfigurationException">A key is missing, unknown, of the wrong kind or out of range.</exception>
    IFamilyScenario Read(ConfigurationObject document);
}

/// <summary>A scenario that has been read and checked.</summary>
internal interface IFamilyScenario
{
    /// <summary>Its name; part of the run folder's.</summary>
    string Name { get; }

    /// <summary>Its seed.</summary>
    ulong Seed { get; }

    /// <summary>The emulated air: the truth, including what no planner knows.</summary>
    AirScene Scene();

    /// <summary>Complains, before anything is recorded, where a strategy needs what is not there.</summary>
    /// <param name="methods">The strategies that are to run.</param>
    /// <exception cref="ConfigurationException">Something is missing, or does not fit.</exception>
    void Require(IReadOnlyList<string> methods)
    {
    }

    /// <summary>Runs the experiment and shows it.</summary>
    /// <returns>The exit code.</returns>
    Task<int> RunAsync(RunRequest request, CancellationToken cancellationToken);
}
