namespace IsacTestbed.Learning.Networks;

/// <summary>The loss -log softmax(logits)[label].</summary>
internal static class SoftmaxCrossEntropy
{
    /// <summary>The loss of one sample, computed in double precision.</summary>
    public static double Loss(ReadOnlySpan<float> logits, int label)
    {
        float largest = Largest(logits);
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return Math.Log(sum) - (logits[label] - largest);
    }

    /// <summary>The mean loss of a batch, and its gradient with respect to the logits.</summary>
    /// <param name="logits">batch x classes.</param>
    /// <param name="labels">One per sample.</param>
    /// <param name="gradient">Receives batch x classes.</param>
    public static double MeanLossAndGradient(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> gradient)
    {
        int classes = logits.Length / labels.Length;
        double total = 0;
        float share = 1f / labels.Length;
        for (int n = 0; n < labels.Length; n++)
        {
            ReadOnlySpan<float> row = logits.Slice(n * classes, classes);
            Span<float> slope = gradient.Slice(n * classes, classes);
            float largest = Largest(row);
            double sum = 0;
            for (int j = 0; j < classes; j++)
            {
                slope[j] = MathF.Exp(row[j] - largest);
                sum += slope[j];
            }

            float scale = (float)(share / sum);
            for (int j = 0; j < classes; j++)
            {
                slope[j] *= scale;
            }

            slope[labels[n]] -= share;
            total += Math.Log(sum) - (row[labels[n]] - largest);
        }

        return total / labels.Length;
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        float largest = values[0];
        foreach (float value in values)
        {
            largest = MathF.Max(largest, value);
        }

        return largest;
    }
}
