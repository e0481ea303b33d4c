using IsacTestbed.Learning.Kernels;

namespace IsacTestbed.Learning.Networks;

/// <summary>Plain stochastic gradient descent.</summary>
internal sealed class Sgd(float learningRate) : IOptimiser
{
    public void Reset()
    {
    }

    public void Apply(ReadOnlySpan<float> gradient, Span<float> weights, float rateFactor = 1) =>
        ElementwiseKernels.AddScaled(-learningRate * rateFactor, gradient, weights);
}
