using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Experiments;

/// <summary>Reads the bench's instruments before and behind every phase, records what they say, and judges whether the phase can be trusted.</summary>
/// <param name="monitor">The instruments.</param>
/// <param name="folder">Where it is recorded.</param>
internal sealed class InstrumentWatch(IInstrumentMonitor monitor, RunFolder folder)
{
    private readonly Dictionary<string, InstrumentReading> _atStart = new(StringComparer.Ordinal);
    private int _phase = -1;

    /// <summary>Before the first burst.</summary>
    public async Task BeginPhaseAsync(CancellationToken cancellationToken)
    {
        _phase++;

        // What happened before the phase does not concern it; how things stand now does.
        foreach (InstrumentReading reading in await ReadAsync(PhaseMoment.Before, cancellationToken).ConfigureAwait(false))
        {
            _atStart[reading.Instrument] = reading;
        }
    }

    /// <summary>Behind the last burst.</summary>
    /// <returns>Why nothing measured in the phase can be trusted; empty when it can.</returns>
    public async Task<string> EndPhaseAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<InstrumentReading> during = await ReadAsync(PhaseMoment.During, cancellationToken).ConfigureAwait(false);
        InstrumentReading? doubtful = _atStart.Values.Concat(during).FirstOrDefault(r => !r.Trustworthy);
        _atStart.Clear();
        return doubtful is null ? string.Empty : $"{doubtful.Instrument}: {doubtful.Reason}";
    }

    private async Task<IReadOnlyList<InstrumentReading>> ReadAsync(PhaseMoment moment, CancellationToken cancellationToken)
    {
        IReadOnlyList<InstrumentReading> readings = await monitor.ReadAsync(cancellationToken).ConfigureAwait(false);
        folder.AppendInstruments(readings.Select(r => new InstrumentRecord(_phase, moment, r)));
        return readings;
    }
}
