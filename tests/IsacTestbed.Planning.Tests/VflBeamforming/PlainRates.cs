using System.Numerics;
using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Planning.Tests.VflBeamforming;

/// <summary>Equations (6) to (9), written down once more from the beams of an answer by covariances: it shares nothing with the planner.</summary>
internal sealed class PlainRates
{
    private readonly VflBeamformingCase _problem;
    private readonly Complex[][,] _beams;

    /// <param name="problem">The case.</param>
    /// <param name="beams">[m][N_T, K].</param>
    public PlainRates(VflBeamformingCase problem, Complex[][,] beams)
    {
        _problem = problem;
        _beams = beams;
    }

    public double Communication => Sum(_problem.Users, UserSinr);

    public double Sensing => Sum(_problem.Targets, TargetSinr);

    public double Objective => (_problem.Rho * Communication) + ((1 - _problem.Rho) * Sensing);

    public double Power(int cell) => _beams[cell].Cast<Complex>().Sum(entry => (entry * Complex.Conjugate(entry)).Real);

    public double UserSinr(int m, int k)
    {
        Complex[] Row(int n) => [.. Enumerable.Range(0, _problem.Antennas).Select(i => _problem.Channels[n][m][k, i])];
        double signal = Form(Row(m), Outer(m, k)), all = Enumerable.Range(0, _problem.Cells).Sum(n => Form(Row(n), Covariance(n)));
        double interference = Enumerable.Range(0, _problem.Cells).Where(n => n != m).Sum(n => Form(Row(n), Covariance(n)))
            + Enumerable.Range(0, _problem.Users).Where(l => l != k).Sum(l => Form(Row(m), Outer(m, l)));
        if (Math.Abs(signal + interference - all) > 1e-9 * all)
        {
            throw new InvalidOperationException("Beams and covariance disagree.");
        }

        return signal / (interference + _problem.UserNoiseWatts);
    }

    public double TargetSinr(int m, int j)
    {
        double Echo(int n, int target) =>
            Form([.. Enumerable.Range(0, _problem.Antennas).Select(i => _problem.SensingChannels[n][m][target, i])], Covariance(n));
        double interference = Enumerable.Range(0, _problem.Targets).Where(i => i != j).Sum(i => Echo(m, i))
            + Enumerable.Range(0, _problem.Cells).Where(n => n != m).Sum(n => Echo(n, j));
        return Echo(m, j) / (interference + _problem.SensingNoiseWatts);
    }

    private double Sum(int count, Func<int, int, double> sinr) =>
        Enumerable.Range(0, _problem.Cells).Sum(m => Enumerable.Range(0, count).Sum(i => Math.Log2(1 + sinr(m, i))));

    private Complex[,] Covariance(int cell)
    {
        var sum = new Complex[_problem.Antennas, _problem.Antennas];
        for (int k = 0; k < _problem.Users; k++)
        {
            Complex[,] outer = Outer(cell, k);
            for (int a = 0; a < _problem.Antennas; a++)
            {
                for (int b = 0; b < _problem.Antennas; b++)
                {
                    sum[a, b] += outer[a, b];
                }
            }
        }

        return sum;
    }

    private Complex[,] Outer(int cell, int user)
    {
        var outer = new Complex[_problem.Antennas, _problem.Antennas];
        for (int a = 0; a < _problem.Antennas; a++)
        {
            for (int b = 0; b < _problem.Antennas; b++)
            {
                outer[a, b] = _beams[cell][a, user] * Complex.Conjugate(_beams[cell][b, user]);
            }
        }

        return outer;
    }

    private static double Form(Complex[] h, Complex[,] matrix)
    {
        Complex sum = 0;
        for (int a = 0; a < h.Length; a++)
        {
            for (int b = 0; b < h.Length; b++)
            {
                sum += Complex.Conjugate(h[a]) * matrix[a, b] * h[b];
            }
        }

        return sum.Real;
    }
}
