using IsacTestbed.Cli.Composition;
using IsacTestbed.Core;
using IsacTestbed.Lab;
using IsacTestbed.Lab.Instruments;

namespace IsacTestbed.Cli.Doctor;

/// <summary>Whether the instruments of a bench answer, and whether its reference is locked.</summary>
/// <param name="file">Their list; null when none was named.</param>
/// <param name="time">Time.</param>
internal sealed class InstrumentCheck(string? file, TimeProvider time) : IHostCheck
{
    private const string Name = "instrument";

    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken)
    {
        if (file is null)
        {
            return [CheckResult.NotApplicable(Name, "no instruments named", "name them with --instruments FILE to check their lock")];
        }

        var results = new List<CheckResult>();
        foreach ((Lab.Profiles.InstrumentEntry entry, Lab.Profiles.InstrumentProfile profile) in InstrumentBench.Read(file))
        {
            try
            {
                await using IInstrument instrument = await InstrumentOpening.OpenAsync(entry, profile, time, cancellationToken);
                InstrumentReading reading = await instrument.ReadStateAsync(cancellationToken);
                string values = string.Join(", ", reading.Values.Select(v => $"{v.Name} {v.Value}{(v.Unit.Length > 0 ? $" {v.Unit}" : string.Empty)}"));
                results.Add(
                    reading.Trustworthy
                        ? CheckResult.Ok($"{Name} {entry.Id}", values)
                        : CheckResult.Failed($"{Name} {entry.Id}", $"{reading.Reason} ({values})", "measurements under it would be inconclusive: wait for warm-up and lock, check the antenna"));
            }
            catch (InstrumentException exception)
            {
                results.Add(CheckResult.Failed($"{Name} {entry.Id}", exception.Message, "see the message; the profile of this instrument tells its line settings"));
            }
        }

        return results;
    }
}
