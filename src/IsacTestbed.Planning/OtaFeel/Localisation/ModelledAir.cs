using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>Sums over the air by the signal model (3) to (5) of a plan: one task carries the numbers, the others carry noise-like updates.</summary>
/// <remarks>
/// Every number is one symbol. The devices agree on one scale per message, the root mean square of all they hold, since (1) asks for
/// symbols of variance one. What is no number of the task, the server's noise and the other tasks' white symbols, is drawn as one
/// Gaussian of their summed variance. Mutable (it counts its random numbers), not thread safe.
/// </remarks>
public sealed class ModelledAir
{
    private readonly OtaFeelCase _case;
    private readonly int _task;
    private readonly double[][] _gains;
    private readonly double[] _deviations;
    private readonly CounterRandom _random;
    private ulong _next;

    /// <summary>Creates an air.</summary>
    /// <param name="problem">The case.</param>
    /// <param name="plan">Pulses, precoders and receivers.</param>
    /// <param name="random">Noise of the server and symbols of the other tasks.</param>
    /// <param name="task">The task that carries the numbers, from 0.</param>
    public ModelledAir(OtaFeelCase problem, OtaFeelPlan plan, CounterRandom random, int task = 0)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfNegative(task);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(task, problem.Tasks);
        (_case, _random, _task) = (problem, random, task);
        _gains = [.. Enumerable.Range(0, plan.Pulses.Length).Select(_ => new double[problem.Devices])];
        _deviations = new double[plan.Pulses.Length];
        ComplexMatrix[] arriving = [.. problem.Channels.Zip(plan.Precoders, SmallMatrices.Product)];
        for (int t = 0; t < _gains.Length; t++)
        {
            double variance = 0;
            for (int n = 0; n < problem.ServerAntennas; n++)
            {
                Complex receiver = plan.Receivers[t][n, task];
                variance += problem.NoiseVariance * ((receiver.Real * receiver.Real) + (receiver.Imaginary * receiver.Imaginary));
            }

            for (int k = 0; k < problem.Devices; k++)
            {
                for (int i = 0; i < problem.Tasks; i++)
                {
                    Complex gain = Complex.Zero;
                    for (int n = 0; n < problem.ServerAntennas; n++)
                    {
                        gain += Complex.Conjugate(plan.Receivers[t][n, task]) * arriving[k][n, i] * plan.Pulses[k][t];
                    }

                    if (i == task)
                    {
                        _gains[t][k] = gain.Real;
                    }
                    else
                    {
                        variance += (gain.Real * gain.Real) + (gain.Imaginary * gain.Imaginary);
                    }
                }
            }

            // The numbers are real: half of a circular Gaussian's variance lies beside them.
            _deviations[t] = Math.Sqrt(variance / 2);
        }
    }

    /// <summary>Sums; one message starts at the first interval of a frame.</summary>
    /// <param name="locals">One vector per device, all of one length.</param>
    /// <exception cref="InvalidOperationException">The weights of the task are not all equal, or zero: this air weighs.</exception>
    public double[] Sum(IReadOnlyList<double[]> locals)
    {
        double weight = _case.Weights[0][_task];
        if (weight == 0 || _case.Weights.Any(row => row[_task] != weight))
        {
            throw new InvalidOperationException($"A sum needs equal weights of task {_task} that are not zero.");
        }

        double[] sums = WeightedSum(locals);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] /= weight;
        }

        return sums;
    }

    /// <summary>Sums with the weights of the case; one message starts at the first interval of a frame.</summary>
    /// <param name="locals">One vector per device, all of one length.</param>
    public double[] WeightedSum(IReadOnlyList<double[]> locals)
    {
        ArgumentNullException.ThrowIfNull(locals);
        double scale = Math.Sqrt(locals.Average(local => local.Average(x => x * x)));
        double[] sums = new double[locals[0].Length];
        for (int i = 0; i < sums.Length && scale > 0; i++)
        {
            int t = i % _gains.Length;
            double sum = scale * _deviations[t] * _random.NormalPairAt(_next++).First;
            for (int k = 0; k < locals.Count; k++)
            {
                sum += _gains[t][k] * locals[k][i];
            }

            sums[i] = sum;
        }

        return sums;
    }
}
