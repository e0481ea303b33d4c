using System.Globalization;

namespace IsacTestbed.Cli.Doctor;

/// <summary>What a radio delivered when it streamed for a while.</summary>
/// <param name="Received">Samples received.</param>
/// <param name="Lost">Samples lost.</param>
internal readonly record struct RateReading(long Received, long Lost);

/// <summary>Lets a radio stream, to see whether this host keeps up.</summary>
internal interface IRateProbe
{
    /// <summary>What streams, for the report.</summary>
    string Description { get; }

    /// <summary>Streams for a while on one receive channel.</summary>
    Task<RateReading> MeasureAsync(double sampleRateHz, TimeSpan duration, CancellationToken cancellationToken);
}

/// <summary>The largest rate that this host takes without loss.</summary>
/// <param name="probe">What streams.</param>
internal sealed class RateCheck(IRateProbe probe) : IHostCheck
{
    private const string Name = "rate without loss";

    private static readonly double[] RatesHz = [1e6, 5e6, 10e6, 25e6, 50e6, 100e6];
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(0.3);

    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken)
    {
        // The first time code is compiled on the way: that says nothing about streaming.
        await probe.MeasureAsync(RatesHz[0], Duration, cancellationToken);
        double best = 0;
        foreach (double rate in RatesHz)
        {
            RateReading reading = await probe.MeasureAsync(rate, Duration, cancellationToken);
            if (reading.Lost > 0)
            {
                string lost = string.Create(CultureInfo.InvariantCulture, $"{100.0 * reading.Lost / (reading.Lost + reading.Received):0.#} % lost at {rate / 1e6:0} MS/s");
                return
                [
                    best > 0
                        ? CheckResult.Ok(Name, string.Create(CultureInfo.InvariantCulture, $"{best / 1e6:0} MS/s, {lost} ({probe.Description})"))
                        : CheckResult.Failed(Name, $"{lost} ({probe.Description})", "end what else runs on this host, or use a faster one"),
                ];
            }

            best = rate;
        }

        return [CheckResult.Ok(Name, string.Create(CultureInfo.InvariantCulture, $"{best / 1e6:0} MS/s or more ({probe.Description})"))];
    }
}
