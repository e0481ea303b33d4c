using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>A plan of vfl-beamforming beside what the air made of it.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="combiners">Per base station how it listens.</param>
/// <param name="channels">The sounded channels that the plan was made for.</param>
/// <param name="problem">The case that the planner was given.</param>
/// <param name="plan">The plan.</param>
internal sealed class VflBeamformingComparisons(
    VflBeamformingScenario scenario,
    IReadOnlyList<EchoCombiners> combiners,
    SoundedChannels channels,
    VflBeamformingCase problem,
    VflBeamformingPlan plan)
{
    private const string RateUnit = "bit/s/Hz";

    private readonly PredictionVariances _variances = new(scenario, combiners, channels, problem, plan);

    /// <summary>All figures of a round.</summary>
    /// <param name="method">The strategy.</param>
    /// <param name="round">The round.</param>
    /// <param name="readings">What was measured.</param>
    public IReadOnlyList<Comparison> Of(string method, int round, DownlinkReadings readings)
    {
        var all = new List<Comparison>();
        EchoReading[][] targets = [.. readings.Targets.Select((cell, m) => cell.Select((echo, j) => BesidePrediction(m, j, echo)).ToArray())];
        Comparison Expect(string subject, string quantity, string unit, double predicted) => Comparison.Expect(method, round, subject, quantity, unit, predicted);
        for (int m = 0; m < scenario.Cells.Count; m++)
        {
            CellSection cell = scenario.Cells[m];
            for (int k = 0; k < cell.Users.Count; k++)
            {
                all.Add(Expect(cell.Users[k].Id, VflBeamformingStudy.UserSinr, Comparison.PowerRatioUnit, plan.UserSinr[m][k])
                    .With(Figure(readings.Users[m][k]), readings.UserVerdicts[m][k]));
            }

            for (int j = 0; j < cell.Targets.Count; j++)
            {
                EchoReading echo = targets[m][j];
                all.Add(Expect(cell.Targets[j].Id, VflBeamformingStudy.TargetSinr, Comparison.PowerRatioUnit, plan.TargetSinr[m][j])
                    .With(Figure(echo.AsWritten), readings.StationVerdicts[m]));
                all.Add(Expect(cell.Targets[j].Id, VflBeamformingStudy.DiscriminatedSinr, Comparison.PowerRatioUnit, plan.DiscriminatedTargetSinr[m][j])
                    .With(Figure(echo.Discriminated), readings.StationVerdicts[m]));
                all.Add(Expect(cell.Targets[j].Id, VflBeamformingStudy.EchoSinr, Comparison.PowerRatioUnit, OnTheAir(m, j).Sinr)
                    .With(Figure(echo.OnTheAir), readings.StationVerdicts[m]));
            }
        }

        // Users have receivers and noises of their own. The echoes of one cell come from one receiver's samples and stand in each other's rest.
        MeasuredRatio communication = MeasuredRatio.SumOfIndependent(readings.Users.SelectMany(cell => cell.Select(sinr => sinr.Rate())));
        MeasuredRatio sensing = MeasuredRatio.SumOfIndependent(
            targets.Select(cell => MeasuredRatio.SumOfDependent(cell.Select(echo => echo.AsWritten.Rate()))));
        MeasuredRatio objective = MeasuredRatio.SumOfIndependent([communication.Times(problem.Rho), sensing.Times(1 - problem.Rho)]);
        (Verdict, string) users = readings.UserVerdicts.SelectMany(cell => cell).MaxBy(j => j.Verdict), stations = readings.StationVerdicts.MaxBy(j => j.Verdict);
        all.Add(Expect(VflBeamformingStudy.Network, VflBeamformingStudy.CommunicationRate, RateUnit, plan.CommunicationRate).With(Figure(communication), users));
        all.Add(Expect(VflBeamformingStudy.Network, VflBeamformingStudy.SensingRate, RateUnit, plan.SensingRate).With(Figure(sensing), stations));
        all.Add(Expect(VflBeamformingStudy.Network, VflBeamformingStudy.Objective, RateUnit, plan.Objective)
            .With(Figure(objective), users.Item1 >= stations.Item1 ? users : stations));
        return all;
    }

    private static (double Value, double? Lower, double? Upper) Figure(MeasuredRatio measured) => (measured.Value, measured.Lower, measured.Upper);

    // A user's channel is sounded too, but that hardly adds to what its own few symbols leave open; the strength of an echo is found from pilots that
    // travel twice as far, and adds as much as the measurement.
    private EchoReading BesidePrediction(int cell, int target, EchoReading echo)
    {
        double Variance(double sinr, Func<int, double> leak) => _variances.OfTarget(cell, target, sinr, leak);
        return new EchoReading(
            echo.AsWritten.BesidePrediction(Variance(plan.TargetSinr[cell][target], _ => 1)),
            echo.Discriminated.BesidePrediction(Variance(plan.DiscriminatedTargetSinr[cell][target], i => combiners[cell].Overlap(target, i))),
            echo.OnTheAir.BesidePrediction(OnTheAir(cell, target).Variance));
    }

    /// <summary>
    /// What arrives behind the matched combiner of a target: the echoes of all targets add up, since they carry the same streams at nearly the
    /// same time. The errors of sounded coefficients, which let their variance through, are taken away.
    /// </summary>
    private (double Sinr, double Variance) OnTheAir(int cell, int target)
    {
        string own = scenario.Cells[cell].Station.Id;
        double rest = problem.SensingNoiseWatts, restVariance = 0;
        for (int n = 0; n < scenario.Cells.Count; n++)
        {
            rest += n == cell ? 0 : Through(channels.Between(scenario.Cells[n].Station.Id, own), n);
            restVariance += n == cell ? 0 : _variances.OfReceivedPower(cell, target, n);
        }

        double sinr = Through(channels.Between(own, own), cell) / rest;
        return (sinr, (_variances.OfReceivedPower(cell, target, cell) + (sinr * sinr * restVariance)) / (rest * rest));

        double Through(ChannelEstimate channel, int sender)
        {
            Complex[] row = EchoCombiners.Behind(combiners[cell].Matched[target], channel.Channel);
            ComplexMatrix beams = plan.Beamformers[sender];
            double power = -channel.ErrorVariance * plan.PowerWatts[sender];
            for (int k = 0; k < beams.Columns; k++)
            {
                Complex sum = Complex.Zero;
                for (int i = 0; i < row.Length; i++)
                {
                    sum += row[i] * beams[i, k];
                }

                power += (sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary);
            }

            return Math.Max(0, power);
        }
    }
}
