using IsacTestbed.Learning.Kernels;

namespace IsacTestbed.Learning.Networks;

/// <summary>Plain stochastic gradient descent.</summary>
internal sealed class Sgd(float learningRate) : IOptimiser
{
    public void Reset()
    {
    }

    public void Step(ReadOnlySpan<float> gradient, Span<float> weights) => ElementwiseKernels.AddScaled(-learningRate, gradient, weights);
}
