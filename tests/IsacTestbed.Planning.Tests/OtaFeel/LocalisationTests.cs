using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Planning.Tests.OtaFeel;

public sealed class LocalisationTests
{
    private const int Devices = 8;
    private const int Antennas = 4;
    private const int Length = 16;
    private static readonly SensingScene Scene = LocalisationScenes.Draw(1, Devices, Antennas);
    private static readonly ComplexMatrix[] Precoders = LocalisationScenes.Precoders(2, Devices, Antennas, 2, 1);

    [Fact]
    public void Response_AtKnownPlaces_IsEquation9WithHalfAWavelength()
    {
        // 3 m up at a distance of 5 m: gain 1/25, sine 0.6, phase -0.6 pi per antenna.
        var scene = new SensingScene([new Location(1, 2, 0)], 3);

        Complex[] response = scene.Response(0, new Location(5, 2, 3));

        for (int m = 0; m < 3; m++)
        {
            Complex expected = Complex.FromPolarCoordinates(1 / 25.0, -0.6 * Math.PI * m);
            Assert.True((expected - response[m]).Magnitude < 1e-15);
        }

        Assert.Equal(0.2, (scene with { PathGainExponent = 1 }).Response(0, new Location(5, 2, 3))[0].Real, 1e-15);
        Assert.Equal(2.0 / 25, (scene with { ReferenceGain = 2 }).Response(0, new Location(5, 2, 3))[0].Real, 1e-15);
    }

    [Fact]
    public void Gradient_AnyPlace_IsTheDerivativeOfTheLossByItsDefinition()
    {
        DeviceStatistics[] statistics = Draw(1e-13, 3);
        Span<double> gradient = stackalloc double[3];
        var places = new CounterRandom(4, RandomPurpose.Test);
        for (ulong trial = 0; trial < 10; trial++)
        {
            var place = new Location(96 + (15 * places.UniformAt(3 * trial)), -10 + (20 * places.UniformAt((3 * trial) + 1)), 0.2 + (2 * places.UniformAt((3 * trial) + 2)));
            foreach (DeviceStatistics local in statistics)
            {
                double value = new LocalisationLoss(Scene, local).Gradient(place, gradient);
                double definition = Definition(local, place);
                Assert.Equal(definition, value, 1e-9 * definition);
                Assert.Equal(definition, new LocalisationLoss(Scene, local).At(place), 1e-9 * definition);
                for (int i = 0; i < 3; i++)
                {
                    // Central differences: error of the order of h^2 and of rounding over h.
                    const double h = 1e-4;
                    double slope = (Definition(local, Moved(place, i, h)) - Definition(local, Moved(place, i, -h))) / (2 * h);
                    double scale = Math.Abs(gradient[0]) + Math.Abs(gradient[1]) + Math.Abs(gradient[2]);
                    Assert.Equal(slope, gradient[i], (1e-5 * scale) + (1e-10 * definition / h));
                }
            }
        }
    }

    [Fact]
    public void FisherInformation_AgainstItsDefinition_NeedsTheFactorTwo()
    {
        // J = E g g^T with g the gradient of the log-likelihood at the true place, taken by differences of the definition over many draws.
        const double Noise = 1e-12;
        const int Trials = 600;
        FisherInformation information = FisherInformation.Of(Scene, LocalisationScenes.Target, Precoders, Length, [.. Enumerable.Repeat(Noise, Devices)]);
        var mean = new double[3, 3];
        for (uint trial = 0; trial < Trials; trial++)
        {
            DeviceStatistics[] statistics = Draw(Noise, trial);
            double[] g = new double[3];
            for (int i = 0; i < 3; i++)
            {
                const double h = 1e-4;
                g[i] = statistics.Sum(s => Definition(s, Moved(LocalisationScenes.Target, i, -h)) - Definition(s, Moved(LocalisationScenes.Target, i, h))) / (2 * h);
            }

            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 3; j++)
                {
                    mean[i, j] += g[i] * g[j] / Trials;
                }
            }
        }

        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                // g is nearly Gaussian: the variance of g_i g_j is J_ii J_jj + J_ij^2. Four standard errors, and nine entries.
                double spread = Math.Sqrt(((information[i, i] * information[j, j]) + (information[i, j] * information[i, j])) / Trials);
                Assert.InRange(mean[i, j], information[i, j] - (4 * spread), information[i, j] + (4 * spread));
            }
        }

        // Without the factor 2 of (22) the diagonal would lie far outside.
        Assert.True(mean[2, 2] > 1.5 * information[2, 2] / 2);
    }

    [Fact]
    public void FisherInformation_WithInterference_IsThatOfTheColouredNoise()
    {
        // Against the definition with the covariance I + q a a^H inverted and the derivatives taken by differences.
        const double Q = 1e6;
        Location v = LocalisationScenes.Target;
        ComplexMatrix energy = EchoEnergy.Of(Precoders[0], Length, 1e-12);
        var information = new FisherInformation();
        information.Add(Scene, 0, v, energy, Q);
        var clean = new FisherInformation();
        clean.Add(Scene, 0, v, energy);
        MathNet.Numerics.LinearAlgebra.Matrix<Complex> Gain(Location place)
        {
            var a = MathNet.Numerics.LinearAlgebra.Vector<Complex>.Build.Dense(Scene.Response(0, place)).ToColumnMatrix();
            return a * a.Transpose();
        }

        var response = MathNet.Numerics.LinearAlgebra.Vector<Complex>.Build.Dense(Scene.Response(0, v)).ToColumnMatrix();
        var weight = (MathNet.Numerics.LinearAlgebra.Matrix<Complex>.Build.DenseIdentity(Antennas) + (Q * response * response.ConjugateTranspose())).Inverse();
        var e = MathNet.Numerics.LinearAlgebra.Matrix<Complex>.Build.Dense(Antennas, Antennas, (i, j) => energy[i, j]);
        const double h = 1e-4;
        var slopes = Enumerable.Range(0, 3).Select(i => (Gain(Moved(v, i, h)) - Gain(Moved(v, i, -h))) / (2 * h)).ToArray();
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double expected = 2 * (slopes[i] * e * slopes[j].ConjugateTranspose() * weight).Trace().Real;
                double scale = Math.Sqrt(clean[i, i] * clean[j, j]);
                Assert.Equal(expected, information[i, j], 1e-6 * scale);
            }
        }

        Assert.True(information[2, 2] < clean[2, 2]);
    }

    [Fact]
    public void CramerRaoBound_MoreEnergy_FallsInProportionAndStaysAboveTheorem2()
    {
        double[] noise = [.. Enumerable.Range(1, Devices).Select(k => 1e-12 * k)];
        double bound = FisherInformation.Of(Scene, LocalisationScenes.Target, Precoders, Length, noise).CramerRaoBound();
        double longer = FisherInformation.Of(Scene, LocalisationScenes.Target, Precoders, 2 * Length, noise).CramerRaoBound();
        Assert.Equal(bound / 2, longer, 1e-9 * bound);

        double rho = EchoEnergy.TheoremConstant(Scene, LocalisationScenes.Target);
        double energy = Precoders.Sum(c => c.SquaredFrobeniusNorm());
        double theorem = rho / (noise.Sum(v => 1 / v) * Length * energy);
        Assert.InRange(theorem, double.Epsilon, bound);
    }

    [Fact]
    public void CramerRaoBound_OneDevice_IsInfinite()
    {
        SensingScene one = new([Scene.Devices[0]], Antennas);

        double bound = FisherInformation.Of(one, LocalisationScenes.Target, [Precoders[0]], Length, [1e-12]).CramerRaoBound();

        Assert.Equal(double.PositiveInfinity, bound);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void FromEcho_AnyNumberOfStreams_IsTheModelOf14(int streams)
    {
        // Echo of this device alone: without noise the statistics are a a^T B exactly; noise alone has variance one on the range of R.
        ComplexMatrix precoder = LocalisationScenes.Precoders(5, 1, Antennas, streams, 1)[0];
        var random = new CounterRandom(6, RandomPurpose.Test, (uint)streams);
        const double Noise = 1e-3;
        const int Frame = 12;
        ComplexMatrix sent = ComplexMatrix.Create(Frame, Antennas, (t, m) =>
            Enumerable.Range(0, streams).Aggregate(Complex.Zero, (sum, i) => sum + (precoder[m, i] * LocalisationScenes.Normal(random, (ulong)((t * streams) + i)))));
        Complex[] a = Scene.Response(0, LocalisationScenes.Target);
        ComplexMatrix Echo(double amplitude, ulong trial) => ComplexMatrix.Create(Frame, Antennas, (t, m) =>
        {
            Complex arriving = Enumerable.Range(0, Antennas).Aggregate(Complex.Zero, (sum, n) => sum + (a[n] * sent[t, n]));
            return (amplitude * a[m] * arriving) + (Math.Sqrt(Noise) * LocalisationScenes.Normal(random, 1000 + (trial * 1000) + (ulong)((t * Antennas) + m)));
        });

        const double Strong = 1e9;
        DeviceStatistics clean = DeviceStatistics.FromEcho(0, Echo(Strong, 0), sent, Noise);
        double scale = 0;
        for (int i = 0; i < Antennas; i++)
        {
            for (int j = 0; j < Antennas; j++)
            {
                Complex expected = Enumerable.Range(0, Antennas).Aggregate(Complex.Zero, (sum, n) => sum + (Strong * a[i] * a[n] * clean.SignalRoot[n, j]));
                scale = Math.Max(scale, expected.Magnitude);

                // What is left is noise of variance one.
                Assert.True((clean.Whitened[i, j] - expected).Magnitude < 6);
            }
        }

        Assert.True(scale > 1000, $"the echo must stand far above the noise: {scale}");

        const int Trials = 400;
        double energy = Enumerable.Range(1, Trials).Average(trial => DeviceStatistics.FromEcho(0, Echo(0, (ulong)trial), sent, Noise).Whitened.SquaredFrobeniusNorm());
        double dimension = Antennas * Math.Min(streams, Antennas);

        // Chi-squared with 2 dimension degrees over 2: variance of the mean is dimension over the trials.
        double deviation = 4 * Math.Sqrt(dimension / Trials);
        Assert.InRange(energy, dimension - deviation, dimension + deviation);
    }

    [Fact]
    public void FromEcho_OtherDevicesEchoes_AreSuppressedForConstantSymbolsOnly()
    {
        // (37d) against trials, for symbols that are white over the frame and for symbols that are constant.
        var pulses = PulseSet.Orthogonal(PulseFamily.Dft, Devices, Length);
        var random = new CounterRandom(9, RandomPurpose.Test);
        ComplexMatrix first = Precoders[1], second = Precoders[3];
        const int Trials = 800;
        double[] white = new double[Trials], constant = new double[Trials];
        for (int trial = 0; trial < Trials; trial++)
        {
            ulong offset = (ulong)trial * 1000;
            Complex Symbol(int device, int t, int i) => LocalisationScenes.Normal(random, offset + (ulong)((((device * Length) + t) * 2) + i));
            ComplexMatrix Sent(ComplexMatrix precoder, int device, bool still) => ComplexMatrix.Create(Length, Antennas, (t, m) =>
                pulses[device][t] * ((precoder[m, 0] * Symbol(device, still ? 0 : t, 0)) + (precoder[m, 1] * Symbol(device, still ? 0 : t, 1))));
            white[trial] = SmallMatrices.Correlation(Sent(first, 1, false), Sent(second, 3, false)).SquaredFrobeniusNorm();
            constant[trial] = SmallMatrices.Correlation(Sent(first, 1, true), Sent(second, 3, true)).SquaredFrobeniusNorm();
        }

        double expected = EchoEnergy.ResidualCorrelation(pulses, 1, 3, 1, 1, 1, tau => tau == 0 ? 1 : 0);
        Assert.Equal(1.0 / Length, expected, 1e-12);
        double mean = white.Average(), error = Math.Sqrt(white.Average(w => (w - mean) * (w - mean)) / Trials);
        Assert.InRange(expected, mean - (4 * error), mean + (4 * error));

        // Rounding: of 256 terms of size one over 256 in the formula, squared in the trials.
        Assert.True(EchoEnergy.ResidualCorrelation(pulses, 1, 3, 1, 1, 1, _ => 1) < 1e-15);
        Assert.True(constant.Max() < 1e-25);
    }

    [Fact]
    public void Estimators_HighSnr_ReachTheBoundAndTheSingleShotDoesNot()
    {
        const int Trials = 60;
        double noise = NoiseForBound(1e-4);

        LocalisationTrials trials = LocalisationTrials.Run(Scene, LocalisationScenes.Target, Precoders, Length, noise, LocalisationScenes.Region, Trials, 11, 40);

        // The squared error is a weighted chi-squared; at worst all of it lies in one direction, with a variance of twice its square:
        // four standard errors are 4 sqrt(2 / trials).
        double width = 4 * Math.Sqrt(2.0 / Trials);
        Assert.InRange(trials.Joint / trials.CramerRaoBound, 1 - width, 1 + width);
        Assert.InRange(trials.Federated / trials.CramerRaoBound, 1 - width, 1 + width);
        Assert.True(trials.SingleShot > 100 * trials.CramerRaoBound, $"{trials}");
    }

    [Fact]
    public void Gradient_UnknownEchoPhase_IsTheDerivativeOfALossThatNoPhaseChanges()
    {
        SensingScene blind = Scene with { UnknownEchoPhase = true };
        DeviceStatistics[] statistics = Draw(1e-13, 3);
        Span<double> gradient = stackalloc double[3];
        var place = new Location(101, -2, 1.1);
        foreach (DeviceStatistics local in statistics)
        {
            var loss = new LocalisationLoss(blind, local);
            double value = loss.Gradient(place, gradient);

            // The loss with the phase that fits best, found by trying 3600 of them: off by pi / 3600 at most, of which the
            // square is 8e-7 of the correlation.
            double least = Enumerable.Range(0, 3600).Min(i => TurnedDefinition(local, place, 2 * Math.PI * i / 3600));
            double size = local.Whitened.SquaredFrobeniusNorm() + value;
            Assert.InRange(least - value, -1e-9 * size, 1e-6 * size);
            double scale = Math.Abs(gradient[0]) + Math.Abs(gradient[1]) + Math.Abs(gradient[2]);
            for (int i = 0; i < 3; i++)
            {
                const double h = 1e-4;
                double slope = (loss.At(Moved(place, i, h)) - loss.At(Moved(place, i, -h))) / (2 * h);
                Assert.Equal(slope, gradient[i], (1e-5 * scale) + (1e-10 * value / h));
            }
        }
    }

    [Fact]
    public void FisherInformation_UnknownEchoPhase_IsTheOneThatRemainsOfAllFour()
    {
        SensingScene blind = Scene with { UnknownEchoPhase = true };
        ComplexMatrix energy = EchoEnergy.Of(Precoders[0], Length, 1e-10);
        var information = new FisherInformation();
        information.Add(blind, 0, LocalisationScenes.Target, energy, 3);

        // By definition: the information about place and phase from numerical derivatives of e^(j phi) a a^T, then the inverse's block.
        ComplexMatrix mean = Gain(LocalisationScenes.Target);
        ComplexMatrix[] slopes =
        [
            .. Enumerable.Range(0, 3).Select(i =>
            {
                const double h = 1e-5;
                ComplexMatrix up = Gain(Moved(LocalisationScenes.Target, i, h)), down = Gain(Moved(LocalisationScenes.Target, i, -h));
                return ComplexMatrix.Create(4, 4, (r, c) => (up[r, c] - down[r, c]) / (2 * h));
            }),
            ComplexMatrix.Create(4, 4, (r, c) => Complex.ImaginaryOne * mean[r, c]),
        ];
        Complex[] a = Scene.Response(0, LocalisationScenes.Target);
        double norm = a.Sum(x => x.Magnitude * x.Magnitude);
        double Inner(ComplexMatrix left, ComplexMatrix right)
        {
            Complex sum = 0;
            for (int p = 0; p < 4; p++)
            {
                for (int q = 0; q < 4; q++)
                {
                    Complex weight = (p == q ? 1 : 0) - (3 / (1 + (3 * norm)) * a[p] * Complex.Conjugate(a[q]));
                    for (int r = 0; r < 4; r++)
                    {
                        for (int s = 0; s < 4; s++)
                        {
                            sum += Complex.Conjugate(right[p, s]) * weight * left[q, r] * energy[r, s];
                        }
                    }
                }
            }

            return 2 * sum.Real;
        }

        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double expected = Inner(slopes[i], slopes[j]) - (Inner(slopes[i], slopes[3]) * Inner(slopes[j], slopes[3]) / Inner(slopes[3], slopes[3]));
                Assert.Equal(expected, information[i, j], 1e-5 * Math.Sqrt(information[i, i] * information[j, j]));
            }
        }

        static ComplexMatrix Gain(Location place)
        {
            Complex[] response = Scene.Response(0, place);
            return ComplexMatrix.Create(4, 4, (r, c) => response[r] * response[c]);
        }
    }

    [Fact]
    public void Estimators_BelowTheThreshold_LeaveTheBound()
    {
        // A bound larger than the region says nothing; where it is a tenth of the region wide, errors beyond the main lobe dominate or the
        // region itself limits the error: either way the ratio is no longer one.
        const int Trials = 60;
        LocalisationTrials low = LocalisationTrials.Run(
            Scene, LocalisationScenes.Target, Precoders, Length, NoiseForBound(4e4), LocalisationScenes.Region, Trials, 12, 40);

        double width = 4 * Math.Sqrt(2.0 / Trials);
        Assert.True(Math.Abs((low.Joint / low.CramerRaoBound) - 1) > width, $"{low}");
    }

    [Fact]
    public void Federated_PlainGradientsFromARandomStart_StallFarFromTheTarget()
    {
        double noise = NoiseForBound(1e-4);
        LocalisationLoss[] losses = [.. Draw(noise, 5).Select(s => new LocalisationLoss(Scene, s))];
        var federated = new FederatedLocalisation(losses, LocalisationScenes.Region, FederatedLocalisation.PerfectLinks);
        var start = new Location(97, -15, 2.5);
        FisherInformation there = new();
        foreach (LocalisationLoss loss in losses)
        {
            loss.AddInformation(start, there);
        }

        // The largest rate that is stable in the steepest coordinate.
        double rate = 1 / (there[0, 0] + there[1, 1] + there[2, 2]);
        double plain = federated.RunPlain(start, 300, rate)[^1].SquaredDistanceTo(LocalisationScenes.Target);
        double scaled = federated.Run(40)[^1].SquaredDistanceTo(LocalisationScenes.Target);

        Assert.True(scaled < 1e-2, $"{scaled}");
        Assert.True(plain > 100 * scaled, $"{plain} against {scaled}");
    }

    [Fact]
    public void Federated_AnyAggregation_SharesOnlySums()
    {
        var lengths = new List<int>();
        LocalisationLoss[] losses = [.. Draw(NoiseForBound(1e-4), 5).Select(s => new LocalisationLoss(Scene, s))];
        var federated = new FederatedLocalisation(losses, LocalisationScenes.Region, locals =>
        {
            Assert.Equal(Devices, locals.Count);
            lengths.Add(locals[0].Length);
            return FederatedLocalisation.PerfectLinks(locals);
        });

        _ = federated.Run(3, scalingInterval: 2, candidates: 4);

        // Grid; scaling and gradients of four places; gradients; scaling and gradients; comparison.
        Assert.Equal([LocalisationScenes.Region.Grid().Count, 24, 12, 12, 24, 12, 4], lengths);
    }

    // The noise at which the bound is the given number of square metres: the bound is proportional to it.
    private static double NoiseForBound(double squareMeters) => squareMeters / FisherInformation.Of(
        Scene, LocalisationScenes.Target, Precoders, Length, [.. Enumerable.Repeat(1.0, Devices)]).CramerRaoBound();

    private static DeviceStatistics[] Draw(double noise, uint trial) =>
    [
        .. Precoders.Select((precoder, k) => DeviceStatistics.Draw(
            Scene, k, LocalisationScenes.Target, precoder, Length, noise, new CounterRandom(77, RandomPurpose.Test, trial, (uint)k))),
    ];

    private static Location Moved(Location place, int coordinate, double by) => coordinate switch
    {
        0 => place with { X = place.X + by },
        1 => place with { Y = place.Y + by },
        _ => place with { Z = place.Z + by },
    };

    // (18) entry by entry.
    private static double Definition(DeviceStatistics statistics, Location place) => TurnedDefinition(statistics, place, 0);

    private static double TurnedDefinition(DeviceStatistics statistics, Location place, double phase)
    {
        Complex turn = Complex.FromPolarCoordinates(1, phase);
        Complex[] a = Scene.Response(statistics.Device, place);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            for (int j = 0; j < a.Length; j++)
            {
                Complex mean = Complex.Zero;
                for (int n = 0; n < a.Length; n++)
                {
                    mean += a[i] * a[n] * statistics.SignalRoot[n, j];
                }

                Complex difference = statistics.Whitened[i, j] - (turn * mean);
                sum += (difference.Real * difference.Real) + (difference.Imaginary * difference.Imaginary);
            }
        }

        return sum;
    }
}
