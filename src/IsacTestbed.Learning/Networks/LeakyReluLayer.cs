using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Learning.Kernels;

namespace IsacTestbed.Learning.Networks;

/// <summary>Passes what is positive, scales the rest by the slope.</summary>
internal sealed class LeakyReluLayer(FeatureShape shape, float slope) : ILayer
{
    public FeatureShape Output => shape;

    public int ParameterCount => 0;

    public string Description => string.Create(CultureInfo.InvariantCulture, $"lrelu{slope}");

    public int ScratchLength(int batch) => 0;

    public void Initialise(CounterRandom random, Span<float> parameters)
    {
    }

    public void Forward(
        MatrixProduct product,
        int batch,
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> input,
        Span<float> output,
        Span<float> scratch) =>
        ElementwiseKernels.LeakyRelu(slope, input, output);

    public void Backward(
        MatrixProduct product,
        int batch,
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<float> inputGradient,
        Span<float> parameterGradient,
        Span<float> scratch)
    {
        if (!inputGradient.IsEmpty)
        {
            ElementwiseKernels.LeakyReluGradient(slope, input, outputGradient, inputGradient);
        }
    }
}
