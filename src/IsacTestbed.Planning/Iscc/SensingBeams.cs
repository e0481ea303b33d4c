using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Sensing beams that give way to each other, for echoes of several paths: in turn each user takes the direction that needs the least power
/// beside the others' present ones, the dominant eigenvector of H~^H Q^-1 H~ with Q the interference and noise at its receiver.
/// </summary>
internal static class SensingBeams
{
    private const int PowerSteps = 12;

    /// <summary>One turn of all users.</summary>
    /// <param name="network">The case.</param>
    /// <param name="directions">K unit vectors; replaced.</param>
    /// <param name="power">K powers in watts, at most the budget; replaced.</param>
    public static void Turn(Network network, ComplexVector[] directions, double[] power)
    {
        IsccCase problem = network.Problem;
        int count = directions.Length;
        for (int k = 0; k < count; k++)
        {
            ComplexVector[] others =
            [
                .. Enumerable.Range(0, count).Where(j => j != k).Select(j =>
                {
                    ComplexVector echo = problem.SensingChannels[j].Times(directions[j]);
                    echo.Scale(Math.Sqrt(power[j] / problem.SensingNoiseWatts));
                    return echo;
                }),
            ];
            CholeskyFactor? factor = others.Length == 0
                ? null
                : CholeskyFactor.TryCreate(ComplexMatrix.Create(
                    others.Length, others.Length, (i, j) => others[i].Inner(others[j]) + (i == j ? 1 : 0)));
            double gain = 0;
            for (int step = 0; step < PowerSteps; step++)
            {
                ComplexVector image = problem.SensingChannels[k].Times(directions[k]), clear = image.Clone();
                if (factor is not null)
                {
                    Complex[] weights = factor.Solve([.. others.Select(o => o.Inner(image))]);
                    for (int i = 0; i < others.Length; i++)
                    {
                        clear.Add(-weights[i], others[i]);
                    }
                }

                gain = image.Inner(clear).Real / problem.SensingNoiseWatts;
                ComplexVector next = problem.SensingChannels[k].AdjointTimes(clear);
                if (!next.Normalise())
                {
                    break;
                }

                directions[k] = next;
            }

            power[k] = Math.Min(problem.MaxPowerWatts, gain > 0 ? problem.SensingSinrThreshold / gain : problem.MaxPowerWatts);
        }
    }
}
