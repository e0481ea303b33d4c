using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// A plan judged by the model alone: every SINR, latency and energy of (2) to (16) and every constraint of (17), computed from the beams,
/// combiners, clocks and shares by the plain formulas.
/// </summary>
/// <param name="EnergyCost">The objective (17a) with the case's energy cost ratios.</param>
/// <param name="Users">Figures per user.</param>
/// <param name="Violations">One line per violated constraint, naming the user, the constraint and the amount; empty for a feasible plan.</param>
/// <param name="Satisfied">Per user whether all its constraints hold.</param>
public sealed record PlanCheck(
    double EnergyCost, IReadOnlyList<IsccUserFigures> Users, IReadOnlyList<string> Violations, IReadOnlyList<bool> Satisfied)
{
    /// <summary>Relative excess that still counts as met.</summary>
    public const double Tolerance = 1e-7;

    /// <summary>Judges a plan.</summary>
    /// <param name="problem">The case.</param>
    /// <param name="plan">The plan; its shapes are those of the case.</param>
    /// <exception cref="ArgumentException">A shape does not fit the case.</exception>
    public static PlanCheck Of(IsccCase problem, IsccPlan plan)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(plan);
        CheckShapes(problem, plan);
        int count = problem.Users.Count;
        var figures = new IsccUserFigures[count];
        var violations = new List<string>();
        bool[] satisfied = new bool[count];
        double cost = 0;
        for (int k = 0; k < count; k++)
        {
            figures[k] = Figures(problem, plan, k);
            cost += figures[k].UeEnergyJoules + (problem.Users[k].EnergyCostRatio * figures[k].ApEnergyJoules);
            int before = violations.Count;
            violations.AddRange(Violated(problem, plan, figures[k], k));
            satisfied[k] = violations.Count == before;
        }

        double clock = plan.ApCyclesPerSecond.Sum();
        if (!(clock <= problem.ApCyclesPerSecond * (1 + Tolerance)))
        {
            violations.Add(FormattableString.Invariant($"all users: (17e) takes {clock:G6} cycles/s at the access point, {clock - problem.ApCyclesPerSecond:G3} above apCyclesPerSecond {problem.ApCyclesPerSecond:G6}"));
            Array.Fill(satisfied, false);
        }

        return new PlanCheck(cost, figures, violations, satisfied);
    }

    private static IsccUserFigures Figures(IsccCase problem, IsccPlan plan, int k)
    {
        IsccUser user = problem.Users[k];
        double share = plan.Offloading[k], signal = 0, disturbance = problem.ApNoiseWatts * Power(plan.ApCombiners[k]);
        double echo = 0, clutter = problem.SensingNoiseWatts * Power(plan.UeCombiners[k]);
        for (int j = 0; j < problem.Users.Count; j++)
        {
            if (plan.Orthogonal && j != k)
            {
                continue;
            }

            double data = Through(plan.ApCombiners[k], problem.Channels[j], plan.DataBeams[j]);
            double sensing = Through(plan.ApCombiners[k], problem.Channels[j], plan.SensingBeams[j]);
            (signal, disturbance) = j == k ? (data, disturbance + sensing) : (signal, disturbance + data + sensing);

            // (8) as written: the j-th user's own reflection channel, and a user's own data are interference.
            double dataEcho = Through(plan.UeCombiners[k], problem.SensingChannels[j], plan.DataBeams[j]);
            double sensingEcho = Through(plan.UeCombiners[k], problem.SensingChannels[j], plan.SensingBeams[j]);
            (echo, clutter) = j == k ? (sensingEcho, clutter + dataEcho) : (echo, clutter + dataEcho + sensingEcho);
        }

        double sinr = signal / disturbance, rate = plan.BandwidthHz[k] * Math.Log2(1 + sinr);
        double power = Power(plan.DataBeams[k]) + Power(plan.SensingBeams[k]);
        double upload = share > 0 ? share * user.TaskBits / rate : 0;
        double localCycles = user.CyclesPerBit * (1 - share) * user.TaskBits, apCycles = user.CyclesPerBit * share * user.TaskBits;
        double localClock = plan.UeCyclesPerSecond[k], apClock = plan.ApCyclesPerSecond[k];
        return new IsccUserFigures(
            plan.BandwidthHz[k],
            sinr,
            echo / clutter,
            rate,
            power,
            upload,
            localCycles > 0 ? localCycles / localClock : 0,
            upload + (apCycles > 0 ? apCycles / apClock : 0),
            (power * upload) + (user.Capacitance * localClock * localClock * localCycles),
            user.ApCapacitance * apClock * apClock * apCycles);
    }

    private static IEnumerable<string> Violated(IsccCase problem, IsccPlan plan, IsccUserFigures figures, int k)
    {
        IsccUser user = problem.Users[k];
        if (!(figures.SensingSinr >= problem.SensingSinrThreshold * (1 - Tolerance)))
        {
            yield return FormattableString.Invariant($"user {k}: (17b) the sensing SINR is {figures.SensingSinr:G6}, {problem.SensingSinrThreshold - figures.SensingSinr:G3} below the threshold {problem.SensingSinrThreshold:G6}");
        }

        if (Exceeds(figures.LocalLatencySeconds, user.LatencySeconds))
        {
            yield return FormattableString.Invariant($"user {k}: (18b) the local latency is {figures.LocalLatencySeconds:G6} s, {figures.LocalLatencySeconds - user.LatencySeconds:G3} s above latencySeconds {user.LatencySeconds:G6}");
        }

        if (Exceeds(figures.OffloadLatencySeconds, user.LatencySeconds))
        {
            yield return FormattableString.Invariant($"user {k}: (18c) the offloading latency is {figures.OffloadLatencySeconds:G6} s, {figures.OffloadLatencySeconds - user.LatencySeconds:G3} s above latencySeconds {user.LatencySeconds:G6}");
        }

        if (Exceeds(plan.UeCyclesPerSecond[k], user.CyclesPerSecond) || plan.UeCyclesPerSecond[k] < 0)
        {
            yield return FormattableString.Invariant($"user {k}: (17d) the clock is {plan.UeCyclesPerSecond[k]:G6} cycles/s; it must be within [0, ueCyclesPerSecond {user.CyclesPerSecond:G6}]");
        }

        if (!(plan.ApCyclesPerSecond[k] >= 0))
        {
            yield return FormattableString.Invariant($"user {k}: (17e) the access point's clock is {plan.ApCyclesPerSecond[k]:G6}; it must be at least 0");
        }

        if (!(plan.Offloading[k] >= 0 && plan.Offloading[k] <= 1))
        {
            yield return FormattableString.Invariant($"user {k}: (17f) the offloaded share is {plan.Offloading[k]:G6}; it must be within [0, 1]");
        }

        if (Exceeds(figures.PowerWatts, problem.MaxPowerWatts))
        {
            yield return FormattableString.Invariant($"user {k}: (17g) the power is {figures.PowerWatts:G6} W, {figures.PowerWatts - problem.MaxPowerWatts:G3} W above maxPowerWatts {problem.MaxPowerWatts:G6}");
        }
    }

    private static bool Exceeds(double value, double limit) => !(value <= limit * (1 + Tolerance));

    // |w^H H x|^2.
    private static double Through(Complex[] combiner, ComplexMatrix channel, Complex[] beam)
    {
        Complex sum = Complex.Zero;
        for (int i = 0; i < channel.Rows; i++)
        {
            Complex row = Complex.Zero;
            for (int j = 0; j < channel.Columns; j++)
            {
                row += channel[i, j] * beam[j];
            }

            sum += Complex.Conjugate(combiner[i]) * row;
        }

        return (sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary);
    }

    private static double Power(Complex[] vector) => vector.Sum(x => (x.Real * x.Real) + (x.Imaginary * x.Imaginary));

    private static void CheckShapes(IsccCase problem, IsccPlan plan)
    {
        int count = problem.Users.Count;
        bool fits = new[] { plan.Offloading.Count, plan.UeCyclesPerSecond.Count, plan.ApCyclesPerSecond.Count, plan.BandwidthHz.Count }.All(n => n == count)
            && Fits(plan.DataBeams, problem.Channels[0].Columns) && Fits(plan.SensingBeams, problem.Channels[0].Columns)
            && Fits(plan.ApCombiners, problem.Channels[0].Rows) && Fits(plan.UeCombiners, problem.SensingChannels[0].Rows);
        if (!fits)
        {
            throw new ArgumentException("The plan's lists and vectors do not have the shapes of the case.", nameof(plan));
        }

        bool Fits(IReadOnlyList<Complex[]> vectors, int length) => vectors.Count == count && vectors.All(v => v.Length == length);
    }
}
