using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>Precoders from which a descent starts; none is zero, since C_k = 0 is a fixed point of the iteration.</summary>
internal static class StartingPoints
{
    /// <summary>Number of starts that the refined method tries in any case.</summary>
    public const int Count = 24;

    private const int FirstUneven = 8;
    private const double FaintPower = 1e-3;
    private const ulong Seed = 0x6F74616665656CUL;
    private const double Blur = 0.2;

    /// <summary>A start.</summary>
    /// <param name="problem">The case.</param>
    /// <param name="number">
    /// 0: every device along the strongest directions of its channel at full power, slightly blurred so that no two streams coincide; 1: the
    /// same with powers in proportion to the weights; above: random directions, from 8 on with every other device, drawn, all but silent: a
    /// descent decides early who is heard, and keeps to it.
    /// </param>
    public static ComplexMatrix[] Create(OtaFeelCase problem, int number)
    {
        double largest = problem.Weights.Max(row => row.Max(Math.Abs));
        return
        [
            .. problem.Channels.Select((channel, k) =>
            {
                ComplexMatrix start = Random(problem, number, k);
                if (number <= 1)
                {
                    AddMatched(channel, start);
                }

                double weight = largest > 0 ? problem.Weights[k].Max(Math.Abs) / largest : 1;
                return Scaled(start, problem.PowerWatts * (number == 1 ? Math.Max(weight, 0.01) : Faint(number, k) ? FaintPower : 1));
            }),
        ];
    }

    /// <summary>A random precoder of one device at full power.</summary>
    /// <param name="problem">The case.</param>
    /// <param name="number">Another precoder for every number.</param>
    /// <param name="device">The device.</param>
    public static ComplexMatrix Drawn(OtaFeelCase problem, int number, int device) =>
        Scaled(Random(problem, Count + number, device), problem.PowerWatts);

    private static bool Faint(int number, int device) =>
        number >= FirstUneven && new CounterRandom(Seed, RandomPurpose.OptimiserStart, (uint)number).UniformAt((ulong)device) < 0.5;

    private static ComplexMatrix Random(OtaFeelCase problem, int number, int device)
    {
        var random = new CounterRandom(Seed, RandomPurpose.OptimiserStart, (uint)number, (uint)device);
        double scale = number <= 1 ? Blur : 1;
        return ComplexMatrix.Create(
            problem.DeviceAntennas,
            problem.Tasks,
            (m, i) =>
            {
                (double re, double im) = random.NormalPairAt((ulong)((m * problem.Tasks) + i));
                return new System.Numerics.Complex(scale * re, scale * im);
            });
    }

    // Adds one right singular vector per task, the strongest first.
    private static void AddMatched(ComplexMatrix channel, ComplexMatrix start)
    {
        int antennas = channel.Columns;
        var gram = new ComplexMatrix(antennas, antennas);
        for (int n = 0; n < channel.Rows; n++)
        {
            ReadOnlySpan<double> re = channel.Re.AsSpan(n * antennas, antennas), im = channel.Im.AsSpan(n * antennas, antennas);
            for (int a = 0; a < antennas; a++)
            {
                ComplexRows.AddMultiple(re[a], -im[a], re, im, gram.Re.AsSpan(a * antennas, antennas), gram.Im.AsSpan(a * antennas, antennas));
            }
        }

        var spectrum = new JacobiWorkspace(antennas);
        spectrum.Decompose(gram);
        for (int i = 0; i < start.Columns; i++)
        {
            int j = antennas - 1 - (i % antennas);
            for (int m = 0; m < antennas; m++)
            {
                start.Re[(m * start.Columns) + i] += spectrum.Vectors.Re[(j * antennas) + m];
                start.Im[(m * start.Columns) + i] -= spectrum.Vectors.Im[(j * antennas) + m];
            }
        }
    }

    private static ComplexMatrix Scaled(ComplexMatrix matrix, double power) => matrix.Times(Math.Sqrt(power / matrix.SquaredFrobeniusNorm()));
}
