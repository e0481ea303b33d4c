namespace IsacTestbed.Learning.Networks;

/// <summary>Applies gradients to weights; its memory lasts from one <see cref="Reset"/> to the next.</summary>
public interface IOptimiser
{
    /// <summary>Forgets all previous steps.</summary>
    void Reset();

    /// <summary>Takes one step in place.</summary>
    /// <param name="gradient">The loss's gradient with respect to the weights.</param>
    /// <param name="weights">The weights, as many as the gradient has values.</param>
    /// <param name="rateFactor">Factor of the learning rate in this step, for rates that change over the training.</param>
    void Apply(ReadOnlySpan<float> gradient, Span<float> weights, float rateFactor = 1);
}
