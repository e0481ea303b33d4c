using System.Globalization;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Tests.Networks;

/// <summary>An oracle: reads the description of an architecture and computes its loss in double precision, by the definitions.</summary>
internal sealed class NaiveNetwork(NetworkArchitecture architecture)
{
    public double[] Logits(ReadOnlySpan<double> weights, ReadOnlySpan<float> sample)
    {
        string[] parts = architecture.Description.Split('-');
        int[] shape = Array.ConvertAll(parts[0].Split('x'), Parse);
        (int height, int width, int channels) = (shape[0], shape[1], shape[2]);
        double[] values = new double[sample.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = sample[i];
        }

        int used = 0;
        foreach (string part in parts[1..])
        {
            if (part.StartsWith("dense", StringComparison.Ordinal))
            {
                int outputs = Parse(part[5..]);
                double[] result = new double[outputs];
                for (int j = 0; j < outputs; j++)
                {
                    result[j] = weights[used + (values.Length * outputs) + j];
                    for (int i = 0; i < values.Length; i++)
                    {
                        result[j] += values[i] * weights[used + (i * outputs) + j];
                    }
                }

                used += (values.Length + 1) * outputs;
                (values, height, width, channels) = (result, 1, 1, outputs);
            }
            else if (part.StartsWith("lrelu", StringComparison.Ordinal))
            {
                double slope = (float)double.Parse(part[5..], CultureInfo.InvariantCulture);
                values = Array.ConvertAll(values, value => value > 0 ? value : slope * value);
            }
            else if (part.StartsWith("pool", StringComparison.Ordinal))
            {
                int[] window = Array.ConvertAll(part[4..].Split('x'), Parse);
                (int rows, int columns) = (height / window[0], width / window[1]);
                double[] result = new double[rows * columns * channels];
                for (int y = 0; y < rows * window[0]; y++)
                {
                    for (int x = 0; x < columns * window[1]; x++)
                    {
                        for (int c = 0; c < channels; c++)
                        {
                            result[((((y / window[0]) * columns) + (x / window[1])) * channels) + c] +=
                                values[(((y * width) + x) * channels) + c] / (window[0] * window[1]);
                        }
                    }
                }

                (values, height, width) = (result, rows, columns);
            }
            else
            {
                Assert.StartsWith("conv", part, StringComparison.Ordinal);
                string[] halves = part[4..].Split("pad");
                int[] kernel = Array.ConvertAll(halves[0].Split('x'), Parse), padding = Array.ConvertAll(halves[1].Split('x'), Parse);
                int outputs = kernel[2], rows = height + (2 * padding[0]) - kernel[0] + 1;
                int columns = width + (2 * padding[1]) - kernel[1] + 1;
                int biases = used + (kernel[0] * kernel[1] * channels * outputs);
                double[] result = new double[rows * columns * outputs];
                for (int i = 0; i < result.Length; i++)
                {
                    (int o, int x, int y) = (i % outputs, i / outputs % columns, i / outputs / columns);
                    result[i] = weights[biases + o];
                    for (int ky = 0; ky < kernel[0]; ky++)
                    {
                        for (int kx = 0; kx < kernel[1]; kx++)
                        {
                            (int sy, int sx) = (y + ky - padding[0], x + kx - padding[1]);
                            for (int c = 0; c < channels && sy >= 0 && sy < height && sx >= 0 && sx < width; c++)
                            {
                                result[i] += values[(((sy * width) + sx) * channels) + c]
                                    * weights[used + (((((ky * kernel[1]) + kx) * channels) + c) * outputs) + o];
                            }
                        }
                    }
                }

                used = biases + outputs;
                (values, height, width, channels) = (result, rows, columns, outputs);
            }
        }

        Assert.Equal(weights.Length, used);
        return values;
    }

    public double MeanLoss(ReadOnlySpan<double> weights, ReadOnlySpan<float> features, ReadOnlySpan<int> labels)
    {
        double total = 0;
        int size = features.Length / labels.Length;
        for (int n = 0; n < labels.Length; n++)
        {
            double[] logits = Logits(weights, features.Slice(n * size, size));
            total += Math.Log(logits.Sum(Math.Exp)) - logits[labels[n]];
        }

        return total / labels.Length;
    }

    private static int Parse(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
