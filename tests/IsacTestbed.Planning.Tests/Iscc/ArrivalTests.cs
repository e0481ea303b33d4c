using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.Iscc;

/// <summary>What arrives of the users at a receiver: bounds against beams that no bound chose, and where they are exact.</summary>
public sealed class ArrivalTests
{
    private const double Budget = 0.01;
    private const double Noise = 3e-12;

    [Theory]
    [InlineData(3, 2, 2)]
    [InlineData(4, 4, 2)]
    [InlineData(6, 3, 4)]
    [InlineData(16, 8, 3)]
    public void Behind_RandomBeamsOfOthers_LeaveNoMoreThanThat(int antennas, int transmit, int users)
    {
        int limited = 0;
        double tightest = 0;
        for (ulong seed = 0; seed < 60; seed++)
        {
            var draw = new Draw(seed, antennas, transmit, users);
            if (SpreadArrivals.Of(draw.Receivers) is not { } arrivals)
            {
                continue;
            }

            // Each user sends two beams of random directions and powers within its budget; the bound hears of a part of what they have along b.
            double heard = draw.Uniform(0.5, 1);
            (ComplexVector Own, ComplexVector Other)[] beams = [.. Enumerable.Range(0, users).Select(k => draw.Beams(k))];
            double[] own = [.. beams.Select((b, k) => heard * Squared(draw.Receivers.Norms[k].Right.Inner(b.Own)))];
            double[] other = [.. beams.Select((b, k) => heard * Squared(draw.Receivers.Others[k].Right.Inner(b.Other)))];
            CholeskyFactor disturbance = CholeskyFactor.TryCreate(draw.Disturbance(0, beams))!;

            // What was found for less goes on from there.
            double[] splits = new double[SpreadArrivals.BeamsPerUser * users], budget = [.. Enumerable.Repeat(Budget, users)];
            double alone = arrivals.Behind(0, new double[users], new double[users], budget, splits).Gain;
            _ = arrivals.Behind(0, [.. own.Select(p => 0.3 * p)], [.. other.Select(p => 0.3 * p)], budget, splits);
            ArrivalLimit limit = arrivals.Behind(0, own, other, budget, splits);
            limited += limit.Gain < 0.9 * alone ? 1 : 0;
            for (int i = 0; i < 20; i++)
            {
                ComplexVector beam = i == 0 ? draw.Best(0, disturbance) : draw.Beams(0).Own;
                double power = beam.SquaredNorm(), sinr = draw.Sinr(0, beam, disturbance), along = Squared(draw.Receivers.Norms[0].Right.Inner(beam));
                Assert.True(sinr <= limit.Gain * power * (1 + 1e-9), $"seed {seed}: {sinr} above {limit.Gain * power}");
                Assert.True(limit.LeastAlong(sinr, power) <= along * (1 + 1e-9), $"seed {seed}: {limit.LeastAlong(sinr, power)} above {along}");
                tightest = Math.Max(tightest, sinr / (limit.Gain * power));
            }

            if (limit.Frontier(draw.Receivers.Others[0].Right) is { } frontier)
            {
                ComplexVector seen = draw.Receivers.Channels[0].Times(draw.Receivers.Others[0].Right);
                ComplexMatrix noise = draw.Disturbance(0, beams);
                for (int i = 0; i < 20; i++)
                {
                    // A combiner, mostly near the best one, its gain per watt and the part of it along the other beam's direction.
                    ComplexVector w = draw.Receivers.Channels[0].Times(draw.Beams(0).Own);
                    disturbance.Solve(w);
                    double heardNoise = w.Inner(noise.Times(w)).Real * Noise;
                    double gain = draw.Receivers.Channels[0].AdjointTimes(w).SquaredNorm() / heardNoise, aligned = Squared(w.Inner(seen)) / heardNoise;
                    Assert.True(
                        Enumerable.Range(0, frontier.Count - 1).Any(p =>
                            frontier.Gain(p) >= gain * (1 - 1e-9) && frontier.Aligned(p + 1) / frontier.Gain(p) <= (aligned / gain) + 1e-9),
                        $"seed {seed}: gain {gain}, aligned {aligned} lie outside");
                }
            }
        }

        Assert.True(limited > 5 && tightest > 0.8, $"{limited} limited, tightest {tightest}");
    }

    [Fact]
    public void Behind_OthersWithAllPowerAlongTheirDirections_IsNearlyExact()
    {
        // Nothing is left that could arrive otherwise: the bound is the largest eigenvalue, up to the excess of its proof and to what the form
        // adds, whose parts across and beside the direction need not belong to the same beam.
        for (ulong seed = 0; seed < 20; seed++)
        {
            var draw = new Draw(seed, 8, 5, 3);
            SpreadArrivals arrivals = SpreadArrivals.Of(draw.Receivers)!;
            double[] own = [.. Enumerable.Repeat(Budget, 3)];
            (ComplexVector Own, ComplexVector Other)[] beams =
            [
                .. draw.Receivers.Norms.Select(n =>
                {
                    ComplexVector beam = n.Right.Clone();
                    beam.Scale(Math.Sqrt(Budget));
                    return (beam, new ComplexVector(beam.Length));
                }),
            ];
            CholeskyFactor factor = CholeskyFactor.TryCreate(draw.Disturbance(0, beams))!;
            ComplexVector best = draw.Best(0, factor);
            double largest = draw.Sinr(0, best, factor) / best.SquaredNorm();
            Assert.InRange(arrivals.Behind(0, own, new double[3], own, new double[6]).Gain, largest * (1 - 1e-9), largest * 1.1);
        }
    }

    [Fact]
    public void LeastAlong_AgainstAFineScanOfAngles_IsTheLeastThatReaches()
    {
        var random = new CounterRandom(7, RandomPurpose.Test, 41);
        int between = 0;
        for (ulong i = 0; i < 300; i++)
        {
            double along = random.UniformAt(4 * i), beside = along * random.UniformAt((4 * i) + 1), across = Math.Sqrt(along * beside) * random.UniformAt((4 * i) + 2);
            var form = new ArrivalForm(along, across, beside);
            double budget = 3, sinr = 1.2 * form.Gain * budget * random.UniformAt((4 * i) + 3);
            double scanned = budget;
            for (int step = 0; step <= 20000; step++)
            {
                double alpha = Math.Sqrt(budget) * step / 20000, q = Math.Sqrt(Math.Max(0, budget - (alpha * alpha)));
                if ((alpha * alpha * along) + (2 * alpha * q * across) + (q * q * beside) >= sinr)
                {
                    scanned = alpha * alpha;
                    break;
                }
            }

            double least = form.LeastAlong(sinr, budget);
            between += least > 0 && least < 0.99 * budget ? 1 : 0;
            if (sinr < form.Gain * budget)
            {
                Assert.InRange(least, scanned - (3e-4 * budget), scanned + 1e-9);
            }
        }

        Assert.True(between > 50, $"only {between}");
    }

    private static double Squared(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);

    /// <summary>Channels of one strong and many weak paths, or of weak ones only, and beams over them.</summary>
    private sealed class Draw
    {
        private readonly CounterRandom _random;
        private ulong _index;

        public Draw(ulong seed, int antennas, int transmit, int users)
        {
            _random = new CounterRandom(seed, RandomPurpose.Test, 40);
            double strength = Math.Sqrt(Noise / Budget * Uniform(1, 300) / transmit), rest = Uniform(0.02, 0.5);
            ComplexMatrix[] channels = [.. Enumerable.Range(0, users).Select(_ => Channel(antennas, transmit, strength, rest))];
            ComplexMatrix[] others = [.. Enumerable.Range(0, users).Select(_ => Channel(antennas, transmit, strength, 0))];
            Receivers = new Receivers(channels, [.. channels.Select(SpectralNorm.Of)], [.. others.Select(SpectralNorm.Of)], Noise, Budget);
        }

        public Receivers Receivers { get; }

        public double Uniform(double low, double high) => low + ((high - low) * _random.UniformAt(_index++));

        // The two share the budget; mostly along the dominant directions, so that something is known of them.
        public (ComplexVector Own, ComplexVector Other) Beams(int user)
        {
            double share = Uniform(0, 1), spent = Uniform(0.3, 1);
            return (Beam(Receivers.Norms[user].Right, spent * share), Beam(Receivers.Others[user].Right, spent * (1 - share)));
        }

        // Noise and what arrives of all others, in units of the noise.
        public ComplexMatrix Disturbance(int user, (ComplexVector Own, ComplexVector Other)[] beams)
        {
            ComplexVector[] arriving =
            [
                .. beams.SelectMany((b, k) => k == user
                    ? (ComplexVector[])[]
                    : [Receivers.Channels[k].Times(b.Own), Receivers.Channels[k].Times(b.Other)]),
            ];
            int n = Receivers.Channels[0].Rows;
            return ComplexMatrix.Create(n, n, (i, j) => arriving.Aggregate((Complex)(i == j ? 1 : 0), (sum, x) => sum + (x[i] * Complex.Conjugate(x[j]) / Noise)));
        }

        public double Sinr(int user, ComplexVector beam, CholeskyFactor disturbance)
        {
            ComplexVector arriving = Receivers.Channels[user].Times(beam), solved = arriving.Clone();
            disturbance.Solve(solved);
            return arriving.Inner(solved).Real / Noise;
        }

        // The beam of the largest SINR at full power.
        public ComplexVector Best(int user, CholeskyFactor disturbance)
        {
            ComplexMatrix channel = Receivers.Channels[user];
            ComplexVector[] columns = [.. Enumerable.Range(0, channel.Columns).Select(channel.Column)];
            ComplexVector[] solved =
            [
                .. columns.Select(c =>
                {
                    ComplexVector x = c.Clone();
                    disturbance.Solve(x);
                    return x;
                }),
            ];
            var eigen = HermitianEigen.Of(ComplexMatrix.Create(channel.Columns, channel.Columns, (i, j) => columns[i].Inner(solved[j]) / Noise));
            ComplexVector best = eigen.Vectors.Column(Array.IndexOf(eigen.Values, eigen.Values.Max()));
            best.Scale(Math.Sqrt(Budget));
            return best;
        }

        private ComplexVector Beam(ComplexVector toward, double share)
        {
            var beam = new ComplexVector(toward.Length);
            for (int i = 0; i < beam.Length; i++)
            {
                (beam.Re[i], beam.Im[i]) = _random.NormalPairAt(1_000_000 + _index++);
            }

            beam.Normalise();
            beam.Scale(Uniform(0, 0.5));
            beam.Add(1, toward);
            beam.Normalise();
            beam.Scale(Math.Sqrt(share * Budget));
            return beam;
        }

        private ComplexMatrix Channel(int rows, int columns, double strength, double rest)
        {
            double arrival = Uniform(-1.5, 1.5) / rows, departure = Uniform(-1, 1);
            return ComplexMatrix.Create(rows, columns, (i, j) =>
            {
                (double re, double im) = _random.NormalPairAt(1_000_000 + _index++);
                return strength * (Complex.FromPolarCoordinates(1, Math.PI * ((i * arrival) - (j * departure))) + (rest * new Complex(re, im)));
            });
        }
    }
}
