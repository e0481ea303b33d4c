using System.Numerics;
using System.Text.Json;
using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Planning.Tests.OtaFeel;

/// <summary>Recomputes everything that a plan claims from its JSON alone: (6) and (7) interval by interval, powers, CRB_L and the pulses.</summary>
internal sealed class PlanChecker
{
    public PlanChecker(OtaFeelCase problem, string json)
    {
        Problem = problem;
        using var document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        Mse = root.GetProperty("mse").GetDouble();
        CrbLowerBound = root.GetProperty("crbLowerBound").GetDouble();
        Trace = [.. root.GetProperty("trace").EnumerateArray().Select(e => e.GetDouble())];
        Pulses = [.. root.GetProperty("pulses").EnumerateArray().Select(Row)];
        Precoders = [.. root.GetProperty("precoders").EnumerateArray().Select(Matrix)];
        Receivers = [.. root.GetProperty("receivers").EnumerateArray().Select(Matrix)];
    }

    public OtaFeelCase Problem { get; }

    public double Mse { get; }

    public double CrbLowerBound { get; }

    public double[] Trace { get; }

    public Complex[][] Pulses { get; }

    public Complex[][][] Precoders { get; }

    public Complex[][][] Receivers { get; }

    public double MseByDefinition()
    {
        double sum = 0;
        for (int t = 0; t < Problem.PulseLength; t++)
        {
            sum += Problem.NoiseVariance * Receivers[t].Sum(row => row.Sum(Squared));
            for (int k = 0; k < Problem.Devices; k++)
            {
                for (int i = 0; i < Problem.Tasks; i++)
                {
                    for (int j = 0; j < Problem.Tasks; j++)
                    {
                        Complex entry = i == j ? -Problem.Weights[k][i] : 0;
                        for (int n = 0; n < Problem.ServerAntennas; n++)
                        {
                            for (int m = 0; m < Problem.DeviceAntennas; m++)
                            {
                                entry += Complex.Conjugate(Receivers[t][n][i]) * Problem.Channels[k][n, m] * Precoders[k][m][j] * Pulses[k][t];
                            }
                        }

                        sum += Squared(entry);
                    }
                }
            }
        }

        return sum / Problem.PulseLength;
    }

    public void Check()
    {
        // Products and sums of some thousand terms of double precision; the error can be a small part of the weights.
        double weights = Problem.Weights.Sum(row => row.Sum(w => w * w));
        Assert.Equal(MseByDefinition(), Mse, 1e-9 * Mse + 1e-13 * weights);
        Assert.Equal(Mse, Trace[^1], 1e-6 * Mse + 1e-11 * weights);

        double[] powers = [.. Precoders.Select(c => c.Sum(row => row.Sum(Squared)))];
        Assert.All(powers, power => Assert.True(power <= Problem.PowerWatts * (1 + 1e-12), $"{power} > {Problem.PowerWatts}"));
        double inverse = Problem.SensingNoise.Sum(v => 1 / v);
        double crb = Problem.SensingErrorConstant / (inverse * Problem.PulseLength * powers.Sum());
        Assert.Equal(crb, CrbLowerBound, 1e-12 * crb);
        Assert.True(crb <= Problem.SensingErrorLimit * (1 + 1e-9), $"{crb} > {Problem.SensingErrorLimit}");

        Assert.All(Pulses, pulse => Assert.All(pulse, entry => Assert.Equal(1, entry.Magnitude, 1e-12)));
        for (int k = 0; k < Problem.Devices; k++)
        {
            for (int l = 0; l < k; l++)
            {
                Complex inner = Pulses[k].Zip(Pulses[l], (a, b) => Complex.Conjugate(a) * b).Aggregate((a, b) => a + b);
                Assert.True(inner.Magnitude < 1e-11 * Problem.PulseLength);
            }
        }
    }

    private static double Squared(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);

    private static Complex[] Row(JsonElement row) => [.. row.EnumerateArray().Select(e => new Complex(e[0].GetDouble(), e[1].GetDouble()))];

    private static Complex[][] Matrix(JsonElement matrix) => [.. matrix.EnumerateArray().Select(Row)];
}
