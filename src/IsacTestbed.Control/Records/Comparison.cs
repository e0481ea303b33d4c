using System.Text.Json.Serialization;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Records;

/// <summary>One figure of a plan beside what the air made of it, in one round. SI units, linear; dB is for screens.</summary>
/// <param name="Method">The strategy.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Subject">Whom it concerns: a radio, a link, or all of them.</param>
/// <param name="Quantity">What it is, with the equation that predicts it, as in <c>communication SINR (7)</c>.</param>
/// <param name="Unit">Its unit; <see cref="PowerRatioUnit"/> is shown in dB.</param>
/// <param name="Predicted">What the plan expects.</param>
/// <param name="Measured">What was measured; null unless the verdict is valid.</param>
/// <param name="Lower">
/// Lower end of the 95 % interval in which a right prediction lies: by the measurement's error, and by the prediction's own where it rests on
/// sounded quantities that are known no better. Null for what has none, such as a time that was counted.
/// </param>
/// <param name="Upper">Upper end.</param>
/// <param name="Verdict">Whether it may be used.</param>
/// <param name="Reason">Why not, when it may not; empty otherwise.</param>
public sealed record Comparison(
    string Method,
    int Round,
    string Subject,
    string Quantity,
    string Unit,
    double Predicted,
    double? Measured,
    double? Lower,
    double? Upper,
    Verdict Verdict,
    string Reason)
{
    /// <summary>Unit of a ratio of powers.</summary>
    public const string PowerRatioUnit = "power ratio";

    /// <summary>Coverage of every interval.</summary>
    public const double Confidence = 0.95;

    /// <summary>Standard deviations of a normal error to each side of such an interval.</summary>
    public const double Deviations = 1.959964;

    /// <summary>Whether the prediction lies within the interval; null without one.</summary>
    [JsonIgnore]
    public bool? Covers => Measured is not null && Lower is { } lower && Upper is { } upper ? Predicted >= lower && Predicted <= upper : null;

    /// <summary>A measurement as its verdict has it: nothing but a valid one says anything.</summary>
    /// <param name="measured">What was measured, and its interval; the ends are null for what has none.</param>
    /// <param name="verdict">Whether it may be used, and why not.</param>
    public Comparison With((double Value, double? Lower, double? Upper) measured, (Verdict Verdict, string Reason) verdict) =>
        verdict.Verdict == Verdict.Valid
            ? this with { Measured = measured.Value, Lower = measured.Lower, Upper = measured.Upper, Verdict = Verdict.Valid, Reason = string.Empty }
            : this with { Measured = null, Lower = null, Upper = null, Verdict = verdict.Verdict, Reason = verdict.Reason };

    /// <summary>A prediction that nothing has been measured for yet.</summary>
    public static Comparison Expect(string method, int round, string subject, string quantity, string unit, double predicted) =>
        new(method, round, subject, quantity, unit, predicted, null, null, null, Verdict.Faulted, "not measured");
}
