namespace IsacTestbed.Learning.Networks;

/// <summary>How local training turns gradients into steps.</summary>
/// <param name="LearningRate">Size of a step, positive.</param>
public abstract record OptimiserSettings(float LearningRate)
{
    /// <summary>Creates the optimiser at rest.</summary>
    /// <param name="parameterCount">Number of weights.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public abstract IOptimiser Create(int parameterCount);

    private protected void RequirePositiveLearningRate()
    {
        if (!(LearningRate > 0) || !float.IsFinite(LearningRate))
        {
            throw new ArgumentException($"The learning rate {LearningRate} must be positive.");
        }
    }
}

/// <summary>Plain stochastic gradient descent, as in eq. (5) of isac-fl: w -= rate gradient.</summary>
/// <param name="LearningRate">Size of a step, positive.</param>
public sealed record SgdSettings(float LearningRate) : OptimiserSettings(LearningRate)
{
    /// <inheritdoc/>
    public override IOptimiser Create(int parameterCount)
    {
        RequirePositiveLearningRate();
        return new Sgd(LearningRate);
    }
}

/// <summary>Adam (Kingma and Ba, ICLR 2015) with bias correction.</summary>
/// <param name="LearningRate">Size of a step, positive.</param>
/// <param name="Beta1">Memory of the mean, in [0, 1).</param>
/// <param name="Beta2">Memory of the mean square, in [0, 1).</param>
/// <param name="Epsilon">Added to the root of the mean square, positive.</param>
public sealed record AdamSettings(float LearningRate = 1e-3f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-8f)
    : OptimiserSettings(LearningRate)
{
    /// <summary>This many times the weights is added to the gradient; at least 0.</summary>
    public float WeightDecay { get; init; }

    /// <inheritdoc/>
    public override IOptimiser Create(int parameterCount)
    {
        RequirePositiveLearningRate();
        if (!(WeightDecay >= 0) || !float.IsFinite(WeightDecay))
        {
            throw new ArgumentException($"The weight decay {WeightDecay} must be at least 0.");
        }

        if (Beta1 is not (>= 0 and < 1) || Beta2 is not (>= 0 and < 1) || !(Epsilon > 0))
        {
            throw new ArgumentException($"Adam needs betas in [0, 1) and a positive epsilon, not {Beta1}, {Beta2} and {Epsilon}.");
        }

        return new Adam(this, parameterCount);
    }
}
