using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Planning.Tests.VflBeamforming;

/// <summary>Cases over the whole range of sizes, without any geometry: Rayleigh channels with gains and noises over decades.</summary>
internal static class RandomCases
{
    public static VflBeamformingCase Draw(ulong seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 1);
        int Whole(ulong index, int low, int high) => low + random.IntegerAt(index, high - low + 1);
        return Draw(seed, Whole(0, 1, 3), Whole(1, 1, 3), Whole(2, 1, 3), Whole(3, 1, 12), Whole(4, 0, 10) / 10.0);
    }

    public static VflBeamformingCase Draw(ulong seed, int cells, int users, int targets, int antennas, double rho)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 2);
        ulong index = 0;
        double Decades(double low, double high) => low * Math.Pow(high / low, random.UniformAt(index++));
        ComplexMatrix[][] Channels(int rows, double low, double high) =>
        [
            .. Enumerable.Range(0, cells).Select(n => Enumerable.Range(0, cells).Select(m =>
            {
                // Other cells are weaker as a rule, not always.
                double gain = Math.Sqrt(Decades(low, high) * (n == m ? 1 : Decades(0.01, 2)) / 2);
                return ComplexMatrix.Create(rows, antennas, (_, _) =>
                {
                    (double re, double im) = random.NormalPairAt(1_000_000 + index++);
                    return new Complex(gain * re, gain * im);
                });
            }).ToArray()),
        ];
        return new VflBeamformingCase(Decades(0.1, 10), Decades(1e-3, 1), Decades(1e-3, 1), rho, Channels(users, 0.1, 10), Channels(targets, 0.01, 1));
    }

    /// <summary>Any beams within the power limit.</summary>
    public static ComplexMatrix[] AnyBeams(VflBeamformingCase problem, ulong seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 3);
        return
        [
            .. Enumerable.Range(0, problem.Cells).Select(m =>
            {
                var raw = ComplexMatrix.Create(problem.Antennas, problem.Users, (i, k) =>
                {
                    (double re, double im) = random.NormalPairAt((ulong)((m * 10_000) + (i * 100) + k));
                    return new Complex(re, im);
                });
                double scale = Math.Sqrt(problem.PowerWatts * random.UniformAt((ulong)(1_000_000 + m)) / raw.SquaredFrobeniusNorm());
                return ComplexMatrix.Create(problem.Antennas, problem.Users, (i, k) => scale * raw[i, k]);
            }),
        ];
    }

    /// <summary>Beams in square root watts, as the inner search sees them.</summary>
    public static BeamSet Normalise(VflBeamformingCase problem, IReadOnlyList<ComplexMatrix> beamformers)
    {
        var beams = new BeamSet(problem.Shape);
        for (int m = 0; m < problem.Cells; m++)
        {
            for (int k = 0; k < problem.Users; k++)
            {
                for (int i = 0; i < problem.Antennas; i++)
                {
                    Complex entry = beamformers[m][i, k] / Math.Sqrt(problem.PowerWatts);
                    (beams.Re[beams.Start(m, k) + i], beams.Im[beams.Start(m, k) + i]) = (entry.Real, entry.Imaginary);
                }
            }
        }

        return beams;
    }
}
