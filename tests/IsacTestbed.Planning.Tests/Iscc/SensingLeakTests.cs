using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Planning.Tests.Iscc;

/// <summary>What a user takes beside its data, against pairs of beams that know nothing of the formula.</summary>
public sealed class SensingLeakTests
{
    private const double Budget = 2;

    [Fact]
    public void Share_BeamsOnAGrid_TakeNoLessAndTheBestOfThemHardlyMore()
    {
        double loosest = 0;
        for (ulong seed = 0; seed < 60; seed++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Test, 51);
            double cosine = seed % 5 == 0 ? 1 : random.UniformAt(0), floor = Budget * 0.8 * random.UniformAt(1);
            double threshold = 4 * random.UniformAt(2), noise = seed % 3 == 0 ? 0 : Math.Pow(10, -(4 * random.UniformAt(3)));

            double rho = new SensingLeak(cosine * cosine, floor, threshold, Budget).Share(noise);
            double least = LeastShare(cosine, floor, threshold, noise);

            Assert.True(rho <= least * (1 + 1e-9), $"seed {seed}: {rho} above {least}");
            loosest = Math.Max(loosest, least - (rho * 1.02));
        }

        Assert.True(loosest < 5e-3, $"by {loosest}");
    }

    [Fact]
    public void Share_OneTransmitAntenna_IsTheFloorAndTheThreshold()
    {
        // u = (s + gamma F)^(1/2), F at most (P - s) / (1 + gamma).
        const double Floor = 0.5, Threshold = 0.7, Noise = 0.2;
        double data = (Budget - Floor) / (1 + Threshold);
        double expected = ((Noise + Floor) / data) + Threshold;
        Assert.Equal(expected, new SensingLeak(1, Floor, Threshold, Budget).Share(Noise), 1e-6 * expected);
    }

    // Beams in the plane of a and b: b = (1, 0), a = (cosine, sine). Phases and a third dimension only take power.
    private static double LeastShare(double cosine, double floor, double threshold, double noise)
    {
        const int Angles = 360, Powers = 300;
        double sine = Math.Sqrt(1 - (cosine * cosine)), least = double.PositiveInfinity;
        for (int i = 0; i < Angles; i++)
        {
            double angle = Math.PI * i / Angles, data = Math.Cos(angle), seen = (cosine * data) + (sine * Math.Sin(angle));
            for (int p = 1; p <= Powers; p++)
            {
                double power = Budget * p / Powers, wanted = floor + (threshold * power * seen * seen), left = Budget - power - wanted;
                if (left >= 0 && data * data > 1e-9)
                {
                    double arriving = Math.Max(0, (cosine * Math.Sqrt(wanted)) - (sine * Math.Sqrt(left)));
                    least = Math.Min(least, (noise + (arriving * arriving)) / (power * data * data));
                }
            }
        }

        return least;
    }
}
