namespace IsacTestbed.Learning.Networks;

/// <summary>How well a model does on a set of samples.</summary>
public sealed class Evaluation
{
    private readonly int[] _countByRank;

    internal Evaluation(double loss, int[] countByRank)
    {
        Loss = loss;
        _countByRank = countByRank;
        Count = countByRank.Sum();
    }

    /// <summary>Samples that were evaluated.</summary>
    public int Count { get; }

    /// <summary>Mean cross entropy in nats.</summary>
    public double Loss { get; }

    /// <summary>Share of samples whose label has the largest logit.</summary>
    public double Accuracy => TopAccuracy(1);

    /// <summary>Share of samples whose label is among the <paramref name="candidates"/> largest logits.</summary>
    /// <remarks>Of equal logits the lower class wins. A logit that is not a number wins over the label: a diverged model has accuracy
    /// 0.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Not positive or above the number of classes.</exception>
    public double TopAccuracy(int candidates)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(candidates);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(candidates, _countByRank.Length);
        return (double)_countByRank.AsSpan(0, candidates).ToArray().Sum() / Count;
    }
}
