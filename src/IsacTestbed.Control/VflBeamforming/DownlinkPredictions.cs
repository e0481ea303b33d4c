using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>What a plan's SINRs come to by the sounded channels, with the errors that these have: how far a prediction can be off.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="combiners">Per base station how it listens.</param>
/// <param name="channels">The sounded channels.</param>
/// <param name="beamformers">W_m per base station.</param>
internal sealed class DownlinkPredictions(
    VflBeamformingScenario scenario,
    IReadOnlyList<EchoCombiners> combiners,
    SoundedChannels channels,
    IReadOnlyList<ComplexMatrix> beamformers)
{
    private static readonly Complex[] OneAntenna = [Complex.One];

    private readonly SoundedAmplitudes _sounded = new(channels, scenario.Run.Sounding.Symbols);
    private readonly Complex[][][] _beams =
    [
        .. beamformers.Select(w => Enumerable.Range(0, w.Columns)
            .Select(k => Enumerable.Range(0, w.Rows).Select(i => w[i, k]).ToArray()).ToArray()),
    ];

    /// <summary>(6): a user's SINR.</summary>
    public UncertainFigure OfUser(int cell, int user)
    {
        string id = scenario.Cells[cell].Users[user].Id;
        UncertainFigure signal = UncertainFigure.Exact(0);
        UncertainFigure rest = NoiseAt(scenario.Cells.SelectMany(c => c.Users).Select(u => u.Id));
        for (int n = 0; n < _beams.Length; n++)
        {
            for (int k = 0; k < _beams[n].Length; k++)
            {
                UncertainFigure power = Power(_sounded.Through(scenario.Cells[n].Station.Id, id, OneAntenna, _beams[n][k]));
                (signal, rest) = n == cell && k == user ? (power, rest) : (signal, rest + power);
            }
        }

        return signal / rest;
    }

    /// <summary>(8): the SINR of a target's echo.</summary>
    /// <param name="cell">The cell m.</param>
    /// <param name="target">The target j.</param>
    /// <param name="passed">Share of the power of the cell's target i that stands in the rest.</param>
    public UncertainFigure OfTarget(int cell, int target, Func<int, double> passed) =>
        OverOthers(cell, target, passed, j => UncertainFigure.Sum(_beams[cell].Select(beam => Power(
            combiners[cell].Illumination(j, beam) * combiners[cell].Strength(_sounded, Station(cell), j)))));

    /// <summary>(8) where all that the sounded echo holds behind the combiner of a target counts as its echo.</summary>
    /// <param name="cell">The cell m.</param>
    /// <param name="target">The target j.</param>
    public UncertainFigure WithBackground(int cell, int target) =>
        OverOthers(cell, target, _ => 1, j => Arriving(cell, cell, combiners[cell].Separating[j]));

    /// <summary>
    /// What arrives behind the matched combiner of a target: the echoes of all targets add up, since they carry the same streams at nearly the
    /// same time.
    /// </summary>
    /// <param name="cell">The cell m.</param>
    /// <param name="target">The target j.</param>
    public UncertainFigure OnTheAir(int cell, int target) =>
        Arriving(cell, cell, combiners[cell].Matched[target]) / NeighboursAndNoise(cell, target);

    private UncertainFigure OverOthers(int cell, int target, Func<int, double> passed, Func<int, UncertainFigure> echo) => echo(target)
        / (NeighboursAndNoise(cell, target)
            + UncertainFigure.Sum(Enumerable.Range(0, combiners[cell].Matched.Count).Where(i => i != target).Select(i => passed(i) * echo(i))));

    private UncertainFigure NeighboursAndNoise(int cell, int target) =>
        NoiseAt(scenario.Cells.Select(c => c.Station.Id))
        + UncertainFigure.Sum(
            Enumerable.Range(0, _beams.Length).Where(n => n != cell).Select(n => Arriving(n, cell, combiners[cell].Matched[target])));

    // The planner is given the mean over all receivers of a kind and all base stations that they were sounded from.
    private UncertainFigure NoiseAt(IEnumerable<string> receivers) =>
        _sounded.Noise([.. receivers.SelectMany(id => scenario.Cells.Select(c => (c.Station.Id, id)))]);

    private UncertainFigure Arriving(int sender, int cell, Complex[] combiner) =>
        UncertainFigure.Sum(_beams[sender].Select(beam => Power(_sounded.Through(Station(sender), Station(cell), combiner, beam))));

    private string Station(int cell) => scenario.Cells[cell].Station.Id;

    // No power is below zero, whatever is taken away for the errors of the channel.
    private static UncertainFigure Power(UncertainAmplitude gain)
    {
        UncertainFigure power = gain.Power();
        return power.At(Math.Max(0, power.Value));
    }
}
