using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.Iscc;

/// <summary>Cases drawn over wide ranges of every parameter: one to ten users, one to sixty-four antennas, rich and line-of-sight channels.</summary>
internal static class RandomCases
{
    public static IsccCase Draw(ulong seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 7);
        ulong index = 0;
        double Uniform(double low, double high) => low + ((high - low) * random.UniformAt(index++));
        double Decades(double low, double high) => Math.Exp(Uniform(Math.Log(low), Math.Log(high)));
        int Antennas() => (int)Math.Round(Decades(1, 64));

        int users = 1 + (int)(10 * random.UniformAt(index++));
        int ap = Antennas(), transmit = Antennas(), receive = Antennas();
        bool rich = random.UniformAt(index++) < 0.5, manyEchoes = random.UniformAt(index++) < 0.2;
        double threshold = Decades(0.02, 4);
        var list = new IsccUser[users];
        var channels = new ComplexMatrix[users];
        var echoes = new ComplexMatrix[users];
        double workScale = 0;
        for (int k = 0; k < users; k++)
        {
            double bits = Decades(1e5, 2e6), latency = Uniform(0.1, 1), cycles = Decades(300, 2000);
            double work = bits * cycles;
            list[k] = new IsccUser(bits, latency, cycles, work / latency * Decades(0.2, 5), Decades(3e-29, 3e-28), Decades(3e-29, 3e-28), Decades(0.05, 10));
            workScale += work / latency;
            double gain = Math.Sqrt(Decades(10, 3e4) / (ap * transmit)), echo = Math.Sqrt(Decades(2, 1e3) * threshold / (transmit * receive));
            channels[k] = rich ? Rich(ap, transmit, gain) : Rank(ap, transmit, gain, 1);
            echoes[k] = Rank(receive, transmit, echo, manyEchoes ? 2 : 1);
        }

        // Powers are in units of the budget and of the noise up to here.
        const double power = 0.01, noise = 3e-12;
        double scale = Math.Sqrt(noise / power);
        return new IsccCase(
            Decades(2e6, 5e7),
            power,
            noise,
            noise,
            threshold,
            workScale * Decades(0.3, 5),
            list,
            [.. channels.Select(h => Scaled(h, scale))],
            [.. echoes.Select(h => Scaled(h, scale))]);

        ComplexMatrix Rich(int rows, int columns, double amplitude) => ComplexMatrix.Create(rows, columns, (_, _) => amplitude * Normal());

        ComplexMatrix Rank(int rows, int columns, double amplitude, int paths)
        {
            (double Arrival, double Departure, Complex Gain)[] list =
                [.. Enumerable.Range(0, paths).Select(i => (Uniform(-1, 1), Uniform(-1, 1), Complex.FromPolarCoordinates(i == 0 ? amplitude : 0.3 * amplitude, Uniform(0, 6.28))))];
            return ComplexMatrix.Create(rows, columns, (i, j) => list.Aggregate(
                Complex.Zero, (sum, p) => sum + (p.Gain * Complex.FromPolarCoordinates(1, Math.PI * ((i * p.Arrival) - (j * p.Departure))))));
        }

        Complex Normal()
        {
            (double re, double im) = random.NormalPairAt(1_000_000 + index++);
            return new Complex(re, im) / Math.Sqrt(2);
        }
    }

    private static ComplexMatrix Scaled(ComplexMatrix matrix, double factor) =>
        ComplexMatrix.Create(matrix.Rows, matrix.Columns, (i, j) => factor * matrix[i, j]);
}
