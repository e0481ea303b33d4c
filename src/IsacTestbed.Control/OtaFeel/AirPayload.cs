using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Control.OtaFeel;

/// <summary>Symbols for the intervals of a round: random ones to measure with, or the numbers of a message.</summary>
internal static class AirPayload
{
    /// <summary>Circular Gaussian symbols of variance one, as (1) assumes, per device and task.</summary>
    public static Complex[][][] Random(OtaFeelScenario scenario, int round) =>
    [
        .. scenario.Devices.Select((_, k) =>
        {
            var random = new CounterRandom(scenario.Run.Seed, RandomPurpose.SensingSymbols, (uint)k, (uint)round);
            return Enumerable.Range(0, scenario.Frame.Tasks).Select(i => Enumerable.Range(0, scenario.Frame.Intervals).Select(n =>
            {
                (double re, double im) = random.NormalPairAt(((ulong)i << 32) + (ulong)n);
                return new Complex(re, im) / Math.Sqrt(2);
            }).ToArray()).ToArray();
        }),
    ];

    /// <summary>
    /// One number vector per device as symbols of variance one: two numbers per symbol, the whole repeated as often as the intervals hold it.
    /// </summary>
    /// <param name="Symbols">Per device one symbol per interval that sums.</param>
    /// <param name="Scale">Root mean square of all numbers, which the devices agree on.</param>
    /// <param name="Length">Numbers of a vector.</param>
    /// <param name="Repeats">How often it is repeated.</param>
    public sealed record Message(Complex[][] Symbols, double Scale, int Length, int Repeats)
    {
        /// <summary>Packs a message.</summary>
        /// <param name="locals">One vector per device.</param>
        /// <param name="intervals">Intervals that sum.</param>
        /// <param name="name">What it is, for the complaint.</param>
        /// <exception cref="ConfigurationException">The intervals do not hold it once.</exception>
        public static Message Pack(IReadOnlyList<double[]> locals, int intervals, string name)
        {
            int length = locals[0].Length, symbols = (length + 1) / 2;
            if (symbols > intervals)
            {
                throw new ConfigurationException(
                    "scenario", "frame.frames", $"the {intervals} intervals of a transmission hold {2 * intervals} numbers; {name} takes {length}. Allow more frames");
            }

            double scale = Math.Sqrt(locals.Average(local => local.Average(x => x * x)));
            double unit = scale > 0 ? 1 / (Math.Sqrt(2) * scale) : 0;
            int repeats = intervals / symbols;
            return new Message(
                [
                    .. locals.Select(local => Enumerable.Range(0, intervals).Select(n =>
                    {
                        int at = 2 * (n % symbols);
                        return n / symbols < repeats ? unit * new Complex(local[at], at + 1 < length ? local[at + 1] : 0) : Complex.Zero;
                    }).ToArray()),
                ],
                scale,
                length,
                repeats);
        }

        /// <summary>The sums of the numbers over the devices, the repetitions averaged.</summary>
        /// <param name="sums">What the combiners gave in each interval, with weights of 1 / K.</param>
        /// <param name="task">The task that carried the message.</param>
        public double[] Unpack(IReadOnlyList<Complex[]> sums, int task)
        {
            int symbols = (Length + 1) / 2;
            double unit = Math.Sqrt(2) * Scale * Symbols.Length / Repeats;
            double[] numbers = new double[Length];
            for (int n = 0; n < Repeats * symbols; n++)
            {
                int at = 2 * (n % symbols);
                numbers[at] += unit * sums[n][task].Real;
                if (at + 1 < Length)
                {
                    numbers[at + 1] += unit * sums[n][task].Imaginary;
                }
            }

            return numbers;
        }
    }
}
