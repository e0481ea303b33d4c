using IsacTestbed.Core;
using IsacTestbed.Learning.Kernels;

namespace IsacTestbed.Learning.Networks;

/// <summary>
/// Two-dimensional cross-correlation by steps of one pixel, as a matrix product with the patches under the window.
/// Parameters: kernel height x kernel width x input channels x output channels, then the bias.
/// </summary>
internal sealed class ConvolutionLayer(PatchMatrix patches, int outputChannels) : ILayer
{
    private readonly int _weights = checked(patches.PatchLength * outputChannels);

    public FeatureShape Output { get; } = new(patches.OutputHeight, patches.OutputWidth, outputChannels);

    public int ParameterCount => checked(_weights + outputChannels);

    public string Description =>
        $"conv{patches.KernelHeight}x{patches.KernelWidth}x{outputChannels}pad{patches.PaddingHeight}x{patches.PaddingWidth}";

    public int ScratchLength(int batch) => checked(batch * patches.PatchesPerImage * patches.PatchLength);

    public void Initialise(CounterRandom random, Span<float> parameters) =>
        HeInitialisation.Fill(random, patches.PatchLength, parameters[.._weights], parameters[_weights..]);

    public void Forward(
        MatrixProduct product,
        int batch,
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> input,
        Span<float> output,
        Span<float> scratch)
    {
        patches.Gather(batch, input, scratch);
        int rows = batch * patches.PatchesPerImage;
        ReadOnlySpan<float> weights = parameters[.._weights], biases = parameters[_weights..];
        product.Multiply(rows, outputChannels, patches.PatchLength, scratch, false, weights, false, biases, output);
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
        int rows = batch * patches.PatchesPerImage;
        Span<float> weightGradient = parameterGradient[.._weights];
        product.Multiply(patches.PatchLength, outputChannels, rows, scratch, true, outputGradient, false, default, weightGradient);
        ElementwiseKernels.ColumnSums(outputGradient, parameterGradient[_weights..]);
        if (!inputGradient.IsEmpty)
        {
            // The patches have done their duty: their memory takes their gradient.
            ReadOnlySpan<float> weights = parameters[.._weights];
            product.Multiply(rows, patches.PatchLength, outputChannels, outputGradient, false, weights, true, default, scratch);
            patches.Scatter(batch, scratch, inputGradient);
        }
    }
}
