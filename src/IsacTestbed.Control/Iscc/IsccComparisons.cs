using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Control.Iscc;

/// <summary>A plan of iscc beside what the air made of it.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="channels">The sounded channels that the plan was made for.</param>
/// <param name="plan">The plan.</param>
/// <param name="bands">The users' bands.</param>
/// <param name="check">Its figures by the model.</param>
/// <param name="inBand">Per user, its figures with the noise that its band lets in.</param>
internal sealed class IsccComparisons(
    IsccScenario scenario,
    SoundedChannels channels,
    IsccPlan plan,
    UserBands bands,
    PlanCheck check,
    IReadOnlyList<IsccUserFigures> inBand)
{
    private const string SubBandNoise = ", noise of the sub-band";
    private readonly SinrPredictions _predictions = new(scenario, channels, plan, bands);

    /// <summary>All figures of a round.</summary>
    /// <param name="method">The strategy.</param>
    /// <param name="round">The round.</param>
    /// <param name="messages">What was offloaded.</param>
    /// <param name="readings">What was measured.</param>
    public IReadOnlyList<Comparison> Of(string method, int round, IReadOnlyList<OffloadMessage?> messages, IsccReadings readings)
    {
        var all = new List<Comparison>();
        for (int k = 0; k < scenario.Users.Count; k++)
        {
            string id = scenario.Users[k].Site.Id;
            IsccUserFigures figures = check.Users[k];
            Comparison Expect(string quantity, string unit, double predicted) => Comparison.Expect(method, round, id, quantity, unit, predicted);
            Comparison ExpectRatio(string quantity, double predicted) => Expect(quantity, Comparison.PowerRatioUnit, predicted);
            void AddRatio(string quantity, double predicted, double predictedInBand, (double, double?, double?) figure, (Verdict, string) verdict)
            {
                all.Add(ExpectRatio(quantity, predicted).With(figure, verdict));
                if (!bands[k].IsWhole)
                {
                    all.Add(ExpectRatio(quantity + SubBandNoise, predictedInBand).With(figure, verdict));
                }
            }

            if (readings.Communication[k] is { } communication)
            {
                AddRatio(
                    "communication SINR (7)",
                    figures.CommunicationSinr,
                    inBand[k].CommunicationSinr,
                    Figure(_predictions.Communication(k), communication.Value),
                    communication.Judgement);
            }

            (double, double?, double?) asWritten = AsWritten(k, readings, out (Verdict, string) judgement);
            AddRatio("sensing SINR (8)", figures.SensingSinr, inBand[k].SensingSinr, asWritten, judgement);
            UncertainFigure onTheAir = _predictions.OnTheAir(k);
            all.Add(ExpectRatio("sensing SINR on the air", onTheAir.Value).With(Figure(onTheAir, readings.Sensing[k].Value), readings.Sensing[k].Judgement));
            if (messages[k] is { } message && readings.Uploads[k] is { } upload)
            {
                AddUpload(all, Expect, k, figures, message, upload);
            }
        }

        if (messages.Any(m => m is not null))
        {
            all.Add(CostOf(method, round, messages, readings));
        }

        return all;
    }

    // (17a) with what the uploads really took; the processors run at the planned clocks.
    private Comparison CostOf(string method, int round, IReadOnlyList<OffloadMessage?> messages, IsccReadings readings)
    {
        double cost = check.EnergyCost;
        (Verdict Verdict, string Reason) worst = (Verdict.Valid, string.Empty);
        for (int k = 0; k < messages.Count; k++)
        {
            if (messages[k] is { } message && readings.Uploads[k] is { } upload)
            {
                cost += (upload.Value?.RadiatedJoules ?? 0) - (check.Users[k].PowerWatts * check.Users[k].UploadSeconds);
                (Verdict Verdict, string Reason) verdict = Whole(message, upload);
                worst = verdict.Verdict > worst.Verdict ? verdict : worst;
            }
        }

        return Comparison.Expect(method, round, "all users", "energy cost (17a)", "J", check.EnergyCost).With((cost, null, null), worst);
    }

    private static (Verdict Verdict, string Reason) Whole(OffloadMessage message, Judged<UploadReading> upload) => upload.Value is { IsWhole: false }
        ? (Verdict.Inconclusive, $"{message.Missing.Length} of {message.Packets} packets did not arrive within offload.attempts and roundSeconds")
        : upload.Judgement;

    private void AddUpload(
        List<Comparison> all,
        Func<string, string, double, Comparison> expect,
        int user,
        IsccUserFigures figures,
        OffloadMessage message,
        Judged<UploadReading> upload)
    {
        double rate = scenario.Run.Radio.SampleRateHz;
        UploadReading? reading = upload.Value;
        (Verdict, string) whole = Whole(message, upload);
        double seconds = (reading?.Ticks ?? 0) / rate, processing = figures.OffloadLatencySeconds - figures.UploadSeconds;
        double modem = message.SamplesWithoutLoss(scenario.Offload.SlotSamples, bands[user]) / rate;
        double bits = plan.Offloading[user] * scenario.Users[user].TaskBits;
        all.Add(expect("bits offloaded", "bit", bits).With((reading?.ArrivedBits ?? 0, null, null), upload.Judgement));
        all.Add(expect("packets sent", "packets", message.Packets).With((reading?.PacketsSent ?? 0, null, null), upload.Judgement));
        all.Add(expect("upload time (11)", "s", figures.UploadSeconds).With((seconds, null, null), whole));
        all.Add(expect("upload time, modem without loss", "s", modem).With((seconds, null, null), whole));
        all.Add(expect("upload energy (13)", "J", figures.PowerWatts * figures.UploadSeconds).With((reading?.RadiatedJoules ?? 0, null, null), whole));
        all.Add(expect("offload latency (11)", "s", figures.OffloadLatencySeconds).With((seconds + processing, null, null), whole));
    }

    private static (double Value, double? Lower, double? Upper) Figure(UncertainFigure predicted, StreamReading? reading)
    {
        if (reading is null)
        {
            return (0, null, null);
        }

        double deviation = Math.Log(reading.Upper / reading.Lower) / (2 * Comparison.Deviations);
        return Against(predicted, reading.Sinr, deviation * deviation);
    }

    /// <summary>
    /// (8) term by term, each measured where its channel exists: H~_j is what user j hears of itself, so its terms come from user j's samples
    /// behind user k's combiner; users in other bands have none. The interval is that of the ratio of independent Gaussian sums (delta method,
    /// on the logarithm) and of the prediction.
    /// </summary>
    private (double Value, double? Lower, double? Upper) AsWritten(int user, IsccReadings readings, out (Verdict Verdict, string Reason) judgement)
    {
        Judged<SeparatedStreams>?[] echoes = [.. Enumerable.Range(0, scenario.Users.Count).Select(j => readings.Echoes[j, user])];
        judgement = echoes.OfType<Judged<SeparatedStreams>>().MaxBy(e => e.Verdict)!.Judgement;
        if (judgement.Verdict != Verdict.Valid)
        {
            return (0, null, null);
        }

        SeparatedStreams own = echoes[user]!.Value!;
        double signal = 0, signalVariance = 0, rest = own.NoisePower, restVariance = own.NoiseVariance;
        for (int s = 0; s < readings.Streams[user].Count; s++)
        {
            // Users of one band hear the same streams in the same order.
            (int sender, bool isData) = readings.Streams[user][s];
            SeparatedStreams echo = echoes[sender]!.Value!;
            if (sender == user && !isData)
            {
                (signal, signalVariance) = (echo.Power(s), echo.PowerVariance(s));
            }
            else
            {
                rest += echo.Power(s);
                restVariance += echo.PowerVariance(s);
            }
        }

        return Against(_predictions.Sensing(user), signal / rest, (signalVariance / (signal * signal)) + (restVariance / (rest * rest)));
    }

    // A measurement with the interval in which a right prediction lies: its own, widened by how far the sounding lets a prediction be off. On the
    // logarithm, where both are near to symmetric.
    private static (double Value, double? Lower, double? Upper) Against(UncertainFigure predicted, double measured, double variance)
    {
        double spread = Comparison.Deviations * Math.Sqrt(variance + (predicted.Variance / (predicted.Value * predicted.Value)));
        return (measured, measured * Math.Exp(-spread), measured * Math.Exp(spread));
    }
}
