using IsacTestbed.Core;
using IsacTestbed.Learning.Kernels;

namespace IsacTestbed.Learning.Networks;

/// <summary>Means over windows that do not overlap; rows and columns that fill no window are dropped.</summary>
internal sealed class AveragePoolingLayer(FeatureShape shape, int windowHeight, int windowWidth) : ILayer
{
    private readonly float _share = 1f / (windowHeight * windowWidth);

    public FeatureShape Output { get; } = new(shape.Height / windowHeight, shape.Width / windowWidth, shape.Channels);

    public int ParameterCount => 0;

    public string Description => $"pool{windowHeight}x{windowWidth}";

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
        Span<float> scratch)
    {
        output.Clear();
        for (int n = 0; n < batch; n++)
        {
            ReadOnlySpan<float> from = input.Slice(n * shape.Size, shape.Size);
            Span<float> to = output.Slice(n * Output.Size, Output.Size);
            for (int y = 0; y < Output.Height * windowHeight; y++)
            {
                for (int x = 0; x < Output.Width * windowWidth; x++)
                {
                    ElementwiseKernels.AddScaled(_share, Pixel(from, y, x), to.Slice(Window(y, x), shape.Channels));
                }
            }
        }
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
        inputGradient.Clear();
        for (int n = 0; n < batch && !inputGradient.IsEmpty; n++)
        {
            ReadOnlySpan<float> from = outputGradient.Slice(n * Output.Size, Output.Size);
            Span<float> to = inputGradient.Slice(n * shape.Size, shape.Size);
            for (int y = 0; y < Output.Height * windowHeight; y++)
            {
                for (int x = 0; x < Output.Width * windowWidth; x++)
                {
                    ElementwiseKernels.AddScaled(
                        _share,
                        from.Slice(Window(y, x), shape.Channels),
                        to.Slice(((y * shape.Width) + x) * shape.Channels, shape.Channels));
                }
            }
        }
    }

    private ReadOnlySpan<float> Pixel(ReadOnlySpan<float> image, int y, int x) =>
        image.Slice(((y * shape.Width) + x) * shape.Channels, shape.Channels);

    private int Window(int y, int x) => (((y / windowHeight) * Output.Width) + (x / windowWidth)) * shape.Channels;
}
