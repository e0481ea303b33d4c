using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>The aggregation error of any pulses, precoders and receivers: eqs. (6) and (7) of ota-feel, and the receivers (32).</summary>
public static class AggregationError
{
    /// <summary>The expected squared error (6) of the aggregate of one interval, summed over the tasks.</summary>
    /// <param name="problem">Channels, weights and noise.</param>
    /// <param name="pulses">The pulses.</param>
    /// <param name="precoders">C_k, K matrices of M rows and I columns.</param>
    /// <param name="receiver">M[t], N rows and I columns.</param>
    /// <param name="interval">t, from 0.</param>
    public static double At(
        OtaFeelCase problem, PulseSet pulses, IReadOnlyList<ComplexMatrix> precoders, ComplexMatrix receiver, int interval)
    {
        Check(problem, pulses, precoders);
        return At(problem, pulses, Received(problem, precoders), receiver, interval);
    }

    /// <summary>The time average (7) of the error.</summary>
    /// <param name="problem">Channels, weights and noise.</param>
    /// <param name="pulses">The pulses.</param>
    /// <param name="precoders">C_k, K matrices of M rows and I columns.</param>
    /// <param name="receivers">M[t], one matrix of N rows and I columns per interval of the pulses.</param>
    /// <exception cref="ArgumentException">There is not one receiver per interval.</exception>
    public static double TimeAverage(
        OtaFeelCase problem, PulseSet pulses, IReadOnlyList<ComplexMatrix> precoders, IReadOnlyList<ComplexMatrix> receivers)
    {
        Check(problem, pulses, precoders);
        ArgumentNullException.ThrowIfNull(receivers);
        if (receivers.Count != pulses.Length)
        {
            throw new ArgumentException($"{pulses.Length} intervals need as many receivers; found {receivers.Count}.", nameof(receivers));
        }

        ComplexMatrix[] received = Received(problem, precoders);
        return receivers.Select((receiver, t) => At(problem, pulses, received, receiver, t)).Sum() / receivers.Count;
    }

    /// <summary>The receivers (32), one per interval of the pulses: the best ones for the precoders.</summary>
    /// <param name="problem">Channels, weights and noise.</param>
    /// <param name="pulses">The pulses, orthogonal or not.</param>
    /// <param name="precoders">C_k, K matrices of M rows and I columns.</param>
    public static IReadOnlyList<ComplexMatrix> BestReceivers(OtaFeelCase problem, PulseSet pulses, IReadOnlyList<ComplexMatrix> precoders)
    {
        Check(problem, pulses, precoders);
        var kernel = new AggregationKernel(problem, PulseSharing.Orthogonal);
        var batch = new MatrixBatch(problem.Devices, problem.DeviceAntennas, problem.Tasks);
        batch.Load(precoders);
        _ = kernel.Receive(batch);
        int tasks = problem.Tasks;
        ComplexMatrix[] filters = [.. Enumerable.Range(0, problem.Devices).Select(_ => new ComplexMatrix(problem.ServerAntennas, tasks))];
        kernel.Filters.CopyTo(filters);
        var receivers = new ComplexMatrix[pulses.Length];
        for (int t = 0; t < receivers.Length; t++)
        {
            var receiver = new ComplexMatrix(problem.ServerAntennas, tasks);
            for (int k = 0; k < problem.Devices; k++)
            {
                Complex pulse = pulses[k][t];
                ComplexRows.AddMultiple(pulse.Real, pulse.Imaginary, filters[k].Re, filters[k].Im, receiver.Re, receiver.Im);
            }

            receivers[t] = receiver;
        }

        return receivers;
    }

    private static void Check(OtaFeelCase problem, PulseSet pulses, IReadOnlyList<ComplexMatrix> precoders)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(pulses);
        ArgumentNullException.ThrowIfNull(precoders);
        if (pulses.Devices != problem.Devices || precoders.Count != problem.Devices)
        {
            throw new ArgumentException($"The case has {problem.Devices} devices; found {pulses.Devices} pulses and {precoders.Count} precoders.");
        }
    }

    private static double At(OtaFeelCase problem, PulseSet pulses, ComplexMatrix[] received, ComplexMatrix receiver, int interval)
    {
        double sum = problem.NoiseVariance * receiver.SquaredFrobeniusNorm();
        for (int k = 0; k < received.Length; k++)
        {
            Complex pulse = pulses[k][interval];
            for (int i = 0; i < problem.Tasks; i++)
            {
                for (int j = 0; j < problem.Tasks; j++)
                {
                    // Entry (i, j) of M^H H_k C_k p_k - W_k.
                    Complex entry = Complex.Zero;
                    for (int n = 0; n < receiver.Rows; n++)
                    {
                        entry += Complex.Conjugate(receiver[n, i]) * received[k][n, j];
                    }

                    entry = (entry * pulse) - (i == j ? problem.Weights[k][i] : 0);
                    sum += (entry.Real * entry.Real) + (entry.Imaginary * entry.Imaginary);
                }
            }
        }

        return sum;
    }

    private static ComplexMatrix[] Received(OtaFeelCase problem, IReadOnlyList<ComplexMatrix> precoders) =>
    [
        .. problem.Channels.Zip(
            precoders,
            (channel, precoder) => ComplexMatrix.Create(
                channel.Rows,
                precoder.Columns,
                (n, i) =>
                {
                    Complex sum = Complex.Zero;
                    for (int m = 0; m < channel.Columns; m++)
                    {
                        sum += channel[n, m] * precoder[m, i];
                    }

                    return sum;
                })),
    ];
}
