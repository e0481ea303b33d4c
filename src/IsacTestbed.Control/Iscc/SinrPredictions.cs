using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Control.Iscc;

/// <summary>What a plan's SINRs come to by the sounded channels, with the errors that these have: how far a prediction can be off.</summary>
/// <remarks>
/// The largest share is mostly that of interference that a plan leaves standing: an amplitude a that is known to within e makes a power that
/// is known to within 2 |a| |e|.
/// </remarks>
/// <param name="scenario">The scenario.</param>
/// <param name="channels">The sounded channels.</param>
/// <param name="plan">The plan.</param>
/// <param name="bands">The users' bands.</param>
internal sealed class SinrPredictions(IsccScenario scenario, SoundedChannels channels, IsccPlan plan, UserBands bands)
{
    private readonly SoundedAmplitudes _sounded = new(channels, scenario.Run.Sounding.Symbols);

    /// <summary>(7), with the noise that the user's band lets in.</summary>
    /// <param name="user">A user that offloads.</param>
    public UncertainFigure Communication(int user)
    {
        UncertainFigure At(int sender, Complex[] beam) => _sounded.Through(Id(sender), scenario.AccessPoint.Id, plan.ApCombiners[user], beam).Power();
        UncertainFigure rest = Noise(user, k => (Id(k), scenario.AccessPoint.Id)) + At(user, plan.SensingBeams[user]);
        foreach (int j in Others(user))
        {
            rest += At(j, plan.DataBeams[j]) + At(j, plan.SensingBeams[j]);
        }

        return At(user, plan.DataBeams[user]) / rest;
    }

    /// <summary>(8) as written, the j-th user's signal through its own reflection channel; likewise.</summary>
    /// <param name="user">The user.</param>
    public UncertainFigure Sensing(int user) => Echo(user, j => (Id(j), Id(j)), _ => 1);

    /// <summary>
    /// The SINR of the echo in what physically arrives: the others' signals come over the target from where they stand, through the channel
    /// between the two users, and their symbols are out of step with the receiver's. In a band of its own a user hears nobody else, and its
    /// band's share of the noise.
    /// </summary>
    /// <param name="user">The user.</param>
    public UncertainFigure OnTheAir(int user)
    {
        var pulse = new SymbolPulse(scenario.Offload.SamplesPerSymbol);
        return Echo(user, j => (Id(j), Id(user)), j => pulse.PowerAtOffset(Offset(user, j)));
    }

    // Over one target every path has rank one.
    private UncertainFigure Echo(int user, Func<int, (string From, string To)> path, Func<int, double> taken)
    {
        UncertainFigure Arriving(int sender, Complex[] beam) =>
            _sounded.ThroughDominant(path(sender).From, path(sender).To, plan.UeCombiners[user], beam).Power();
        UncertainFigure rest = Noise(user, k => (Id(k), Id(k))) + Arriving(user, plan.DataBeams[user]);
        foreach (int j in Others(user))
        {
            rest += taken(j) * (Arriving(j, plan.DataBeams[j]) + Arriving(j, plan.SensingBeams[j]));
        }

        return Arriving(user, plan.SensingBeams[user]) / rest;
    }

    // The planner is given the mean over the receivers of a kind.
    private UncertainFigure Noise(int user, Func<int, (string From, string To)> path) =>
        bands[user].Share * _sounded.Noise([.. Enumerable.Range(0, scenario.Users.Count).Select(path)]);

    private IEnumerable<int> Others(int user) => Enumerable.Range(0, scenario.Users.Count).Where(j => j != user && bands.Meet(j, user));

    // How far the other's symbols are apart from the own echo's, in symbols; both leave ahead of time by their own delay to the access point.
    private double Offset(int user, int other)
    {
        double Delay(int from, string to) => channels.Between(Id(from), to).DelaySamples;
        string own = Id(user), accessPoint = scenario.AccessPoint.Id;
        return (Delay(other, own) - Delay(other, accessPoint) - (Delay(user, own) - Delay(user, accessPoint))) / scenario.Offload.SamplesPerSymbol;
    }

    private string Id(int user) => scenario.Users[user].Site.Id;
}
