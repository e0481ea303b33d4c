namespace IsacTestbed.Learning.Networks;

/// <summary>Applies gradients to weights; its memory lasts from one <see cref="Reset"/> to the next.</summary>
internal interface IOptimiser
{
    /// <summary>Forgets all previous steps.</summary>
    void Reset();

    /// <summary>Takes one step in place.</summary>
    void Step(ReadOnlySpan<float> gradient, Span<float> weights);
}
