using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Planning.Tests.VflBeamforming;

public sealed class KernelTests
{
    [Theory]
    [InlineData(1, 3, 2, 2, 5)]
    [InlineData(2, 1, 1, 3, 4)]
    [InlineData(3, 2, 3, 1, 12)]
    [InlineData(4, 4, 2, 2, 1)]
    public void Evaluate_AnyBeams_AgreesWithThePlainFormulas(ulong seed, int cells, int users, int targets, int antennas)
    {
        VflBeamformingCase problem = RandomCases.Draw(seed, cells, users, targets, antennas, 0.3);
        LinearAlgebra.ComplexMatrix[] beamformers = RandomCases.AnyBeams(problem, seed);
        var rates = new PlainRates(problem, [.. beamformers.Select(w =>
        {
            var copy = new System.Numerics.Complex[w.Rows, w.Columns];
            for (int i = 0; i < w.Rows; i++)
            {
                for (int k = 0; k < w.Columns; k++)
                {
                    copy[i, k] = w[i, k];
                }
            }

            return copy;
        })]);
        var kernel = new RateKernel(problem.Shape);
        double value = kernel.Evaluate(StationLinks.Of(problem), RateUtility.Paper(problem.Rho), RandomCases.Normalise(problem, beamformers));
        Assert.Equal(rates.Objective, value, 1e-10 * (1 + value));
        Assert.Equal(rates.Communication, kernel.CommunicationRate, 1e-10 * (1 + value));
        Assert.Equal(rates.Sensing, kernel.SensingRate, 1e-10 * (1 + value));
    }

    [Theory]
    [InlineData(1, "paper")]
    [InlineData(2, "paper")]
    [InlineData(3, "paper")]
    [InlineData(1, "discriminating")]
    [InlineData(2, "fair")]
    [InlineData(3, "fair")]
    public void Gradient_EveryEntry_IsTheCentralDifference(ulong seed, string kind)
    {
        VflBeamformingCase problem = RandomCases.Draw(seed, 3, 2, 2, 4, 0.4);
        StationLinks[] links = StationLinks.Of(problem);
        RateUtility utility = kind switch
        {
            "discriminating" => RateUtility.Discriminating(links, 0.4),
            "fair" => RateUtility.Fair(links, 0.4, 2),
            _ => RateUtility.Paper(0.4),
        };
        BeamSet beams = RandomCases.Normalise(problem, RandomCases.AnyBeams(problem, seed)), gradient = new(problem.Shape);
        var kernel = new RateKernel(problem.Shape);
        _ = kernel.Evaluate(links, utility, beams, gradient);

        // Central differences of step h err by h^2 f''' / 6 and by rounding of 1e-16 |f| / h; with h = 1e-5 and rates of some ten bit/s/Hz
        // whose third derivatives reach 1e4 in these units, both stay below 1e-6.
        const double step = 1e-5;
        foreach ((double[] values, double[] slopes) in (ReadOnlySpan<(double[], double[])>)[(beams.Re, gradient.Re), (beams.Im, gradient.Im)])
        {
            for (int i = 0; i < values.Length; i++)
            {
                double present = values[i];
                values[i] = present + step;
                double above = kernel.Evaluate(links, utility, beams);
                values[i] = present - step;
                double below = kernel.Evaluate(links, utility, beams);
                values[i] = present;
                Assert.Equal((above - below) / (2 * step), slopes[i], 1e-5 * (1 + Math.Abs(slopes[i])));
            }
        }
    }
}
