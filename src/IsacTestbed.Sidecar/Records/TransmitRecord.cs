using System.Text.Json;
using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar.Limits;

namespace IsacTestbed.Sidecar.Records;

/// <summary>The log's entries of one radio's part of one run. Thread safe.</summary>
internal sealed class TransmitRecord(TransmitLog log, string run, string holder, RadioDescription radio, TransmitPlan plan)
{
    private int _reported;

    /// <summary>Says what is about to be transmitted.</summary>
    public void WriteBegin() => log.Write("begin", json =>
    {
        WriteWho(json);
        json.WriteString("driver", radio.Driver);
        json.WriteString("serial", radio.Serial);
        WriteNumber(json, "frequencyHz", plan.FrequencyHz);
        WriteNumber(json, "sampleRateHz", plan.SampleRateHz);
        WriteNumber(json, "txGainDb", plan.TxGainDb);
        WriteNumber(json, "maxPowerWatts", plan.MaxPowerWatts);
        WriteNumber(json, "durationSeconds", plan.OnAirSeconds);
        json.WriteNumber("bursts", plan.Bursts.Count);
    });

    /// <summary>A burst has ended.</summary>
    public void Add(BurstReport report)
    {
        Interlocked.Increment(ref _reported);
        PlannedBurst burst = plan.Bursts.GetValueOrDefault(report.BurstId);
        log.Write("burst", json =>
        {
            WriteWho(json);
            json.WriteNumber("burst", report.BurstId);
            WriteNumber(json, "frequencyHz", plan.FrequencyHz);
            WriteNumber(json, "powerWatts", burst.PowerWatts);

            // Of a burst that was cut short the radio says only where it ended; what was planned is the most that can have been sent.
            WriteNumber(json, "durationSeconds", report.Outcome == BurstOutcome.Late ? 0 : burst.OnAirSamples / plan.SampleRateHz);
            json.WriteString("outcome", JsonNamingPolicy.CamelCase.ConvertName(report.Outcome.ToString()));
            json.WriteNumber("endTick", report.Tick);
        });
    }

    /// <summary>The run has ended and the radio is silent.</summary>
    /// <param name="problem">Null when it ended well, or why not.</param>
    public void End(string? problem) => log.Write("end", json =>
    {
        WriteWho(json);
        json.WriteString("outcome", problem is null ? "completed" : "stopped");
        if (problem is not null)
        {
            json.WriteString("problem", problem);
        }

        json.WriteNumber("unreportedBursts", plan.Bursts.Count - Volatile.Read(ref _reported));
    });

    private void WriteWho(Utf8JsonWriter json)
    {
        json.WriteString("run", run);
        json.WriteString("holder", holder);
        json.WriteString("radio", radio.RadioId);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
