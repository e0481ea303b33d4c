using IsacTestbed.Core;
using IsacTestbed.Learning.Kernels;

namespace IsacTestbed.Learning.Networks;

/// <summary>The layers of a classifier, from the shape of a sample to one logit per class. All parameters form one flat vector, layer
/// after layer.</summary>
/// <remarks>Immutable and thread safe: each call that adds a layer returns a new architecture. Two that compute the same have the same
/// <see cref="Description"/>.</remarks>
public sealed class NetworkArchitecture
{
    private readonly ILayer[] _layers;

    private NetworkArchitecture(FeatureShape input, ILayer[] layers)
    {
        Input = input;
        _layers = layers;
        ParameterCount = layers.Aggregate(0, (sum, layer) => checked(sum + layer.ParameterCount));
        Description = string.Join('-', layers.Select(layer => layer.Description).Prepend(input.ToString()));
    }

    /// <summary>Shape of a sample.</summary>
    public FeatureShape Input { get; }

    /// <summary>Shape of the last layer's output.</summary>
    public FeatureShape Output => _layers.Length == 0 ? Input : _layers[^1].Output;

    /// <summary>Number of classes: the values of the last layer's output.</summary>
    public int Classes => Output.Size;

    /// <summary>Length of the parameter vector.</summary>
    public int ParameterCount { get; }

    /// <summary>The layers in one line, such as <c>1x1x784-dense256-lrelu0.01-dense10</c>; saved weights carry it.</summary>
    public string Description { get; }

    internal ReadOnlySpan<ILayer> Layers => _layers;

    /// <summary>Starts an architecture.</summary>
    /// <param name="input">Shape of a sample; a vector or height x width x channels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is not positive.</exception>
    public static NetworkArchitecture From(FeatureShape input)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(input.Height, nameof(input));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(input.Width, nameof(input));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(input.Channels, nameof(input));
        return new NetworkArchitecture(input, []);
    }

    /// <summary>Dense layers with leaky rectifiers between them; isac-fl trains 784-256-256-10 on MNIST.</summary>
    /// <param name="input">Shape of a sample.</param>
    /// <param name="hidden">Widths of the hidden layers.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="slope">Slope of the rectifiers below zero.</param>
    public static NetworkArchitecture Perceptron(FeatureShape input, ReadOnlySpan<int> hidden, int classes, float slope = 0.01f)
    {
        NetworkArchitecture architecture = From(input);
        foreach (int width in hidden)
        {
            architecture = architecture.Dense(width).LeakyRelu(slope);
        }

        return architecture.Dense(classes);
    }

    /// <summary>Two 3 x 3 convolutions, each with a leaky rectifier and a 2 x 2 average, and a dense layer: for maps of at least 4 x 4
    /// cells.</summary>
    /// <param name="input">Shape of a sample, such as range x angle x 1.</param>
    /// <param name="channels">Channels of the first convolution; the second has twice as many.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="slope">Slope of the rectifiers below zero.</param>
    public static NetworkArchitecture SmallConvolutional(FeatureShape input, int channels, int classes, float slope = 0.01f) =>
        From(input)
            .Convolution(channels, 3, 3, 1, 1).LeakyRelu(slope).AveragePooling(2, 2)
            .Convolution(2 * channels, 3, 3, 1, 1).LeakyRelu(slope).AveragePooling(2, 2)
            .Dense(classes);

    /// <summary>Adds a dense layer over all values of the output so far.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive.</exception>
    public NetworkArchitecture Dense(int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        return With(new DenseLayer(Output.Size, width));
    }

    /// <summary>Adds a two-dimensional convolution by steps of one pixel.</summary>
    /// <param name="channels">Channels of its output.</param>
    /// <param name="kernelHeight">Rows of the window.</param>
    /// <param name="kernelWidth">Columns of the window.</param>
    /// <param name="paddingHeight">Rows of zeros above and below, less than the window's.</param>
    /// <param name="paddingWidth">Columns of zeros on either side, less than the window's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the padding is not below the window's size.</exception>
    /// <exception cref="ArgumentException">The window is larger than the padded input.</exception>
    public NetworkArchitecture Convolution(int channels, int kernelHeight, int kernelWidth, int paddingHeight = 0, int paddingWidth = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernelHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernelWidth);
        ArgumentOutOfRangeException.ThrowIfNegative(paddingHeight);
        ArgumentOutOfRangeException.ThrowIfNegative(paddingWidth);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(paddingHeight, kernelHeight);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(paddingWidth, kernelWidth);
        FeatureShape input = Output;
        var patches = new PatchMatrix(input.Height, input.Width, input.Channels, kernelHeight, kernelWidth, paddingHeight, paddingWidth);
        if (patches.OutputHeight < 1 || patches.OutputWidth < 1)
        {
            throw new ArgumentException($"A {kernelHeight} x {kernelWidth} window does not fit into {input}.", nameof(kernelHeight));
        }

        return With(new ConvolutionLayer(patches, channels));
    }

    /// <summary>Adds means over windows that do not overlap; rows and columns that fill no window are dropped.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive or larger than the output so far.</exception>
    public NetworkArchitecture AveragePooling(int windowHeight, int windowWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windowHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windowWidth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(windowHeight, Output.Height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(windowWidth, Output.Width);
        return With(new AveragePoolingLayer(Output, windowHeight, windowWidth));
    }

    /// <summary>Adds a leaky rectifier: what is positive passes, the rest is scaled by the slope.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not in [0, 1].</exception>
    public NetworkArchitecture LeakyRelu(float slope = 0.01f)
    {
        if (slope is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(slope), slope, "The slope of a leaky rectifier lies in [0, 1].");
        }

        return With(new LeakyReluLayer(Output, slope));
    }

    /// <summary>Initial parameters: He's normal weights and zero biases, from <see cref="RandomPurpose.WeightInitialisation"/>.</summary>
    public float[] InitialWeights(ulong seed)
    {
        float[] weights = new float[ParameterCount];
        int first = 0;
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Initialise(
                new CounterRandom(seed, RandomPurpose.WeightInitialisation, (uint)i), weights.AsSpan(first, _layers[i].ParameterCount));
            first += _layers[i].ParameterCount;
        }

        return weights;
    }

    /// <inheritdoc/>
    public override string ToString() => Description;

    private NetworkArchitecture With(ILayer layer) => new(Input, [.. _layers, layer]);
}
