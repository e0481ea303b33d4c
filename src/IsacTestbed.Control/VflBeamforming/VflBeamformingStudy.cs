using System.Numerics;
using IsacTestbed.Control.Arrays;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using IsacTestbed.Dsp.Waveforms;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.VflBeamforming;
using IsacTestbed.Planning.VflBeamforming.Training;

namespace IsacTestbed.Control.VflBeamforming;

/// <summary>
/// vfl-beamforming on the air: sound, plan for the estimated channels, let all base stations send all users' streams at once, compare the SINRs
/// of users and echoes and the rates that follow with what the plan predicted.
/// </summary>
/// <remarks>
/// A base station knows the bearings of its targets, which the paper takes from an earlier observation, and finds the strength and phase of
/// each echo by sounding; all other channels are sounded as they are.
/// </remarks>
public sealed class VflBeamformingStudy : IArrayStudy
{
    /// <summary>Quantity: SINR of a user's stream.</summary>
    public const string UserSinr = "communication SINR (6)";

    /// <summary>Quantity: SINR of a target's echo with the interference as (8) counts it.</summary>
    public const string TargetSinr = "sensing SINR (8)";

    /// <summary>Quantity: the same where other echoes of the cell pass the combiner only as far as (5) lets them.</summary>
    public const string DiscriminatedSinr = "(8) with discrimination";

    /// <summary>Quantity: (8) with all that arrives from the direction of a target, whoever scattered it.</summary>
    public const string BackgroundSinr = "(8) with the background";

    /// <summary>Quantity: what the cell's own streams are of what arrives behind the combiner of (5).</summary>
    public const string EchoSinr = "echo SINR on the air";

    /// <summary>Quantity: R_c.</summary>
    public const string CommunicationRate = "communication rate (7)";

    /// <summary>Quantity: R_s.</summary>
    public const string SensingRate = "sensing rate (9)";

    /// <summary>Quantity: rho R_c + (1 - rho) R_s.</summary>
    public const string Objective = "weighted rate (10)";

    /// <summary>Subject of the rates: all cells together.</summary>
    public const string Network = "network";

    private readonly VflBeamformingScenario _scenario;
    private readonly VflBeamformingPlanner _planner;
    private readonly SymbolPulse _pulse;
    private readonly RoundSounding _sounding;
    private readonly EchoCombiners[] _combiners;
    private readonly Dictionary<string, BeamPolicy> _policies = [];

    /// <summary>Prepares the study.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="planner">The planner.</param>
    /// <exception cref="ConfigurationException">Sounding or downlink do not fit the scenario, or targets cannot be told apart.</exception>
    public VflBeamformingStudy(VflBeamformingScenario scenario, VflBeamformingPlanner planner)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(planner);
        _scenario = scenario;
        _planner = planner;
        Radios =
        [
            .. scenario.Cells.Select(c => new ArrayRadio(c.Station.Id, c.Station.Elements, c.Station.Elements)),
            .. scenario.Cells.SelectMany(c => c.Users.Select(u => new ArrayRadio(u.Id, 0, 1))),
        ];
        _combiners = [.. scenario.Cells.Select(c => new EchoCombiners(c))];
        _pulse = new SymbolPulse(scenario.Downlink.SamplesPerSymbol);
        _sounding = new RoundSounding(scenario.Run, _pulse, Radios);
        scenario.Run.Calendar.Require(_sounding.Ticks + DownlinkTransmission.TicksOf(scenario, _pulse), scenario.Run.Radio.SampleRateHz);
    }

    /// <summary>The strategies that can be executed: all of the planner's.</summary>
    public static IReadOnlyList<string> Methods => VflBeamformingMethods.All;

    /// <inheritdoc/>
    public string Family => "vfl-beamforming";

    /// <inheritdoc/>
    public ArrayRunSection Run => _scenario.Run;

    /// <inheritdoc/>
    public IReadOnlyList<ArrayRadio> Radios { get; }

    /// <inheritdoc/>
    public void Require(IReadOnlyList<string> methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        foreach (string method in methods)
        {
            _ = PolicyOf(method);
        }
    }

    /// <inheritdoc/>
    public async Task<ArrayRound> RunRoundAsync(IArrayBench bench, string method, int round, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bench);
        BeamPolicy? policy = PolicyOf(method);
        long tick = _scenario.Run.Calendar.RoundTick(round);
        SoundedChannels channels = await _sounding.SoundAsync(bench, round, cancellationToken).ConfigureAwait(false);
        if (channels.Judge() is { Verdict: not Verdict.Valid, Reason: var doubt })
        {
            return ArrayRound.Unplanned(method, round, [doubt]);
        }

        VflBeamformingCase problem = CaseOf(channels);
        VflBeamformingPlan plan = (policy is null ? _planner.Solve(problem, method, cancellationToken) : _planner.Run(problem, method, policy)).Plan;
        var transmission = new DownlinkTransmission(_scenario, _pulse, _combiners, channels, plan.Beamformers, round, tick + _sounding.Ticks);
        DownlinkReadings readings = await transmission.ExecuteAsync(bench, cancellationToken).ConfigureAwait(false);
        return new ArrayRound(
            method, round, true, [], new VflBeamformingComparisons(_scenario, _combiners, channels, plan).Of(method, round, readings));
    }

    private BeamPolicy? PolicyOf(string method)
    {
        if (!VflBeamformingMethods.Learned.Contains(method))
        {
            return null;
        }

        if (!_policies.TryGetValue(method, out BeamPolicy? policy))
        {
            (string key, string? file) = method == VflBeamformingMethods.Vfl ? ("vflModel", _scenario.VflModel) : ("perCellModel", _scenario.PerCellModel);
            policy = BeamPolicy.Read(file ?? throw new ConfigurationException(
                "scenario", key, $"the key is missing; method {method} needs a trained checkpoint, train one with: isac train {method}"));
            CellSection cell = _scenario.Cells[0];
            policy.RequireFit(method, _scenario.Cells.Count, cell.Users.Count, cell.Targets.Count, cell.Station.Elements);
            _policies.Add(method, policy);
        }

        return policy;
    }

    // Noise is what sounding found, as no real receiver is told its own; the combiners of (5) have a norm of one and leave it as it is.
    private VflBeamformingCase CaseOf(SoundedChannels channels)
    {
        IReadOnlyList<CellSection> cells = _scenario.Cells;
        ChannelEstimate Between(int station, string receiver) => channels.Between(cells[station].Station.Id, receiver);
        int[] stations = [.. Enumerable.Range(0, cells.Count)];
        return new VflBeamformingCase(
            _scenario.Downlink.PowerWatts,
            stations.Average(n => cells.SelectMany(c => c.Users).Average(u => Between(n, u.Id).NoiseWatts)),
            stations.Average(n => cells.Average(c => Between(n, c.Station.Id).NoiseWatts)),
            _scenario.Downlink.Rho,
            [.. stations.Select(n => cells.Select(c => UserChannels([.. c.Users.Select(u => Between(n, u.Id).Channel)])).ToArray())],
            [.. stations.Select(n => stations.Select(m => n == m
                ? _combiners[m].EchoChannels(Between(m, cells[m].Station.Id).Channel)
                : _combiners[m].NeighbourChannels(Between(n, cells[m].Station.Id).Channel)).ToArray())]);
    }

    // What is sounded is h^H.
    private static ComplexMatrix UserChannels(IReadOnlyList<ComplexMatrix> rows) =>
        ComplexMatrix.Create(rows.Count, rows[0].Columns, (k, i) => Complex.Conjugate(rows[k][0, i]));
}
