using IsacTestbed.Control.Records;

namespace IsacTestbed.Control.Arrays;

/// <summary>Watches a run of array rounds: the screen, a log. Called from one thread at a time, in order.</summary>
public interface IArrayRunObserver
{
    /// <summary>A strategy begins, or goes on at a round above zero after a resume.</summary>
    /// <param name="method">The strategy.</param>
    /// <param name="rounds">Rounds in all.</param>
    /// <param name="nextRound">The round it begins with.</param>
    void MethodStarted(string method, int rounds, int nextRound);

    /// <summary>A round is complete and recorded.</summary>
    void RoundCompleted(ArrayRound round);

    /// <summary>A strategy has ended.</summary>
    void MethodCompleted(ArrayMethodSummary summary);
}
