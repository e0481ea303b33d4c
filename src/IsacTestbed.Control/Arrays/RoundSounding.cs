using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Control.Arrays;

/// <summary>The sounding at the beginning of every round of a study. Not thread safe.</summary>
/// <param name="run">The study's calendar, tuning and sounding.</param>
/// <param name="pulse">Pulse of the pilots.</param>
/// <param name="radios">The radios.</param>
/// <exception cref="ConfigurationException">Too few symbols for the elements or for the delays.</exception>
internal sealed class RoundSounding(ArrayRunSection run, SymbolPulse pulse, IReadOnlyList<ArrayRadio> radios)
{
    // The first phase of a run finds out how much room it needs; a sounding that came late is done again.
    private const int Attempts = 4;

    private readonly ChannelSounder _sounder = new(run.Sounding, pulse, run.Radio, radios);
    private bool _pilotsStored;

    /// <summary>Ticks from the start of a round to where the air is free again, echoes of the pilots included.</summary>
    public long Ticks => _sounder.Ticks + (2L * run.Sounding.MaxDelaySamples);

    /// <summary>Sounds all channels at the start of a round.</summary>
    /// <exception cref="Radio.RadioException">A radio or the way to it failed.</exception>
    public async Task<SoundedChannels> SoundAsync(IArrayBench bench, int round, CancellationToken cancellationToken)
    {
        if (!_pilotsStored)
        {
            await _sounder.UploadAsync(bench, cancellationToken).ConfigureAwait(false);
            _pilotsStored = true;
        }

        long tick = run.Calendar.RoundTick(round);
        SoundedChannels channels = await _sounder.SoundAsync(bench, tick, cancellationToken).ConfigureAwait(false);
        for (int attempt = 1; attempt < Attempts && channels.Judge().Verdict != Verdict.Valid; attempt++)
        {
            channels = await _sounder.SoundAsync(bench, tick, cancellationToken).ConfigureAwait(false);
        }

        return channels;
    }
}
