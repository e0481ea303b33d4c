using IsacTestbed.Core;
using IsacTestbed.Learning.Kernels;

namespace IsacTestbed.Learning.Networks;

/// <summary>One layer: an immutable description with its two passes. Parameters and all memory belong to the caller, so threads share
/// it.</summary>
internal interface ILayer
{
    /// <summary>Shape of the output for one sample.</summary>
    FeatureShape Output { get; }

    /// <summary>Length of the layer's part of the parameter vector.</summary>
    int ParameterCount { get; }

    /// <summary>The layer in a few characters, as recorded with saved weights.</summary>
    string Description { get; }

    /// <summary>Floats that the forward pass leaves for the backward pass.</summary>
    int ScratchLength(int batch);

    /// <summary>Draws initial parameters.</summary>
    void Initialise(CounterRandom random, Span<float> parameters);

    /// <summary>Computes the output of a batch.</summary>
    void Forward(
        MatrixProduct product,
        int batch,
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> input,
        Span<float> output,
        Span<float> scratch);

    /// <summary>Computes the loss's gradients from its gradient with respect to the output; all destinations are overwritten.</summary>
    /// <param name="inputGradient">Empty if nobody needs it.</param>
    void Backward(
        MatrixProduct product,
        int batch,
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<float> inputGradient,
        Span<float> parameterGradient,
        Span<float> scratch);
}
