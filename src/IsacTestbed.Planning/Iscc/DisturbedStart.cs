using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>Starts of the design around a point that it ended at: other valleys are often a turn of a few beams away.</summary>
/// <remarks>
/// Every data beam is turned by a Gaussian vector and its power changed by up to 10 dB either way; sensing beams stay, since turned ones
/// mostly miss their thresholds. One number gives one start, whatever was tried before.
/// </remarks>
internal static class DisturbedStart
{
    private const ulong Seed = 0x15CC;
    private const double Turn = 0.5;
    private const double Decades = 1;

    // Of the power budget, the least data power of a start.
    private const double Faintest = 1e-6;

    /// <summary>Draws a start.</summary>
    /// <param name="point">The point.</param>
    /// <param name="number">Which start, from 0.</param>
    /// <returns>Beams, and K data powers in watts.</returns>
    public static (BeamSet Beams, double[] DataPower) Around(OperatingPoint point, int number)
    {
        Network network = point.Beams.Network;
        double budget = network.Problem.MaxPowerWatts;
        var directions = new ComplexVector[2 * network.Count];
        double[] power = new double[network.Count];
        for (int i = 0; i < directions.Length; i++)
        {
            directions[i] = point.Beams.Directions[i];
            if (i < network.Count)
            {
                var random = new CounterRandom(Seed, RandomPurpose.OptimiserStart, (uint)number, (uint)i);
                directions[i] = Turned(directions[i], Turn, random);
                power[i] = Math.Clamp(point.Power[i] * Math.Pow(10, Decades * ((2 * random.UniformAt(0)) - 1)), Faintest * budget, budget);
            }
        }

        return (new BeamSet(network, directions), power);
    }

    /// <summary>A beam turned by a Gaussian vector.</summary>
    /// <param name="beam">Of unit norm.</param>
    /// <param name="turn">Root mean square norm of that vector.</param>
    /// <param name="random">Numbers from 1 on are drawn.</param>
    public static ComplexVector Turned(ComplexVector beam, double turn, CounterRandom random)
    {
        ComplexVector turned = beam.Clone();
        double scale = turn / Math.Sqrt(2 * beam.Length);
        for (int m = 0; m < beam.Length; m++)
        {
            (double re, double im) = random.NormalPairAt((ulong)m + 1);
            turned[m] += new Complex(scale * re, scale * im);
        }

        return turned.Normalise() ? turned : beam;
    }
}
