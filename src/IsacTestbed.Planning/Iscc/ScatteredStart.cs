using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>Starts of the design anywhere: beams between the strongest paths and any direction, powers over four decades.</summary>
/// <remarks>
/// Where arrays are overloaded it is the balance of the powers that parts the valleys, and no step downhill leads from one to the next. One
/// number gives one start, whatever was tried before.
/// </remarks>
internal static class ScatteredStart
{
    private const ulong Seed = 0x15CD;
    private const double Decades = 4;

    /// <summary>Draws a start.</summary>
    /// <param name="network">The case.</param>
    /// <param name="number">Which start, from 0.</param>
    /// <returns>Beams, and K data powers in watts.</returns>
    public static (BeamSet Beams, double[] DataPower) Anywhere(Network network, int number)
    {
        var strongest = BeamSet.Strongest(network);
        var directions = new ComplexVector[2 * network.Count];
        double turn = new CounterRandom(Seed, RandomPurpose.OptimiserStart, (uint)number, (uint)directions.Length).UniformAt(0);
        double[] power = new double[network.Count];
        for (int i = 0; i < directions.Length; i++)
        {
            var random = new CounterRandom(Seed, RandomPurpose.OptimiserStart, (uint)number, (uint)i);
            directions[i] = DisturbedStart.Turned(strongest.Directions[i], 2 * turn, random);
            if (i < network.Count)
            {
                power[i] = network.Problem.MaxPowerWatts * Math.Pow(10, -Decades * random.UniformAt(0));
            }
        }

        return (new BeamSet(network, directions), power);
    }
}
