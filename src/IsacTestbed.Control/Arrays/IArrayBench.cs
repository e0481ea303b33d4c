using IsacTestbed.Control.Chains;
using IsacTestbed.Control.Experiments;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Arrays;

/// <summary>Radios with arrays that are leased and tuned: what a study's rounds are executed on.</summary>
public interface IArrayBench
{
    /// <summary>Stores waveforms in a radio; one of the same id is replaced.</summary>
    /// <exception cref="Radio.RadioException">The radio or the way to it failed.</exception>
    Task UploadAsync(string radioId, IReadOnlyList<Waveform> waveforms, CancellationToken cancellationToken);

    /// <summary>Executes a phase.</summary>
    /// <param name="schedules">One schedule per radio that takes part, in ticks of the common calendar.</param>
    /// <param name="receive">Takes each window, of the named radio, when it is whole; the window is reused afterwards.</param>
    /// <param name="cancellationToken">Mutes the radios and ends the phase.</param>
    /// <returns>How the bursts ended, by which measurements are judged.</returns>
    /// <exception cref="Radio.RadioException">A radio or the way to it failed.</exception>
    Task<PhaseReport> ExecuteAsync(
        IReadOnlyList<BurstSchedule> schedules, Action<string, CapturedWindow> receive, CancellationToken cancellationToken);
}
