using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Arrays;

/// <summary>One radio of an array study.</summary>
/// <param name="Id">Its id.</param>
/// <param name="TransmitElements">Elements that transmit; zero for a receiver.</param>
/// <param name="ReceiveElements">Elements that receive; zero for a transmitter.</param>
public sealed record ArrayRadio(string Id, int TransmitElements, int ReceiveElements);

/// <summary>A planner's family on the air: how one round is sounded, planned, transmitted and measured. One per run; not thread safe.</summary>
/// <remarks>A round is a function of scenario, strategy and round number alone, so that a resumed run gives the same bytes.</remarks>
public interface IArrayStudy
{
    /// <summary>The family's name, as in <c>iscc</c>.</summary>
    string Family { get; }

    /// <summary>Name, seed, rounds, tuning and sounding of its scenario.</summary>
    ArrayRunSection Run { get; }

    /// <summary>The radios, with distinct ids.</summary>
    IReadOnlyList<ArrayRadio> Radios { get; }

    /// <summary>Complains, before anything is recorded, where a strategy needs what is not there.</summary>
    /// <param name="methods">The strategies that are to run.</param>
    /// <exception cref="ConfigurationException">Something is missing, or does not fit.</exception>
    void Require(IReadOnlyList<string> methods)
    {
    }

    /// <summary>Does one round.</summary>
    /// <param name="bench">The radios.</param>
    /// <param name="method">The strategy.</param>
    /// <param name="round">The round, from zero.</param>
    /// <param name="cancellationToken">Mutes the radios.</param>
    /// <exception cref="ConfigurationException">The scenario does not fit what the round needs.</exception>
    /// <exception cref="Radio.RadioException">A radio or the way to it failed.</exception>
    Task<ArrayRound> RunRoundAsync(IArrayBench bench, string method, int round, CancellationToken cancellationToken);
}
