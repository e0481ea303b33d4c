using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>Sums over the air by the signal model (3) to (5) of a plan: the first task carries the numbers, the others carry noise-like updates.</summary>
/// <remarks>
/// Every number is one symbol. The devices agree on one scale per message, the root mean square of all they hold, since (1) asks for
/// symbols of variance one. A run on radios replaces this class by real transmissions. Mutable (it counts its random numbers), not thread
/// safe.
/// </remarks>
public sealed class ModelledAir
{
    private readonly OtaFeelCase _case;
    private readonly OtaFeelPlan _plan;
    private readonly CounterRandom _random;
    private ulong _next;

    /// <summary>Creates an air.</summary>
    /// <param name="problem">The case; the weights of its first task are all equal and not zero.</param>
    /// <param name="plan">Pulses, precoders and receivers.</param>
    /// <param name="random">Noise of the server and symbols of the other tasks.</param>
    public ModelledAir(OtaFeelCase problem, OtaFeelPlan plan, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(plan);
        if (problem.Weights.Any(row => row[0] != problem.Weights[0][0]) || problem.Weights[0][0] == 0)
        {
            throw new ArgumentException("A sum needs equal weights of the first task that are not zero.", nameof(problem));
        }

        (_case, _plan, _random) = (problem, plan, random);
    }

    /// <summary>Sums; one message starts at the first interval of a frame.</summary>
    /// <param name="locals">One vector per device, all of one length.</param>
    public double[] Sum(IReadOnlyList<double[]> locals)
    {
        ArgumentNullException.ThrowIfNull(locals);
        int length = locals[0].Length;
        double scale = Math.Sqrt(locals.Average(local => local.Average(x => x * x)));
        double[] sums = new double[length];
        for (int i = 0; i < length && scale > 0; i++)
        {
            sums[i] = scale * Interval(locals, i, scale) / _case.Weights[0][0];
        }

        return sums;
    }

    private double Interval(IReadOnlyList<double[]> locals, int index, double scale)
    {
        int t = index % _plan.Pulses.Length, antennas = _case.DeviceAntennas;
        Complex result = Complex.Zero;
        var received = new Complex[_case.ServerAntennas];
        double noise = Math.Sqrt(_case.NoiseVariance);
        for (int n = 0; n < received.Length; n++)
        {
            received[n] = noise * Normal();
        }

        for (int k = 0; k < locals.Count; k++)
        {
            var sent = new Complex[antennas];
            for (int task = 0; task < _case.Tasks; task++)
            {
                Complex symbol = task == 0 ? locals[k][index] / scale : Normal();
                for (int m = 0; m < antennas; m++)
                {
                    sent[m] += _plan.Precoders[k][m, task] * symbol * _plan.Pulses[k][t];
                }
            }

            for (int n = 0; n < received.Length; n++)
            {
                for (int m = 0; m < antennas; m++)
                {
                    received[n] += _case.Channels[k][n, m] * sent[m];
                }
            }
        }

        for (int n = 0; n < received.Length; n++)
        {
            result += Complex.Conjugate(_plan.Receivers[t][n, 0]) * received[n];
        }

        return result.Real;
    }

    private Complex Normal()
    {
        (double re, double im) = _random.NormalPairAt(_next++);
        return new Complex(re, im) / Math.Sqrt(2);
    }
}
