using IsacTestbed.Dsp.Estimation;
using Oracle = MathNet.Numerics.SpecialFunctions;

namespace IsacTestbed.Dsp.Tests.Estimation;

public class SpecialFunctionsTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(7.5)]
    [InlineData(1000)]
    [InlineData(1e6)]
    public void LogGamma_Anywhere_AgreesWithOracle(double x) =>
        Assert.Equal(Oracle.GammaLn(x), SpecialFunctions.LogGamma(x), 1e-12 * (1 + Math.Abs(Oracle.GammaLn(x))));

    [Theory]
    [InlineData(0.3, 2, 5)]
    [InlineData(0.9, 2, 5)]
    [InlineData(0.01, 1, 64)]
    [InlineData(0.5, 300, 310)]
    public void RegularizedBeta_AndItsInverse_AgreeWithOracle(double x, double a, double b)
    {
        double expected = Oracle.BetaRegularized(a, b, x);
        Assert.Equal(expected, SpecialFunctions.RegularizedBeta(x, a, b), 1e-11);
        Assert.Equal(x, SpecialFunctions.InverseRegularizedBeta(expected, a, b), 1e-8);
    }

    [Theory]
    [InlineData(1.2, 4, 30, 0)]
    [InlineData(3, 4, 30, 6)]
    [InlineData(11, 1, 20, 10)]
    [InlineData(101, 8, 64, 800)]
    public void NoncentralF_AgainstPlainPoissonSum_Agrees(double f, double half1, double half2, double halfNoncentrality)
    {
        double x = half1 * f / ((half1 * f) + half2), expected = 0;
        for (int j = 0; j < 3000; j++)
        {
            double weight = halfNoncentrality == 0
                ? (j == 0 ? 1 : 0)
                : Math.Exp((j * Math.Log(halfNoncentrality)) - halfNoncentrality - Oracle.GammaLn(j + 1));
            expected += weight * Oracle.BetaRegularized(half1 + j, half2, x);
        }

        Assert.Equal(expected, SpecialFunctions.NoncentralF(f, half1, half2, halfNoncentrality), 1e-9);
    }
}
