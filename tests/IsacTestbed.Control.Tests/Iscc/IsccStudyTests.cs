using System.Text.Json;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Radio;

namespace IsacTestbed.Control.Tests.Iscc;

/// <summary>Plans of iscc on the emulated air: measured agrees with predicted as far as the channels were known.</summary>
public sealed class IsccStudyTests
{
    private const int Rounds = 10;

    [Fact]
    public async Task Run_MeasuredAgreesWithPredicted_AsFarAsTheChannelsAreKnown()
    {
        // Pilots as good as 32,768 symbols at the power of the data, against measurements of some 1,300: the channels' errors are inside the intervals.
        List<ArrayRound> known = await IsccBench.RunAsync(IsccBench.Scenario(soundingSymbols: 4096, soundingWatts: 0.08), Rounds);
        Assert.All(known, r => Assert.True(r.Planned, string.Join(';', r.Reasons)));
        foreach (string quantity in (string[])["communication SINR (7)", "sensing SINR (8)", "sensing SINR on the air"])
        {
            double[] deviations = [.. known.SelectMany(r => r.Comparisons).Where(c => c.Quantity == quantity).Select(Deviation)];
            Assert.Equal(2 * Rounds, deviations.Length);

            // Chi-square with 20 degrees of freedom lies within 4.5 and 53 with a probability of 1 - 1e-4; the channels' errors, at most a fifth of the
            // variance of a measurement, and the mean, which is normal, have room.
            Assert.InRange(deviations.Sum(d => d * d), 4.5, 60);
            Assert.InRange(deviations.Sum() / Math.Sqrt(deviations.Length), -4, 4);
        }

        // 32 symbols at a tenth of the power: the plan promises more than it keeps.
        List<ArrayRound> guessed = await IsccBench.RunAsync(IsccBench.Scenario(soundingSymbols: 32, soundingWatts: 0.001), Rounds);
        double lossKnown = MeanLossDb(known, "communication SINR (7)"), lossGuessed = MeanLossDb(guessed, "communication SINR (7)");
        Assert.InRange(lossKnown, -0.2, 0.2);
        Assert.True(lossGuessed > 1, $"short pilots lose {lossGuessed} dB, long ones {lossKnown} dB");

        // A format chosen for the SINR that was promised loses packets to the channel alone; they are sent again, and that takes time.
        (Comparison Packets, Comparison Time, Comparison Modem)[] uploads =
        [
            .. guessed.SelectMany(UsersOf).Select(g => (
                g.Single(c => c.Quantity == "packets sent"),
                g.Single(c => c.Quantity == "upload time (11)"),
                g.Single(c => c.Quantity == "upload time, modem without loss"))),
        ];
        Assert.Contains(uploads, u => u.Packets.Measured > u.Packets.Predicted);
        Assert.All(
            uploads.Where(u => u.Time.Verdict == Verdict.Valid),
            u => Assert.Equal(u.Packets.Measured > u.Packets.Predicted, u.Time.Measured > u.Modem.Predicted + 5e-5));
        Assert.All(uploads.Where(u => u.Time.Verdict != Verdict.Valid), u => Assert.Contains("did not arrive", u.Time.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_Round_IsTheSameWheneverItIsDone()
    {
        List<ArrayRound> one = await IsccBench.RunAsync(IsccBench.Scenario(), 2), other = await IsccBench.RunAsync(IsccBench.Scenario(), 2);
        Assert.Equal(Text(one), Text(other));

        static string Text(List<ArrayRound> rounds) => string.Join('\n', rounds.Select(r => JsonSerializer.Serialize(r, RecordJson.Default.ArrayRound)));
    }

    [Fact]
    public async Task Run_Packets_CarryAllBitsInTheTimeOfTheModem()
    {
        List<ArrayRound> rounds = await IsccBench.RunAsync(IsccBench.Scenario(taskBits: 4e4), 2);
        foreach (Comparison[] user in rounds.SelectMany(UsersOf).Select(g => g.ToArray()))
        {
            Comparison bits = user.Single(c => c.Quantity == "bits offloaded"), shannon = user.Single(c => c.Quantity == "upload time (11)");
            Comparison modem = user.Single(c => c.Quantity == "upload time, modem without loss");
            Assert.InRange(bits.Measured!.Value - bits.Predicted, 0, 8);
            Assert.True(modem.Measured >= modem.Predicted, "no packet arrives before its time");
            Assert.Equal(modem.Measured, shannon.Measured);
            Assert.True(shannon.Measured > shannon.Predicted, "no modem beats Shannon");

            // The power is the plan's, so that the energy is as much more as the time: up to the ends of the packets, the power of some ten thousand
            // symbols of which half are Gaussian, and gaps between slots in which nothing is sent.
            Comparison energy = user.Single(c => c.Quantity == "upload energy (13)");
            double watts = energy.Predicted / shannon.Predicted;
            Assert.InRange(energy.Measured!.Value / (watts * shannon.Measured!.Value), 0.8, 1.05);
        }

        // The cost has the processors' energies as planned and the uploads' as they were.
        foreach (ArrayRound round in rounds)
        {
            double more = round.Comparisons.Where(c => c.Quantity == "upload energy (13)").Sum(c => c.Measured!.Value - c.Predicted);
            Comparison cost = round.Comparisons.Single(c => c.Quantity == "energy cost (17a)");
            Assert.True(more > 0 && cost.Predicted > 0);
            Assert.Equal(cost.Predicted + more, cost.Measured!.Value, 1e-9 * cost.Predicted);
        }
    }

    [Fact]
    public async Task Run_ModemsRate_KeepsTheLatency()
    {
        // With the share of Shannon's rate that the modem reaches, the plan leaves the access point enough time.
        List<ArrayRound> rounds = await IsccBench.RunAsync(IsccBench.Scenario(taskBits: 4e4, rateShare: 0.2), 3);
        Assert.All(
            rounds.SelectMany(r => r.Comparisons).Where(c => c.Quantity == "offload latency (11)"),
            c => Assert.True(c.Measured <= c.Predicted, $"{c.Measured} s after {c.Predicted} s were planned"));
    }

    [Fact]
    public async Task Run_LostSamplesInOneSlot_AreDroppedAndThePacketIsSentAgain()
    {
        IsccScenario scenario = IsccBench.Scenario(taskBits: 4e4, measuredSlots: 3);
        long sounding = scenario.Run.Calendar.RoundTick(0), inSecondSlot = sounding + FirstSlot(scenario) + scenario.Offload.SlotSamples + 1000;
        List<ArrayRound> rounds = await IsccBench.RunAsync(
            scenario, 1, before: bench => Inject(bench, "ap", inSecondSlot, 60));
        Comparison[] all = [.. rounds[0].Comparisons];
        Assert.All(all.Where(c => c.Quantity == "communication SINR (7)"), c => Assert.Equal(Verdict.Valid, c.Verdict));
        Assert.All(all.Where(c => c.Quantity.StartsWith("upload time", StringComparison.Ordinal)), c =>
        {
            Assert.Equal(Verdict.Inconclusive, c.Verdict);
            Assert.Null(c.Measured);
            Assert.Contains("Overflow", c.Reason, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Run_LostSamplesInEverySlot_MeasureNothing()
    {
        IsccScenario scenario = IsccBench.Scenario();
        long first = scenario.Run.Calendar.RoundTick(0) + FirstSlot(scenario);
        List<ArrayRound> rounds = await IsccBench.RunAsync(scenario, 1, before: bench => Inject(bench, "user-1", first + 1000, 60));
        Comparison sensing = rounds[0].Comparisons.Single(c => c.Subject == "user-1" && c.Quantity == "sensing SINR on the air");
        Assert.Equal((Verdict.Inconclusive, null), (sensing.Verdict, sensing.Measured));
        Assert.Equal(Verdict.Valid, rounds[0].Comparisons.Single(c => c.Subject == "user-2" && c.Quantity == "sensing SINR on the air").Verdict);

        // (8) of user 2 has terms that only user 1 can measure.
        Assert.Equal(Verdict.Inconclusive, rounds[0].Comparisons.Single(c => c.Subject == "user-2" && c.Quantity == "sensing SINR (8)").Verdict);
    }

    [Fact]
    public async Task Run_LostSamplesWhileSounding_LeaveTheRoundWithoutAPlan()
    {
        IsccScenario scenario = IsccBench.Scenario();
        List<ArrayRound> rounds = await IsccBench.RunAsync(
            scenario, 1, before: bench => Inject(bench, "ap", scenario.Run.Calendar.RoundTick(0) + 500, 50));
        Assert.False(rounds[0].Planned);
        Assert.Empty(rounds[0].Comparisons);
        Assert.Contains("sounding user-1 to ap: receiver: Overflow", rounds[0].Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FullLocal_SensesAndSendsNothing()
    {
        List<ArrayRound> rounds = await IsccBench.RunAsync(IsccBench.Scenario(), 1, IsccMethods.FullLocal);
        Assert.Equal(["sensing SINR (8)", "sensing SINR on the air"], rounds[0].Comparisons.Select(c => c.Quantity).Distinct());
        Assert.All(rounds[0].Comparisons, c => Assert.Equal(Verdict.Valid, c.Verdict));
    }

    [Fact]
    public async Task Run_Ofdma_EveryUserHasTheNoiseOfItsBandAndNobodyElses()
    {
        List<ArrayRound> rounds = await IsccBench.RunAsync(
            IsccBench.Scenario(soundingSymbols: 4096, soundingWatts: 0.08, slotSamples: 8192), Rounds, IsccMethods.Ofdma);
        Assert.All(rounds, r => Assert.True(r.Planned, string.Join(';', r.Reasons)));
        Comparison[] all = [.. rounds.SelectMany(r => r.Comparisons)];
        string[] quantities = ["communication SINR (7), noise of the sub-band", "sensing SINR (8), noise of the sub-band", "sensing SINR on the air"];
        foreach (string quantity in quantities)
        {
            // As for one band above: chi-square with 20 degrees of freedom. A narrow band has fewer symbols to measure, and wider intervals.
            double[] deviations = [.. all.Where(c => c.Quantity == quantity).Select(Deviation)];
            Assert.Equal(2 * Rounds, deviations.Length);
            Assert.InRange(deviations.Sum(d => d * d), 4.5, 60);
            Assert.InRange(deviations.Sum() / Math.Sqrt(deviations.Length), -4, 4);
        }

        foreach (ArrayRound round in rounds)
        {
            // (7) and (8) as printed have the noise of the whole band, of which the users' bands let in their shares: these sum to 1, and to the number of
            // users where nothing was divided. What a user's own beams leave in each other's way is not divided and keeps the sum above 1: up to 0.13 for echoes.
            double Gain(string quantity) => round.Comparisons
                .Where(c => c.Quantity == quantity + ", noise of the sub-band")
                .Sum(c => round.Comparisons.Single(o => o.Subject == c.Subject && o.Quantity == quantity).Predicted / c.Predicted);
            Assert.InRange(Gain("communication SINR (7)"), 1, 1.05);
            Assert.InRange(Gain("sensing SINR (8)"), 1, 1.3);
        }

        foreach (Comparison[] user in rounds.SelectMany(UsersOf).Select(g => g.ToArray()))
        {
            Comparison bits = user.Single(c => c.Quantity == "bits offloaded"), time = user.Single(c => c.Quantity == "upload time (11)");
            Assert.InRange(bits.Measured!.Value - bits.Predicted, 0, 8);
            Assert.Equal(Verdict.Valid, time.Verdict);
            Assert.True(time.Measured >= user.Single(c => c.Quantity == "upload time, modem without loss").Predicted);
            Comparison energy = user.Single(c => c.Quantity == "upload energy (13)");
            double watts = energy.Predicted / time.Predicted;
            Assert.InRange(energy.Measured!.Value / (watts * time.Measured!.Value), 0.8, 1.05);
        }
    }

    private static Task Inject(Arrays.AirBench bench, string radio, long tick, long ticks) =>
        bench.Air.Radios.Single(r => r.Description.RadioId == radio)
            .InjectAsync(new InjectedFault(InjectedFaultKind.Overflow, tick, ticks), CancellationToken.None).AsTask();

    private static long FirstSlot(IsccScenario scenario) =>
        new Control.Arrays.ChannelSounder(
            scenario.Run.Sounding, new Dsp.Waveforms.SymbolPulse(2), scenario.Run.Radio,
            [new("user-1", 4, 4), new("user-2", 4, 4), new("ap", 0, 4)]).Ticks;

    // In standard deviations: the interval is symmetric in the logarithm to first order, and 1.96 deviations wide on each side.
    private static double Deviation(Comparison c)
    {
        Assert.Equal((Verdict.Valid, string.Empty), (c.Verdict, c.Reason));
        double deviation = Math.Log(c.Upper!.Value / c.Lower!.Value) / (2 * 1.96);
        return Math.Log(c.Measured!.Value / c.Predicted) / deviation;
    }

    private static IEnumerable<IGrouping<string, Comparison>> UsersOf(ArrayRound round) =>
        round.Comparisons.Where(c => c.Subject.StartsWith("user-", StringComparison.Ordinal)).GroupBy(c => c.Subject);

    private static double MeanLossDb(List<ArrayRound> rounds, string quantity)
    {
        Comparison[] all = [.. rounds.SelectMany(r => r.Comparisons).Where(c => c.Quantity == quantity && c.Verdict == Verdict.Valid)];
        Assert.NotEmpty(all);
        return 10 * Math.Log10(all.Average(c => c.Predicted) / all.Average(c => c.Measured!.Value));
    }
}
