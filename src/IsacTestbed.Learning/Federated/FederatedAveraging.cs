using System.Numerics;
using System.Runtime.InteropServices;

namespace IsacTestbed.Learning.Federated;

/// <summary>The aggregation of isac-fl: eq. (12) with the weights of eq. (13).</summary>
public static class FederatedAveraging
{
    private const int BlockLength = 1024;

    /// <summary>w = sum over the devices that arrived of D_k w_k / sum D_k, summed in double precision in the order of device
    /// numbers.</summary>
    /// <param name="arrived">Updates of the devices with C_k = 1, in any order.</param>
    /// <param name="weights">Receives the average; left as it is if nobody arrived or none had samples.</param>
    /// <returns>Whether there was anything to average: W_t > 0.</returns>
    /// <exception cref="ArgumentException">An update has the wrong length, or a device appears twice.</exception>
    public static bool Average(IReadOnlyList<DeviceUpdate> arrived, Span<float> weights)
    {
        DeviceUpdate[] updates = [.. arrived.OrderBy(update => update.Device)];
        double samples = 0;
        for (int k = 0; k < updates.Length; k++)
        {
            DeviceUpdate update = updates[k];
            ArgumentOutOfRangeException.ThrowIfNegative(update.SampleCount, nameof(arrived));
            if (update.Weights.Length != weights.Length)
            {
                throw new ArgumentException(
                    $"Device {update.Device} has {update.Weights.Length} weights, the model {weights.Length}.", nameof(arrived));
            }

            if (k > 0 && updates[k - 1].Device == update.Device)
            {
                throw new ArgumentException($"Device {update.Device} appears twice.", nameof(arrived));
            }

            samples += update.SampleCount;
        }

        if (samples == 0)
        {
            return false;
        }

        Span<double> sums = stackalloc double[BlockLength];
        for (int start = 0; start < weights.Length; start += BlockLength)
        {
            Span<float> block = weights[start..Math.Min(weights.Length, start + BlockLength)];
            Span<double> sum = sums[..block.Length];
            sum.Clear();
            foreach (DeviceUpdate update in updates)
            {
                if (update.SampleCount > 0)
                {
                    AddScaled(update.SampleCount / samples, update.Weights.Span.Slice(start, block.Length), sum);
                }
            }

            for (int i = 0; i < block.Length; i++)
            {
                block[i] = (float)sum[i];
            }
        }

        return true;
    }

    private static void AddScaled(double scale, ReadOnlySpan<float> source, Span<double> destination)
    {
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(source);
        Span<Vector<double>> y = MemoryMarshal.Cast<double, Vector<double>>(destination);
        for (int i = 0; i < x.Length; i++)
        {
            Vector.Widen(x[i], out Vector<double> low, out Vector<double> high);
            y[2 * i] += low * scale;
            y[(2 * i) + 1] += high * scale;
        }

        for (int i = x.Length * Vector<float>.Count; i < source.Length; i++)
        {
            destination[i] += source[i] * scale;
        }
    }
}
