using IsacTestbed.Core;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Kernels;

namespace IsacTestbed.Learning.Networks;

/// <summary>Runs an architecture: forward and backward passes over batches, for weights that the caller owns.</summary>
/// <remarks>
/// Holds the memory of one pass, which grows to the largest batch seen and is then reused. One caller at a time. Results do not depend on
/// the number of threads.
/// </remarks>
public sealed class Network : IDisposable
{
    private const int EvaluationBatch = 256;

    private readonly WorkTeam _team;
    private readonly MatrixProduct _product;
    private readonly float[][] _outputs;
    private readonly float[][] _gradients;
    private readonly float[][] _scratch;
    private int _capacity;

    /// <summary>Prepares to run an architecture.</summary>
    /// <param name="architecture">The layers, at least one.</param>
    /// <param name="threads">Threads that share each matrix product, the caller's included; at least 1.</param>
    /// <exception cref="ArgumentException">The architecture has no layer.</exception>
    public Network(NetworkArchitecture architecture, int threads = 1)
    {
        if (architecture.Layers.IsEmpty)
        {
            throw new ArgumentException("A network needs at least one layer.", nameof(architecture));
        }

        Architecture = architecture;
        _team = new WorkTeam(threads);
        _product = new MatrixProduct(_team);
        int layers = architecture.Layers.Length;
        _outputs = new float[layers][];
        _gradients = new float[layers][];
        _scratch = new float[layers][];
    }

    /// <summary>The layers.</summary>
    public NetworkArchitecture Architecture { get; }

    /// <summary>Computes the logits of a batch.</summary>
    /// <param name="weights">The parameter vector.</param>
    /// <param name="features">batch x input size, row-major.</param>
    /// <param name="logits">Receives batch x classes.</param>
    /// <exception cref="ArgumentException">A length does not fit the architecture.</exception>
    public void Logits(ReadOnlySpan<float> weights, ReadOnlySpan<float> features, Span<float> logits)
    {
        RequireWeights(weights);
        int batch = logits.Length / Architecture.Classes;
        RequireFeatures(features, batch);
        if (logits.Length != batch * Architecture.Classes)
        {
            throw new ArgumentException($"{logits.Length} is no multiple of {Architecture.Classes} classes.", nameof(logits));
        }

        Forward(weights, features, batch).CopyTo(logits);
    }

    /// <summary>Computes the mean cross entropy of a batch and its gradient with respect to the weights.</summary>
    /// <param name="weights">The parameter vector.</param>
    /// <param name="features">batch x input size, row-major.</param>
    /// <param name="labels">One class per sample, at least one sample.</param>
    /// <param name="gradient">Receives the gradient, as long as the weights.</param>
    /// <returns>Mean loss in nats; not finite if training has diverged.</returns>
    /// <exception cref="ArgumentException">A length does not fit the architecture, or a label is no class.</exception>
    public double LossAndGradient(ReadOnlySpan<float> weights, ReadOnlySpan<float> features, ReadOnlySpan<int> labels, Span<float> gradient)
    {
        RequireWeights(weights);
        RequireFeatures(features, labels.Length);
        if (labels.IsEmpty)
        {
            throw new ArgumentException("A batch needs at least one sample.", nameof(labels));
        }

        if (gradient.Length != weights.Length)
        {
            throw new ArgumentException($"The gradient has {gradient.Length} values, the weights have {weights.Length}.", nameof(gradient));
        }

        foreach (int label in labels)
        {
            if ((uint)label >= (uint)Architecture.Classes)
            {
                throw new ArgumentException($"Label {label} is not in 0 .. {Architecture.Classes - 1}.", nameof(labels));
            }
        }

        int batch = labels.Length;
        ReadOnlySpan<float> logits = Forward(weights, features, batch);
        double loss = SoftmaxCrossEntropy.MeanLossAndGradient(logits, labels, _gradients[^1].AsSpan(0, logits.Length));
        Backward(weights, features, batch, gradient);
        return loss;
    }

    /// <summary>Carries a gradient with respect to the outputs of the last <see cref="Logits"/> back to the weights, for losses of the caller's own.</summary>
    /// <param name="weights">The parameter vector of that call.</param>
    /// <param name="features">The features of that call.</param>
    /// <param name="outputGradient">batch x outputs, row-major.</param>
    /// <param name="gradient">Receives the gradient, as long as the weights.</param>
    /// <exception cref="ArgumentException">A length does not fit the architecture, or the batch is larger than any before.</exception>
    public void Backpropagate(ReadOnlySpan<float> weights, ReadOnlySpan<float> features, ReadOnlySpan<float> outputGradient, Span<float> gradient)
    {
        RequireWeights(weights);
        int batch = outputGradient.Length / Architecture.Classes;
        RequireFeatures(features, batch);
        if (outputGradient.Length != batch * Architecture.Classes || batch > _capacity)
        {
            throw new ArgumentException($"{outputGradient.Length} values are no gradient of a batch of {Architecture.Classes} outputs that was computed before.", nameof(outputGradient));
        }

        if (gradient.Length != weights.Length)
        {
            throw new ArgumentException($"The gradient has {gradient.Length} values, the weights have {weights.Length}.", nameof(gradient));
        }

        outputGradient.CopyTo(_gradients[^1]);
        Backward(weights, features, batch, gradient);
    }

    /// <summary>Evaluates weights on samples.</summary>
    /// <exception cref="ArgumentException">There is no sample, or the samples do not fit the architecture.</exception>
    public Evaluation Evaluate(ReadOnlySpan<float> weights, LabelledSamples samples)
    {
        RequireWeights(weights);
        samples.RequireFit(Architecture);
        if (samples.Count == 0)
        {
            throw new ArgumentException("There is no sample to evaluate on.", nameof(samples));
        }

        int classes = Architecture.Classes, size = Architecture.Input.Size;
        int[] countByRank = new int[classes];
        double loss = 0;
        for (int start = 0; start < samples.Count; start += EvaluationBatch)
        {
            int batch = Math.Min(EvaluationBatch, samples.Count - start);
            ReadOnlySpan<float> logits = Forward(weights, samples.Features.Span.Slice(start * size, batch * size), batch);
            for (int n = 0; n < batch; n++)
            {
                ReadOnlySpan<float> row = logits.Slice(n * classes, classes);
                int label = samples.Labels.Span[start + n];
                loss += SoftmaxCrossEntropy.Loss(row, label);
                countByRank[Rank(row, label)]++;
            }
        }

        return new Evaluation(loss / samples.Count, countByRank);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _team.Dispose();

    // Written as negations so that a logit that is not a number ranks before the label.
    private static int Rank(ReadOnlySpan<float> logits, int label)
    {
        int rank = 0;
        for (int j = 0; j < logits.Length; j++)
        {
            if (j != label && !(j < label ? logits[j] < logits[label] : logits[j] <= logits[label]))
            {
                rank++;
            }
        }

        return rank;
    }

    private ReadOnlySpan<float> Forward(ReadOnlySpan<float> weights, ReadOnlySpan<float> features, int batch)
    {
        Reserve(batch);
        ReadOnlySpan<float> input = features;
        int first = 0;
        ReadOnlySpan<ILayer> layers = Architecture.Layers;
        for (int i = 0; i < layers.Length; i++)
        {
            ILayer layer = layers[i];
            Span<float> output = _outputs[i].AsSpan(0, batch * layer.Output.Size);
            layer.Forward(
                _product,
                batch,
                weights.Slice(first, layer.ParameterCount),
                input,
                output,
                _scratch[i].AsSpan(0, layer.ScratchLength(batch)));
            first += layer.ParameterCount;
            input = output;
        }

        return input;
    }

    private void Backward(ReadOnlySpan<float> weights, ReadOnlySpan<float> features, int batch, Span<float> gradient)
    {
        ReadOnlySpan<ILayer> layers = Architecture.Layers;
        int end = weights.Length;
        for (int i = layers.Length - 1; i >= 0; i--)
        {
            ILayer layer = layers[i];
            int first = end - layer.ParameterCount;
            ReadOnlySpan<float> input = i == 0 ? features : _outputs[i - 1].AsSpan(0, batch * layers[i - 1].Output.Size);
            layer.Backward(
                _product,
                batch,
                weights[first..end],
                input,
                _gradients[i].AsSpan(0, batch * layer.Output.Size),
                i == 0 ? default : _gradients[i - 1].AsSpan(0, input.Length),
                gradient[first..end],
                _scratch[i].AsSpan(0, layer.ScratchLength(batch)));
            end = first;
        }
    }

    private void Reserve(int batch)
    {
        if (batch <= _capacity)
        {
            return;
        }

        ReadOnlySpan<ILayer> layers = Architecture.Layers;
        for (int i = 0; i < layers.Length; i++)
        {
            _outputs[i] = new float[checked(batch * layers[i].Output.Size)];
            _gradients[i] = new float[_outputs[i].Length];
            _scratch[i] = new float[layers[i].ScratchLength(batch)];
        }

        _capacity = batch;
    }

    private void RequireWeights(ReadOnlySpan<float> weights)
    {
        if (weights.Length != Architecture.ParameterCount)
        {
            throw new ArgumentException(
                $"{weights.Length} weights for the {Architecture.ParameterCount} parameters of {Architecture}.", nameof(weights));
        }
    }

    private void RequireFeatures(ReadOnlySpan<float> features, int batch)
    {
        if (features.Length != (long)batch * Architecture.Input.Size)
        {
            throw new ArgumentException($"{features.Length} features are not {batch} samples of {Architecture.Input}.", nameof(features));
        }
    }
}
