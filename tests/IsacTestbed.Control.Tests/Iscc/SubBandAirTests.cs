using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Iscc;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Control.Tests.Iscc;

/// <summary>Two users on the emulated air with beams made by hand, one of them 30 dB weaker: in one band, and in a band of its own each.</summary>
public sealed class SubBandAirTests(SubBandAir air) : IClassFixture<SubBandAir>
{
    [Fact]
    public void Execute_WeakUserBesideAStrongOne_IsHeardInABandOfItsOwn()
    {
        AirOutcome divided = air.Divided, shared = air.Shared;
        for (int k = 0; k < 2; k++)
        {
            StreamReading apart = divided.Readings.Communication[k]!.Value!;
            IsccUserFigures predicted = IsccStudy.InBand(divided.Problem, divided.Plan, divided.Check, k, divided.Bands[k]);

            // Twice the interval, for a test that never fails by chance, and 2 % for the sounded channel.
            Assert.InRange(predicted.CommunicationSinr / apart.Sinr, 0.98 - Margin(apart), 1.02 + Margin(apart));
        }

        // One combiner each and no nulls: in one band the strong user drowns the weak one, by some 15 dB and more.
        double weak = divided.Readings.Communication[1]!.Value!.Sinr;
        Assert.True(weak > 3, $"{weak}");
        Assert.True(shared.Readings.Communication[1]!.Value!.Sinr < weak / 30, $"{shared.Readings.Communication[1]!.Value!.Sinr} beside {weak}");
    }

    [Fact]
    public void Execute_InSubBands_ChannelsAreTheSoundedOnesTurnedByCentreAndDelay()
    {
        // Coefficients are sounded for the carrier. A path of the delay d turns them at a sub-band's centre f by exp(-j 2 pi f d), all elements alike:
        // behind any combiner that is one phase for all streams of a user, which no power sees.
        AirOutcome run = air.Divided;
        int lead = run.Scenario.Run.Sounding.MaxDelaySamples;
        double furthest = 0;
        for (int k = 0; k < 2; k++)
        {
            string id = run.Scenario.Users[k].Site.Id;
            var advance = TimingAdvance.For(run.Channels.Between(id, "ap").DelaySamples);
            double centre = run.Bands[k].CentreCyclesPerSample;

            // Phases count from a window's first sample, which is the lead before the slot.
            Complex Turned(double delay) => Complex.FromPolarCoordinates(1, -2 * Math.PI * centre * (lead - advance.Ticks + delay));
            Complex data = Through(run.Plan.ApCombiners[k], run.Problem.Channels[k], run.Plan.DataBeams[k]);
            AssertNear(data * Turned(run.Channels.Between(id, "ap").DelaySamples), run.Readings.Communication[k]!.Value!.Gain, 0.1);

            double echoDelay = run.Channels.Between(id, id).DelaySamples;
            SeparatedStreams echo = run.Readings.Echoes[k, k]!.Value!;
            Assert.Equal([(k, true), (k, false)], run.Readings.Streams[k]);
            Complex expected = Through(run.Plan.UeCombiners[k], run.Problem.SensingChannels[k], run.Plan.DataBeams[k]) * Turned(echoDelay);
            AssertNear(expected, echo.Gains[0], 0.05 + (4 * Math.Sqrt(echo.Variances[0]) / expected.Magnitude));
            Assert.Null(run.Readings.Echoes[k, 1 - k]);
            Complex unturned = Through(run.Plan.UeCombiners[k], run.Problem.SensingChannels[k], run.Plan.DataBeams[k]) * Turned(0);
            furthest = Math.Max(furthest, (unturned - echo.Gains[0]).Magnitude / expected.Magnitude);
        }

        Assert.True(furthest > 0.5, $"a delay that changes a gain by {furthest} shows nothing");
    }

    private static double Margin(StreamReading reading) => 2 * Math.Max((reading.Upper / reading.Sinr) - 1, 1 - (reading.Lower / reading.Sinr));

    private static void AssertNear(Complex expected, Complex actual, double relative) =>
        Assert.True((expected - actual).Magnitude < relative * expected.Magnitude, $"expected {expected}, got {actual}");

    private static Complex Through(Complex[] combiner, ComplexMatrix channel, Complex[] beam) =>
        Enumerable.Range(0, channel.Rows).Aggregate(
            Complex.Zero,
            (sum, m) => sum + Enumerable.Range(0, channel.Columns).Aggregate(
                Complex.Zero, (row, n) => row + (Complex.Conjugate(combiner[m]) * channel[m, n] * beam[n])));
}
