using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.Iscc;

/// <summary>
/// Cases with one path per channel in which users differ by decades: in their signal to noise ratios, in what their tasks cost at home, and in
/// the power that pays, which may be a thousandth of the budget.
/// </summary>
/// <param name="users">Number of users.</param>
internal sealed class LineOfSightCases(int users)
{
    private static readonly int[] ApAntennas = [1, 2, 4, 8, 16];
    private static readonly int[] UserAntennas = [1, 2, 4, 8];

    public IsccCase Draw(ulong seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 83);
        ulong index = 0;
        double Uniform(double low, double high) => low + ((high - low) * random.UniformAt(index++));
        double Decades(double low, double high) => Math.Pow(10, Uniform(low, high));
        int OneOf(int[] list) => list[(int)(list.Length * random.UniformAt(index++))];

        int ap = OneOf(ApAntennas), transmit = OneOf(UserAntennas), receive = OneOf(UserAntennas);
        double apNoise = Decades(-14, -10), sensingNoise = Decades(-14, -10), power = Decades(-2, 1), clocks = 0;
        var list = new IsccUser[users];
        var channels = new ComplexMatrix[users];
        var echoes = new ComplexMatrix[users];
        for (int k = 0; k < users; k++)
        {
            channels[k] = Path(ap, transmit, Math.Sqrt(Decades(-1, 3) * apNoise / power), Uniform(-1, 1), Uniform(-1, 1));
            double target = Uniform(-1, 1);
            echoes[k] = Path(receive, transmit, Math.Sqrt(Decades(0, 3) * sensingNoise / power), target, target);
            double bits = Decades(4.5, 6.5), latency = Decades(-1.3, 0.3), cycles = Decades(2, 3.2), clock = bits * cycles / latency;
            list[k] = new IsccUser(bits, latency, cycles, clock * Decades(-0.5, 0.5), Decades(-28, -26), Decades(-29, -27), Decades(-1, 1));
            clocks += clock;
        }

        return new IsccCase(Decades(6, 8), power, apNoise, sensingNoise, Decades(-1.5, 0.5), clocks * Decades(-0.5, 1), list, channels, echoes);
    }

    private static ComplexMatrix Path(int rows, int columns, double amplitude, double arrival, double departure) =>
        ComplexMatrix.Create(rows, columns, (i, j) => Complex.FromPolarCoordinates(amplitude, Math.PI * ((i * arrival) - (j * departure))));
}
