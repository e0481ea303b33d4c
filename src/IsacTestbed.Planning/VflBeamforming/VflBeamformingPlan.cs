using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>Beamformers and what they achieve by the plain formulas, whatever found them.</summary>
/// <param name="Beamformers">W_m per cell: N_T rows and K columns, in square root watts.</param>
/// <param name="PowerWatts">tr(W_m W_m^H) per cell.</param>
/// <param name="Objective">rho R_c + (1 - rho) R_s, in bit/s/Hz.</param>
/// <param name="CommunicationRate">R_c of (7), in bit/s/Hz.</param>
/// <param name="SensingRate">R_s of (9), in bit/s/Hz.</param>
/// <param name="UserSinr">(6) as [m][k].</param>
/// <param name="TargetSinr">(8) as [m][j].</param>
/// <param name="DiscriminatedTargetSinr">
/// (8) as [m][j] where the echo of another target of the same cell passes only the combiner of (5): |b_j^H b_i|^2 / N_R^2 of it, for a base
/// station that receives with the array it transmits with.
/// </param>
public sealed record VflBeamformingPlan(
    IReadOnlyList<ComplexMatrix> Beamformers,
    IReadOnlyList<double> PowerWatts,
    double Objective,
    double CommunicationRate,
    double SensingRate,
    IReadOnlyList<IReadOnlyList<double>> UserSinr,
    IReadOnlyList<IReadOnlyList<double>> TargetSinr,
    IReadOnlyList<IReadOnlyList<double>> DiscriminatedTargetSinr)
{
    /// <summary>Least rate of a target by (8), in bit/s/Hz.</summary>
    public double LeastTargetRate => TargetSinr.Min(cell => cell.Min(sinr => Math.Log2(1 + sinr)));

    /// <summary>Least rate of a target with the combiner's discrimination, in bit/s/Hz: what method fair maximises.</summary>
    public double LeastDiscriminatedTargetRate => DiscriminatedTargetSinr.Min(cell => cell.Min(sinr => Math.Log2(1 + sinr)));

    /// <summary>Sum of target rates with the combiner's discrimination, in bit/s/Hz.</summary>
    public double DiscriminatedSensingRate => DiscriminatedTargetSinr.Sum(cell => cell.Sum(sinr => Math.Log2(1 + sinr)));

    /// <summary>Judges beams.</summary>
    /// <param name="problem">The case.</param>
    /// <param name="beams">The beams, for a power limit of one.</param>
    internal static VflBeamformingPlan Create(VflBeamformingCase problem, BeamSet beams) => Create(problem, beams.ToMatrices(problem.PowerWatts));

    /// <summary>Judges beamformers by (6) to (9).</summary>
    /// <param name="problem">The case.</param>
    /// <param name="beamformers">W_m per cell, in square root watts.</param>
    internal static VflBeamformingPlan Create(VflBeamformingCase problem, IReadOnlyList<ComplexMatrix> beamformers)
    {
        int cells = problem.Cells;
        double[] powers = [.. beamformers.Select(w => w.SquaredFrobeniusNorm())];
        double[][] users = [.. Enumerable.Range(0, cells).Select(m => Enumerable.Range(0, problem.Users).Select(k => UserSinrOf(problem, beamformers, m, k)).ToArray())];
        double[][] Targets(bool discriminating) =>
            [.. Enumerable.Range(0, cells).Select(m => Enumerable.Range(0, problem.Targets).Select(j => TargetSinrOf(problem, beamformers, m, j, discriminating)).ToArray())];
        double[][] targets = Targets(false);
        double communication = users.Sum(cell => cell.Sum(sinr => Math.Log2(1 + sinr))), sensing = targets.Sum(cell => cell.Sum(sinr => Math.Log2(1 + sinr)));
        return new VflBeamformingPlan(
            beamformers,
            powers,
            (problem.Rho * communication) + ((1 - problem.Rho) * sensing),
            communication,
            sensing,
            users,
            targets,
            Targets(true));
    }

    private static double UserSinrOf(VflBeamformingCase problem, IReadOnlyList<ComplexMatrix> beamformers, int cell, int user)
    {
        double signal = 0, interference = 0;
        for (int n = 0; n < problem.Cells; n++)
        {
            for (int i = 0; i < problem.Users; i++)
            {
                double power = Received(problem.Channels[n][cell], user, beamformers[n], i);
                (signal, interference) = n == cell && i == user ? (power, interference) : (signal, interference + power);
            }
        }

        return signal / (interference + problem.UserNoiseWatts);
    }

    private static double TargetSinrOf(VflBeamformingCase problem, IReadOnlyList<ComplexMatrix> beamformers, int cell, int target, bool discriminating)
    {
        double echo = Illumination(problem, beamformers, cell, cell, target), interference = 0;
        for (int i = 0; i < problem.Targets; i++)
        {
            interference += i == target ? 0 : Illumination(problem, beamformers, cell, cell, i) * (discriminating ? Overlap(problem.SensingChannels[cell][cell], target, i) : 1);
        }

        for (int n = 0; n < problem.Cells; n++)
        {
            interference += n == cell ? 0 : Illumination(problem, beamformers, n, cell, target);
        }

        return echo / (interference + problem.SensingNoiseWatts);
    }

    private static double Illumination(VflBeamformingCase problem, IReadOnlyList<ComplexMatrix> beamformers, int station, int cell, int target)
    {
        double sum = 0;
        for (int k = 0; k < problem.Users; k++)
        {
            sum += Received(problem.SensingChannels[station][cell], target, beamformers[station], k);
        }

        return sum;
    }

    // |h^H w|^2 of a row of channels and a column of beams.
    private static double Received(ComplexMatrix channels, int row, ComplexMatrix beams, int column)
    {
        double re = 0, im = 0;
        for (int i = 0; i < channels.Columns; i++)
        {
            System.Numerics.Complex product = System.Numerics.Complex.Conjugate(channels[row, i]) * beams[i, column];
            re += product.Real;
            im += product.Imaginary;
        }

        return (re * re) + (im * im);
    }

    private static double Overlap(ComplexMatrix channels, int a, int b)
    {
        System.Numerics.Complex inner = 0;
        double first = 0, second = 0;
        for (int i = 0; i < channels.Columns; i++)
        {
            inner += System.Numerics.Complex.Conjugate(channels[a, i]) * channels[b, i];
            first += (channels[a, i] * System.Numerics.Complex.Conjugate(channels[a, i])).Real;
            second += (channels[b, i] * System.Numerics.Complex.Conjugate(channels[b, i])).Real;
        }

        return first > 0 && second > 0 ? inner.Magnitude / first * inner.Magnitude / second : 0;
    }
}
