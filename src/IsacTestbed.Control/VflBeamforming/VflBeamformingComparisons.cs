using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>A plan of vfl-beamforming beside what the air made of it.</summary>
/// <remarks>
/// The interval of a figure is that of measured minus predicted, by the errors of both (delta method): those of the symbols in what was
/// measured, those of the sounded channels in what was predicted and in the background that is subtracted. Sums carry the errors of their
/// terms along, so that what users or echoes have in common is counted as common.
/// </remarks>
/// <param name="scenario">The scenario.</param>
/// <param name="combiners">Per base station how it listens.</param>
/// <param name="channels">The sounded channels that the plan was made for.</param>
/// <param name="plan">The plan.</param>
internal sealed class VflBeamformingComparisons(
    VflBeamformingScenario scenario, IReadOnlyList<EchoCombiners> combiners, SoundedChannels channels, VflBeamformingPlan plan)
{
    private const string RateUnit = "bit/s/Hz";

    private readonly DownlinkPredictions _predictions = new(scenario, combiners, channels, plan.Beamformers);

    /// <summary>All figures of a round.</summary>
    /// <param name="method">The strategy.</param>
    /// <param name="round">The round.</param>
    /// <param name="readings">What was measured.</param>
    public IReadOnlyList<Comparison> Of(string method, int round, DownlinkReadings readings)
    {
        var all = new List<Comparison>();
        Comparison Expect(string subject, string quantity, string unit, double predicted) =>
            Comparison.Expect(method, round, subject, quantity, unit, predicted);
        FigurePair communication = FigurePair.Zero, sensing = FigurePair.Zero;
        for (int m = 0; m < scenario.Cells.Count; m++)
        {
            CellSection cell = scenario.Cells[m];
            for (int k = 0; k < cell.Users.Count; k++)
            {
                UncertainFigure predicted = _predictions.OfUser(m, k).At(plan.UserSinr[m][k]);
                UserReading? reading = readings.Users[m][k];
                all.Add(Expect(cell.Users[k].Id, VflBeamformingStudy.UserSinr, Comparison.PowerRatioUnit, predicted.Value)
                    .With(OfStream(reading?.Stream, predicted.Variance), readings.UserVerdicts[m][k]));
                communication += new FigurePair(predicted, reading?.Sinr).Rate();
            }

            for (int j = 0; j < cell.Targets.Count; j++)
            {
                EchoReading? reading = readings.Targets[m][j];
                UncertainFigure predicted = _predictions.OfTarget(m, j, _ => 1).At(plan.TargetSinr[m][j]);
                UncertainFigure discriminated = _predictions.OfTarget(m, j, i => combiners[m].Overlap(j, i)).At(plan.DiscriminatedTargetSinr[m][j]);
                void Add(string quantity, UncertainFigure expected, UncertainFigure? measured) =>
                    all.Add(Expect(cell.Targets[j].Id, quantity, Comparison.PowerRatioUnit, expected.Value)
                        .With(new FigurePair(expected, measured).Interval(), readings.StationVerdicts[m]));
                Add(VflBeamformingStudy.TargetSinr, predicted, reading?.AsWritten);
                Add(VflBeamformingStudy.DiscriminatedSinr, discriminated, reading?.Discriminated);
                Add(VflBeamformingStudy.BackgroundSinr, _predictions.WithBackground(m, j), reading?.WithBackground);
                Add(VflBeamformingStudy.EchoSinr, _predictions.OnTheAir(m, j), reading?.OnTheAir);
                sensing += new FigurePair(predicted, reading?.AsWritten).Rate();
            }
        }

        FigurePair objective = (scenario.Downlink.Rho * communication) + ((1 - scenario.Downlink.Rho) * sensing);
        (Verdict Verdict, string Reason) users = readings.UserVerdicts.SelectMany(cell => cell).MaxBy(j => j.Verdict);
        (Verdict Verdict, string Reason) stations = readings.StationVerdicts.MaxBy(j => j.Verdict);
        void AddRate(string quantity, double predicted, FigurePair pair, (Verdict, string) verdict) =>
            all.Add(Expect(VflBeamformingStudy.Network, quantity, RateUnit, predicted).With(pair.Interval(), verdict));
        AddRate(VflBeamformingStudy.CommunicationRate, plan.CommunicationRate, communication, users);
        AddRate(VflBeamformingStudy.SensingRate, plan.SensingRate, sensing, stations);
        AddRate(VflBeamformingStudy.Objective, plan.Objective, objective, users.Verdict >= stations.Verdict ? users : stations);
        return all;
    }

    // What the symbols leave open follows from their number, and is not symmetric where they are few; the prediction's error adds to both sides.
    private static (double Value, double? Lower, double? Upper) OfStream(StreamReading? measured, double variance)
    {
        if (measured is null)
        {
            return (0, null, null);
        }

        double prediction = FigurePair.HalfWidth(variance);
        double below = Math.Sqrt(Math.Pow(measured.Sinr - measured.Lower, 2) + (prediction * prediction));
        double above = Math.Sqrt(Math.Pow(measured.Upper - measured.Sinr, 2) + (prediction * prediction));
        return (measured.Sinr, Math.Max(0, measured.Sinr - below), measured.Sinr + above);
    }
}
