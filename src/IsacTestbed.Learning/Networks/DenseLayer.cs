using IsacTestbed.Core;
using IsacTestbed.Learning.Kernels;

namespace IsacTestbed.Learning.Networks;

/// <summary>output = input W + bias. Parameters: W (inputs x outputs, row-major), then the bias. Takes any shape: a sample is contiguous
/// anyway.</summary>
internal sealed class DenseLayer(int inputs, int outputs) : ILayer
{
    public FeatureShape Output { get; } = FeatureShape.Vector(outputs);

    public int ParameterCount { get; } = checked((inputs + 1) * outputs);

    public string Description => $"dense{outputs}";

    public int ScratchLength(int batch) => 0;

    public void Initialise(CounterRandom random, Span<float> parameters) =>
        HeInitialisation.Fill(random, inputs, parameters[..(inputs * outputs)], parameters[(inputs * outputs)..]);

    public void Forward(
        MatrixProduct product,
        int batch,
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> input,
        Span<float> output,
        Span<float> scratch)
    {
        ReadOnlySpan<float> weights = parameters[..(inputs * outputs)], biases = parameters[(inputs * outputs)..];
        product.Multiply(batch, outputs, inputs, input, false, weights, false, biases, output);
    }

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
        int weights = inputs * outputs;
        product.Multiply(inputs, outputs, batch, input, true, outputGradient, false, default, parameterGradient[..weights]);
        ElementwiseKernels.ColumnSums(outputGradient, parameterGradient[weights..]);
        if (!inputGradient.IsEmpty)
        {
            product.Multiply(batch, inputs, outputs, outputGradient, false, parameters[..weights], true, default, inputGradient);
        }
    }
}
