using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Chains;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>Reads what users and base stations receive of a downlink. Not thread safe.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="pulse">Pulse of all streams.</param>
/// <param name="combiners">Per base station how it listens.</param>
/// <param name="channels">The sounded channels, for their delays and for what a base station hears of itself.</param>
/// <param name="layers">Streams and beams, as [m][k].</param>
internal sealed class DownlinkMeter(
    VflBeamformingScenario scenario,
    SymbolPulse pulse,
    IReadOnlyList<EchoCombiners> combiners,
    SoundedChannels channels,
    IReadOnlyList<IReadOnlyList<BeamLayer>> layers)
{
    private readonly SoundedAmplitudes _sounded = new(channels, scenario.Run.Sounding.Symbols);
    private readonly ArrayCombiner _combiner = new();
    private readonly float[] _re = new float[scenario.Downlink.Symbols];
    private readonly float[] _im = new float[scenario.Downlink.Symbols];

    /// <summary>A user's SINR, as a real user finds it: its own stream is known, the rest is whatever arrives.</summary>
    /// <param name="cell">Its cell m.</param>
    /// <param name="user">Its number k.</param>
    /// <param name="window">What it captured.</param>
    public UserReading OfUser(int cell, int user, CapturedWindow window)
    {
        string id = scenario.Cells[cell].Users[user].Id;
        pulse.Match(window.Real(0), window.Imaginary(0), pulse.HalfSpanSamples + Delay(cell, id), _re, _im);
        (float[] Re, float[] Im) known = Known(cell, user, cell, id);
        var meter = new StreamMeter();
        meter.Add(_re, _im, known.Re, known.Im);
        StreamReading reading = meter.Read();
        var terms = new StreamTerms(_re, _im, [known]);
        return new UserReading(reading, (terms.Gains[0].Power() / terms.Rest).At(reading.Sinr));
    }

    /// <summary>The SINRs of a cell's echoes.</summary>
    /// <remarks>
    /// (8) term by term: each target's echo behind a combiner that nulls the cell's other targets, neighbours and noise behind that of (5). What
    /// is no target of the cell scatters the cell's streams as well, neighbours' targets above all. Of that (8) knows nothing, so the background
    /// that the sounding found beside the cell's targets is subtracted, with the errors that it brings.
    /// </remarks>
    /// <param name="cell">The cell m.</param>
    /// <param name="window">What its base station captured.</param>
    public EchoReading[] OfEchoes(int cell, CapturedWindow window)
    {
        string id = scenario.Cells[cell].Station.Id;
        EchoCombiners listening = combiners[cell];
        (float[] Re, float[] Im)[] own = [.. layers[cell].Select((_, k) => Known(cell, k, cell, id))];
        (float[] Re, float[] Im)[] all =
            [.. own, .. layers.SelectMany((others, n) => n == cell ? [] : others.Select((_, k) => Known(n, k, cell, id)))];
        int targets = listening.Matched.Count;
        UncertainFigure[] arrived = new UncertainFigure[targets], echoes = new UncertainFigure[targets];
        for (int j = 0; j < targets; j++)
        {
            StreamTerms apart = Separate(cell, window, listening.Separating[j], all);
            arrived[j] = Powers(apart.Gains.Take(own.Length));
            echoes[j] = Powers(layers[cell].Select((layer, k) => apart.Gains[k] - Background(cell, j, layer.Beam)));
        }

        var readings = new EchoReading[targets];
        for (int j = 0; j < targets; j++)
        {
            StreamTerms terms = Separate(cell, window, listening.Matched[j], all);
            UncertainFigure others = Powers(terms.Gains.Skip(own.Length)) + terms.Rest;
            UncertainFigure Sinr(UncertainFigure[] powers, Func<int, double> passed) => powers[j] / (others
                + UncertainFigure.Sum(Enumerable.Range(0, targets).Where(i => i != j).Select(i => passed(i) * powers[i])));

            // A real base station knows no streams but its own: the others' are part of the rest.
            StreamTerms heard = Separate(cell, window, listening.Matched[j], own);
            readings[j] = new EchoReading(
                Sinr(echoes, _ => 1), Sinr(echoes, i => listening.Overlap(j, i)), Sinr(arrived, _ => 1), Powers(heard.Gains) / heard.Rest);
        }

        return readings;
    }

    // What the sounded echo has behind the combiner of a target beyond this target's own.
    private UncertainAmplitude Background(int cell, int target, IReadOnlyList<Complex> beam)
    {
        string id = scenario.Cells[cell].Station.Id;
        EchoCombiners listening = combiners[cell];
        return _sounded.Through(id, id, listening.Separating[target], beam)
            - (listening.Illumination(target, beam) * listening.Strength(_sounded, id, target));
    }

    private StreamTerms Separate(int cell, CapturedWindow window, Complex[] combiner, (float[] Re, float[] Im)[] known)
    {
        _combiner.Combine(window, combiner);
        pulse.Match(_combiner.Real, _combiner.Imaginary, pulse.HalfSpanSamples + Delay(cell, scenario.Cells[cell].Station.Id), _re, _im);
        return new StreamTerms(_re, _im, known);
    }

    private static UncertainFigure Powers(IEnumerable<UncertainAmplitude> gains) => UncertainFigure.Sum(gains.Select(g => g.Power()));

    // A stream as it is at a receiver at the symbol instants of the receiver's own cell.
    private (float[] Re, float[] Im) Known(int station, int stream, int cell, string receiver) => layers[station][stream].SymbolsAt(
        pulse, pulse.HalfSpanSamples + Delay(cell, receiver) - Delay(station, receiver), _re.Length);

    private double Delay(int station, string receiver) => channels.Between(scenario.Cells[station].Station.Id, receiver).DelaySamples;
}
