using IsacTestbed.Planning.Iscc;
using static IsacTestbed.Cli.Reproduction.Iscc.SweepResult;

namespace IsacTestbed.Cli.Reproduction.Iscc;

/// <summary>The figures of iscc.</summary>
internal static class IsccFigures
{
    private const string Refined = IsccMethods.Refined;
    private const string Paper = IsccMethods.ScaAdmm;
    private const string Ctem = IsccMethods.TotalEnergy;

    private const string SceneNote =
        "The paper gives neither placement, target position, cross-section nor the fading of H_k. Here: target 50 m from the access point, users uniformly within 50 m of it, 100 m^2 (1 m^2 at 50 m would need 19 dBm of the budget of 10 dBm), Rician fading of 10 dB on the uplink.";

    private const string OptimumNote =
        "Without the time of the upload the best share is 1 / (1 + sqrt(beta)) whatever Q and the latency are (0.76 at beta = 0.1, 0.5 at beta = 1), unless the user's processor forces more. The paper's shares are larger or smaller than that, so what it reports is not the optimum; its energy model agrees with its figures at its own shares.";

    private static readonly SweepFigure[] Sweeps =
    [
        new(
            2,
            "performance over the latency budget",
            "latency / s",
            [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
            v => new IsccScene { LatencySeconds = v },
            r =>
            [
                ("cost at 0.2 s", "0.369", $"{Number(r.At(0.2, Paper).Cost)}; refined {Number(r.At(0.2, Refined).Cost)}"),
                ("cost at 1.0 s", "0.019", $"{Number(r.At(1, Paper).Cost)}; refined {Number(r.At(1, Refined).Cost)}"),
                ("offloaded share from 0.2 to 1.0 s", "0.88 to 0.58", $"{r.At(0.2, Paper).Offloading:F2} to {r.At(1, Paper).Offloading:F2}"),
                ("proposed succeeds fully from", "0.2 s", $"{r.SucceedsFrom(Paper)} s"),
                ("FL succeeds fully from", "1.0 s", $"{r.SucceedsFrom(IsccMethods.FullLocal)} s"),
                ("FO succeeds fully from", "0.3 s", $"{r.SucceedsFrom(IsccMethods.FullOffload)} s"),
                ("HO succeeds fully from", "0.5 s", $"{r.SucceedsFrom(IsccMethods.HalfOffload)} s"),
                ("OFDMA succeeds fully from", "0.6 s", $"{r.SucceedsFrom(IsccMethods.Ofdma)} s"),
                ("saving over FO", "25 to 40 %", r.Saving(Paper, IsccMethods.FullOffload)),
                ("saving over HO at 0.5 s", "57 %", FormattableString.Invariant($"{100 * (1 - (r.At(0.5, Paper).Cost / r.At(0.5, IsccMethods.HalfOffload).Cost)):F0} %")),
                ("cost of CTEM over proposed at 0.3 s", "9.6 times", FormattableString.Invariant($"{r.At(0.3, Ctem).Cost / r.At(0.3, Paper).Cost:F2} times with the true beta; {r.At(0.3, Ctem).UnweightedCost / r.At(0.3, Paper).Cost:F1} times if CTEM is scored with beta = 1")),
            ],
            [
                OptimumNote,
                "\"9.6 times\" is CTEM's cost with beta = 1 over the proposed one's with beta = 0.1: two different objectives. With the true beta CTEM is a few per cent dearer where its share is forced by the processor, and several times where it is free.",
                "FL at 1.0 s and HO at 0.5 s are feasible only with equality: their clocks stand at C^u.",
                "OFDMA with half the band still uploads in time: nothing in the model makes it fail below 0.6 s.",
                SceneNote,
            ]),
        new(
            3,
            "performance over the data size at 0.4 s",
            "Q / bit",
            [1e4, 3e4, 1e5, 3e5, 1e6],
            v => new IsccScene { LatencySeconds = 0.4, TaskBits = v },
            r =>
            [
                ("success of FL at 10^6 bit", "below 100 %", FormattableString.Invariant($"{100 * r.At(1e6, IsccMethods.FullLocal).Success:F0} %")),
                ("success of OFDMA at 10^6 bit", "about 99 %", FormattableString.Invariant($"{100 * r.At(1e6, IsccMethods.Ofdma).Success:F0} %")),
                ("offloaded share at small Q", "near 0", $"{r.At(1e4, Paper).Offloading:F2}"),
                ("offloaded share at 10^6 bit", "0.81", $"{r.At(1e6, Paper).Offloading:F2}"),
                ("proposed is the cheapest at every Q", "yes", Cheapest(r)),
            ],
            [
                OptimumNote,
                "At 10^4 bit the radio takes as much energy as the processors. SCA-ADMM starts at full power and gives it up only slowly, so there it ends well above refined, and fixed schemes that happen to end at other beams can be cheaper.",
                "A share near 0 at small Q is far from the optimum: local and remote energy both fall with Q^3, so their best division does not depend on Q.",
                SceneNote,
            ])
        { Logarithmic = true },
        new(
            4,
            "performance over the users' processors at 0.4 s",
            "C^u / GHz",
            [0.5, 1.0, 1.5, 2.0, 2.5],
            v => new IsccScene { LatencySeconds = 0.4, UeCyclesPerSecond = _ => v * 1e9 },
            r =>
            [
                ("offloaded share from 0.5 to 2.5 GHz", "0.9 to 0.6", $"{r.At(0.5, Paper).Offloading:F2} to {r.At(2.5, Paper).Offloading:F2}"),
                ("proposed succeeds at 0.5 GHz", "100 %", FormattableString.Invariant($"{100 * r.At(0.5, Paper).Success:F0} %")),
                ("OFDMA succeeds at 0.5 GHz", "98.5 %", FormattableString.Invariant($"{100 * r.At(0.5, IsccMethods.Ofdma).Success:F0} %")),
                ("all schemes succeed fully from", "2 GHz", $"FL from {r.SucceedsFrom(IsccMethods.FullLocal)} GHz"),
                ("proposed is the cheapest everywhere", "yes", Cheapest(r)),
            ],
            [
                OptimumNote,
                "FL at 0.4 s needs 1000 cycles/bit x 10^6 bit / 0.4 s = 2.5 GHz, so it cannot succeed at 2 GHz.",
                SceneNote,
            ]),
        new(
            5,
            "performance over the number of users at 0.5 s, C^ap = 20 GHz",
            "users",
            [2, 4, 6, 8, 10],
            v => new IsccScene { LatencySeconds = 0.5, ApCyclesPerSecond = 20e9, Users = (int)v },
            r =>
            [
                ("cost at 10 users", "0.26", $"{Number(r.At(10, Paper).Cost)}; refined {Number(r.At(10, Refined).Cost)}"),
                ("cost of OFDMA at 10 users", "0.68", Number(r.At(10, IsccMethods.Ofdma).Cost)),
                ("cost of CTEM at 10 users", "1.50", FormattableString.Invariant($"{Number(r.At(10, Ctem).Cost)} with the true beta; {Number(r.At(10, Ctem).UnweightedCost)} scored with beta = 1")),
                ("offloaded share from 2 to 10 users", "0.78 to 0.70", $"{r.At(2, Paper).Offloading:F2} to {r.At(10, Paper).Offloading:F2}"),
                ("success of OFDMA at 10 users", "about 55 %", FormattableString.Invariant($"{100 * r.At(10, IsccMethods.Ofdma).Success:F0} %")),
                ("success of FO at 10 users", "begins to fall", FormattableString.Invariant($"{100 * r.At(10, IsccMethods.FullOffload).Success:F0} %")),
                ("success of FL", "0 %", FormattableString.Invariant($"{100 * r.At(10, IsccMethods.FullLocal).Success:F0} %")),
            ],
            [
                OptimumNote,
                "FO with ten users needs ten times 10^9 cycles in a little less than 0.5 s, just above 20 GHz: infeasible as a whole; nine of ten can be served.",
                "The shares of the band under OFDMA follow the paper's words, in proportion to the path loss. A near user among far ones then gets very little band: that costs upload time, but no user fails here.",
                SceneNote,
            ]),
        new(
            6,
            "performance over the power budget at 0.4 s",
            "P_max / dBm",
            [5, 10, 15, 20, 25, 30],
            v => new IsccScene { LatencySeconds = 0.4, MaxPowerDbm = v },
            r =>
            [
                ("offloaded share", "0.81, constant", $"{r.At(5, Paper).Offloading:F2} to {r.At(30, Paper).Offloading:F2}"),
                ("cost over the range", "practically constant", $"{Number(r.At(5, Paper).Cost)} to {Number(r.At(30, Paper).Cost)}"),
                ("the power budget binds", "no, the best power is well below 5 dBm", FormattableString.Invariant($"barely: refined gains {100 * (1 - (r.At(30, Refined).Cost / r.At(5, Refined).Cost)):F1} % from 5 to 30 dBm")),
                ("success of proposed", "100 %", FormattableString.Invariant($"{100 * r.At(5, Paper).Success:F0} % at 5 dBm")),
            ],
            [
                OptimumNote,
                "SCA-ADMM starts at full power and gives it up only slowly, which costs some per cent at 25 and 30 dBm; refined does not.",
                "A shorter upload leaves the access point more time, which saves energy as the cube of the clock, and a milliwatt for some milliseconds costs next to nothing: so the best power is the whole budget at 5 and 10 dBm, against the paper's reading, though the gain is only a few per cent.",
                SceneNote,
            ]),
        new(
            7,
            "performance over the energy cost ratio at 0.2 s, C^u = 5 GHz, C^ap = 50 GHz",
            "beta",
            [0.1, 0.2, 0.5, 1, 2, 5, 10],
            v => new IsccScene { LatencySeconds = 0.2, UeCyclesPerSecond = _ => 5e9, ApCyclesPerSecond = 50e9, EnergyCostRatio = _ => v },
            r =>
            [
                ("offloaded share from beta = 0.1 to 10", "0.6 to 0", $"{r.At(0.1, Paper).Offloading:F2} to {r.At(10, Paper).Offloading:F2}; refined {r.At(0.1, Refined).Offloading:F2} to {r.At(10, Refined).Offloading:F2}"),
                ("share of CTEM", "0.45, flat", $"{r.At(0.1, Ctem).Offloading:F2} to {r.At(10, Ctem).Offloading:F2}"),
                ("cost at beta = 0.1", "0.42", $"{Number(r.At(0.1, Paper).Cost)}; refined {Number(r.At(0.1, Refined).Cost)}"),
                ("cost of CTEM at beta = 0.1", "0.88", Number(r.At(0.1, Ctem).Cost)),
                ("cost at beta = 10 against FL", "equal", $"{Number(r.At(10, Paper).Cost)} against {Number(r.At(10, IsccMethods.FullLocal).Cost)}"),
                ("CTEM meets proposed at beta = 1", "yes", FormattableString.Invariant($"{r.At(1, Ctem).Cost / r.At(1, Paper).Cost:F4} times")),
                ("success of FO at beta = 10", "13.8 %", FormattableString.Invariant($"{100 * r.At(10, IsccMethods.FullOffload).Success:F0} %")),
            ],
            [
                OptimumNote,
                "At beta = 10 the best is to offload 1 / (1 + sqrt(10)) = 0.24: the cost is convex in the share and falls at 0, since the last local cycle is the dearest. The paper's fully local plan costs almost twice that.",
                "beta is in no constraint, so the success of FO, which fixes every share, cannot depend on it: the paper's 13.8 % is not the model's.",
                SceneNote,
            ])
        { Logarithmic = true },
    ];

    /// <summary>Computes a figure.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FigureResult Create(ReproductionOptions options, TextWriter progress, CancellationToken cancellationToken) => options.Figure switch
    {
        8 => HeterogeneityFigure.Create(options, progress, cancellationToken),
        9 => CsiFigure.Create(options, cancellationToken),
        _ => Sweeps.First(f => f.Number == options.Figure).Create(options, progress, cancellationToken),
    };

    private static string Cheapest(SweepResult r)
    {
        string[] dearer =
        [
            .. Scheme.All.Where(s => s.Method is not (Refined or Paper) && r.Values.Any(v => r.At(v, s.Method).Cost < r.At(v, Paper).Cost * (1 - 1e-3))).Select(s => s.Name),
        ];
        return dearer.Length == 0 ? "yes" : $"no: {string.Join(", ", dearer)} somewhere below";
    }
}
